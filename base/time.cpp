#include "base/time.hpp"

#include <array>
#include <charconv>
#include <ctime>

namespace rota {
namespace {

using namespace std::chrono;

constexpr int kLastYear = 2261;  // int64 nanoseconds since 1970 end in April 2262

Nanoseconds read_clock(clockid_t clock) {
  timespec value{};
  ::clock_gettime(clock, &value);
  return seconds(value.tv_sec) + nanoseconds(value.tv_nsec);
}

// Takes exactly `digits` decimal digits off the front of text.
std::optional<int> take_number(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return std::nullopt;
  int value = 0;
  for (char c : text.substr(0, digits)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  text.remove_prefix(digits);
  return value;
}

// By hand, since each event of each job has a time: a tenth of what the portal did went into fmt::format.
void put_number(std::string& text, std::size_t at, std::size_t digits, std::int64_t value) {
  for (std::size_t place = at + digits; place-- > at; value /= 10)
    text[place] = static_cast<char>('0' + value % 10);
}

bool take(std::string_view& text, char expected) {
  if (text.empty() || text.front() != expected) return false;
  text.remove_prefix(1);
  return true;
}

// ".5" is 500,000,000 ns; no fraction is 0.
std::optional<nanoseconds> take_fraction(std::string_view& text) {
  if (!take(text, '.')) return nanoseconds(0);
  std::size_t digits = text.find_first_not_of("0123456789");
  if (digits == std::string_view::npos || digits == 0 || digits > 9) return std::nullopt;
  int value = *take_number(text, digits);
  for (; digits < 9; ++digits) value *= 10;
  return nanoseconds(value);
}

}  // namespace

Instant now() {
  return {UtcTime(read_clock(CLOCK_REALTIME)), read_clock(CLOCK_MONOTONIC)};
}

std::string to_rfc3339(UtcTime time) {
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss clock(time - day);
  std::string text = "YYYY-MM-DDThh:mm:ss.fffffffffZ";
  put_number(text, 0, 4, static_cast<int>(date.year()));
  put_number(text, 5, 2, static_cast<unsigned>(date.month()));
  put_number(text, 8, 2, static_cast<unsigned>(date.day()));
  put_number(text, 11, 2, clock.hours().count());
  put_number(text, 14, 2, clock.minutes().count());
  put_number(text, 17, 2, clock.seconds().count());
  put_number(text, 20, 9, clock.subseconds().count());
  return text;
}

std::optional<UtcTime> from_rfc3339(std::string_view text) {
  std::array<int, 6> parts{};
  constexpr std::array<std::size_t, 6> digits{4, 2, 2, 2, 2, 2};
  constexpr std::array<char, 6> after{'-', '-', 'T', ':', ':', '\0'};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto number = take_number(text, digits[i]);
    if (!number || (after[i] != '\0' && !take(text, after[i]))) return std::nullopt;
    parts[i] = *number;
  }
  const auto fraction = take_fraction(text);
  if (!fraction || text != "Z") return std::nullopt;
  const year_month_day date{year(parts[0]), month(static_cast<unsigned>(parts[1])),
                            day(static_cast<unsigned>(parts[2]))};
  const bool in_range =
      parts[0] >= 1970 && parts[0] <= kLastYear && parts[3] < 24 && parts[4] < 60 && parts[5] < 60;
  if (!date.ok() || !in_range) return std::nullopt;
  return UtcTime(sys_days(date) + hours(parts[3]) + minutes(parts[4]) + seconds(parts[5]) + *fraction);
}

}  // namespace rota

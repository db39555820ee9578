#include "protocol/field_rules.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/encoding.hpp"
#include "protocol/file_name.hpp"
#include "protocol/job_id.hpp"

namespace rota::protocol {
namespace {

// The last time that base/time.hpp reads.
constexpr UtcTime kLastTime = std::chrono::sys_days(std::chrono::year(2262) / 1 / 1) - Nanoseconds(1);

constexpr TextRule kEventName{kMaxEventNameBytes};
constexpr TextRule kEventText{kMaxEventTextBytes, Characters::lines};
constexpr TextRule kArgument{kMaxArgumentsBytes, Characters::any_but_nul};

std::string& require_text(Json& json, const Place& place) {
  if (!json.is_string()) fail(ErrorCode::wrong_type, place, "must be a string");
  return json.get_ref<std::string&>();
}

std::string_view words_for(Characters characters) {
  switch (characters) {
    case Characters::any_but_nul:
      return "must not hold NUL characters (\\u0000)";
    case Characters::lines:
      return "must not hold control characters other than newline and tab";
    case Characters::line:
      return "must not hold control characters";
  }
  return {};
}

void require_passes(const TextRule& rule, std::string_view text, const Place& place) {
  if (text.size() > rule.max_bytes) {
    fail(ErrorCode::out_of_range, place,
         fmt::format("is {} bytes long; at most {} are taken", text.size(), rule.max_bytes));
  }
  if (!has_only(text, rule.characters)) fail(ErrorCode::bad_text, place, words_for(rule.characters));
}

void require_text_total(std::size_t total, std::size_t bound, const Place& place) {
  if (total <= bound) return;
  fail(ErrorCode::out_of_range, place,
       fmt::format("holds {} bytes of text; at most {} are taken", total, bound));
}

}  // namespace

void read(const TextRule& rule, Json& json, const Place& place, std::string& value) {
  std::string& text = require_text(json, place);
  require_passes(rule, text, place);
  value = std::move(text);
}

void write(const TextRule& rule, const std::string& value, Fit fit, JsonText& json) {
  json.string(fit == Fit::yes ? fitted(value, rule) : as_utf8(value));
}

void read(JobIdRule, Json& json, const Place& place, std::string& value) {
  std::string& text = require_text(json, place);
  if (!text.empty() && !is_job_id(text)) {
    fail(ErrorCode::bad_text, place,
         "must be a UUID in lower case, such as \"01938c6e-5a00-7abc-8def-0123456789ab\", or be left out");
  }
  value = std::move(text);
}

void write(JobIdRule, const std::string& value, Fit fit, JsonText& json) {
  if (fit == Fit::no) return json.string(as_utf8(value));
  json.string(is_job_id(value) ? value : "");
}

void read(Sha256Rule, Json& json, const Place& place, std::string& value) {
  std::string& text = require_text(json, place);
  if (!text.empty() && !is_sha256(text))
    fail(ErrorCode::bad_text, place,
         "must be a SHA-256 as 64 hexadecimal digits in lower case, or be left out");
  value = std::move(text);
}

void write(Sha256Rule, const std::string& value, Fit fit, JsonText& json) {
  if (fit == Fit::no) return json.string(as_utf8(value));
  json.string(is_sha256(value) ? value : "");
}

void read(FileNameRule, Json& json, const Place& place, std::string& value) {
  std::string& text = require_text(json, place);
  require_valid_file_name(text, place.text());
  value = std::move(text);
}

void write(FileNameRule, const std::string& value, Fit, JsonText& json) {
  json.string(as_utf8(value));
}

void read(FilePathRule, Json& json, const Place& place, std::string& value) {
  std::string& text = require_text(json, place);
  require_valid_file_path(text, place.text());
  value = std::move(text);
}

void write(FilePathRule, const std::string& value, Fit, JsonText& json) {
  json.string(as_utf8(value));
}

void read(FlagRule, Json& json, const Place& place, bool& value) {
  if (!json.is_boolean()) fail(ErrorCode::wrong_type, place, "must be true or false");
  value = json.get<bool>();
}

void write(FlagRule, bool value, Fit, JsonText& json) {
  json.flag(value);
}

void read(TimeRule, Json& json, const Place& place, UtcTime& value) {
  const auto time = from_rfc3339(require_text(json, place));
  if (!time) {
    fail(ErrorCode::bad_text, place,
         "must be a UTC time of the years 1970 to 2261, such as \"2026-11-23T09:01:54.123456789Z\"");
  }
  value = *time;
}

void write(TimeRule, UtcTime value, Fit, JsonText& json) {
  json.string(to_rfc3339(std::clamp(value, UtcTime{}, kLastTime)));
}

std::int64_t read_integer(const IntegerRule& rule, const Json& json, const Place& place) {
  const bool is_huge =
      json.is_number_float() && std::abs(json.get<double>()) >= 0x1p63;  // too long for an integer
  if (!json.is_number_integer() && !is_huge) fail(ErrorCode::wrong_type, place, "must be an integer");
  const bool above =
      is_huge || (json.is_number_unsigned() && std::cmp_greater(json.get<std::uint64_t>(), rule.max));
  const auto value = above ? 0 : json.get<std::int64_t>();
  if (above || value < rule.min || value > rule.max) {
    fail(ErrorCode::out_of_range, place, fmt::format("must be from {} to {}", rule.min, rule.max));
  }
  return value;
}

std::size_t read_choice(std::span<const std::string_view> names, const Json& json, const Place& place) {
  if (!json.is_string()) fail(ErrorCode::wrong_type, place, "must be a string");
  const auto& text = json.get_ref<const std::string&>();
  const auto found = std::find(names.begin(), names.end(), text);
  if (found == names.end()) {
    fail(ErrorCode::unknown_value, place,
         fmt::format("is {}; it must be one of {}", in_quotes(text), fmt::join(names, ", ")));
  }
  return static_cast<std::size_t>(found - names.begin());
}

namespace {

// JSON numbers compare by value, so the type has to be looked at too: 1.0 is not the original's 1.
bool is_choice(const Json& json, int number) {
  return json == std::to_string(number) || (json.is_number_integer() && json == number);
}

}  // namespace

void read(ScheduleRule, Json& json, const Place& place, Schedule& value) {
  if (is_choice(json, 1)) {
    value = Schedule::random;
  } else if (is_choice(json, 2)) {
    value = Schedule::round_robin;
  } else {
    read(ChoiceRule{}, json, place, value);
  }
}

void write(ScheduleRule, Schedule value, Fit fit, JsonText& json) {
  write(ChoiceRule{}, value, fit, json);
}

namespace {

FieldValue read_event_value(Json& json, const Place& place) {
  if (json.is_string()) {
    std::string text;
    read(kEventText, json, place, text);
    return text;
  }
  if (!json.is_number()) fail(ErrorCode::wrong_type, place, "must be an integer or a string");
  constexpr IntegerRule any{std::numeric_limits<std::int64_t>::min(),
                            std::numeric_limits<std::int64_t>::max()};
  return read_integer(any, json, place);
}

}  // namespace

void read(EventFieldsRule, Json& json, const Place& place, EventFields& value) {
  if (!json.is_object()) fail(ErrorCode::wrong_type, place, "must be an object");
  if (json.size() > kMaxEventFields) {
    fail(ErrorCode::out_of_range, place, fmt::format("holds more than {} fields", kMaxEventFields));
  }
  std::size_t text_bytes = 0;
  for (auto& [name, field] : json.get_ref<Json::object_t&>()) {
    const Place field_place(place, name);
    require_passes(kEventName, name, field_place);
    FieldValue& read_value = value[name] = read_event_value(field, field_place);
    if (const auto* text = std::get_if<std::string>(&read_value)) text_bytes += text->size();
  }
  require_text_total(text_bytes, kMaxEventTextBytes, place);
}

// Events are of our own making, so they are always made to fit.
void write(EventFieldsRule, const EventFields& value, Fit, JsonText& json) {
  std::vector<std::string> names;  // two may be cut to the same
  std::size_t room = kMaxEventTextBytes;
  json.begin_object();
  for (const auto& [name, field] : value) {
    if (names.size() == kMaxEventFields) break;
    std::string kept = fitted(name, kEventName);
    if (std::find(names.begin(), names.end(), kept) != names.end()) continue;
    json.name(kept);
    names.push_back(std::move(kept));
    if (const auto* number = std::get_if<std::int64_t>(&field)) {
      json.number(*number);
    } else {
      const std::string text = fitted(std::get<std::string>(field), {room, Characters::lines});
      room -= text.size();
      json.string(text);
    }
  }
  json.end_object();
}

void read(ArgumentsRule, Json& json, const Place& place, std::vector<std::string>& value) {
  read(ListRule<TextRule>{kArgument, kMaxArguments}, json, place, value);
  std::size_t total = 0;
  for (const std::string& argument : value) total += argument.size();
  require_text_total(total, kMaxArgumentsBytes, place);
}

void write(ArgumentsRule, const std::vector<std::string>& value, Fit fit, JsonText& json) {
  write(ListRule<TextRule>{kArgument, kMaxArguments}, value, fit, json);
}

Json::array_t& require_list(Json& json, const Place& place, std::size_t max_elements) {
  if (!json.is_array()) fail(ErrorCode::wrong_type, place, "must be a list");
  if (json.size() > max_elements) {
    fail(ErrorCode::out_of_range, place,
         fmt::format("holds {} elements; at most {} are taken", json.size(), max_elements));
  }
  return json.get_ref<Json::array_t&>();
}

}  // namespace rota::protocol

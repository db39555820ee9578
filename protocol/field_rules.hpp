#pragma once
// What a field's value may be, one rule a kind. Each rule has both directions beside each other:
//   read(rule, json, place, value)  takes JSON that a peer sent; throws ProtocolError;
//   write(rule, value, fit, json)   appends our own value; never throws. With Fit::yes the nearest
//                                   value that passes the rule is written in place of one that does not.

#include <algorithm>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "protocol/bounds.hpp"
#include "protocol/enum_names.hpp"
#include "protocol/event.hpp"
#include "protocol/json_text.hpp"
#include "protocol/json_value.hpp"
#include "protocol/packets.hpp"
#include "protocol/text_rule.hpp"

namespace rota::protocol {

enum class Fit : bool { no, yes };

void read(const TextRule& rule, Json& json, const Place& place, std::string& value);
void write(const TextRule& rule, const std::string& value, Fit fit, JsonText& json);

// A UUID in lower-case text form, or empty where the packet is about no job.
struct JobIdRule {};
void read(JobIdRule rule, Json& json, const Place& place, std::string& value);
void write(JobIdRule rule, const std::string& value, Fit fit, JsonText& json);

// 64 hexadecimal digits in lower case, or empty.
struct Sha256Rule {};
void read(Sha256Rule rule, Json& json, const Place& place, std::string& value);
void write(Sha256Rule rule, const std::string& value, Fit fit, JsonText& json);

// See file_name.hpp.
struct FileNameRule {};
void read(FileNameRule rule, Json& json, const Place& place, std::string& value);
void write(FileNameRule rule, const std::string& value, Fit fit, JsonText& json);

// Likewise, of a file of a project.
struct FilePathRule {};
void read(FilePathRule rule, Json& json, const Place& place, std::string& value);
void write(FilePathRule rule, const std::string& value, Fit fit, JsonText& json);

struct FlagRule {};
void read(FlagRule rule, Json& json, const Place& place, bool& value);
void write(FlagRule rule, bool value, Fit fit, JsonText& json);

// RFC 3339, see base/time.hpp.
struct TimeRule {};
void read(TimeRule rule, Json& json, const Place& place, UtcTime& value);
void write(TimeRule rule, UtcTime value, Fit fit, JsonText& json);

// Both ends belong to the range.
struct IntegerRule {
  std::int64_t min = 0;
  std::int64_t max = kMaxExactInteger;
};
std::int64_t read_integer(const IntegerRule& rule, const Json& json, const Place& place);

template <std::integral T>
void read(const IntegerRule& rule, Json& json, const Place& place, T& value) {
  value = static_cast<T>(read_integer(rule, json, place));
}

template <std::integral T>
void write(const IntegerRule& rule, T value, Fit fit, JsonText& json) {
  if (fit == Fit::yes && std::cmp_less(value, rule.min)) return json.number(rule.min);
  if (fit == Fit::yes && std::cmp_greater(value, rule.max)) return json.number(rule.max);
  json.number(value);
}

// A whole number of Unit; the field's name says which.
template <typename Unit>
struct DurationRule {
  IntegerRule count;
};

template <typename Unit, typename Rep, typename Period>
void read(const DurationRule<Unit>& rule, Json& json, const Place& place,
          std::chrono::duration<Rep, Period>& value) {
  value = Unit(read_integer(rule.count, json, place));
}

template <typename Unit, typename Rep, typename Period>
void write(const DurationRule<Unit>& rule, std::chrono::duration<Rep, Period> value, Fit fit,
           JsonText& json) {
  write(rule.count, std::chrono::duration_cast<Unit>(value).count(), fit, json);
}

// One of an enumeration's names.
struct ChoiceRule {};
std::size_t read_choice(std::span<const std::string_view> names, const Json& json, const Place& place);

template <typename Enum>
requires std::is_enum_v<Enum>
void read(ChoiceRule, Json& json, const Place& place, Enum& value) {
  value = static_cast<Enum>(read_choice(enum_names<Enum>(), json, place));
}

template <typename Enum>
requires std::is_enum_v<Enum>
void write(ChoiceRule, Enum value, Fit, JsonText& json) {
  json.string(to_text(value));
}

// ChoiceRule, and the numbers of the original system's dialogue: 1 is random, 2 is round-robin.
struct ScheduleRule {};
void read(ScheduleRule rule, Json& json, const Place& place, Schedule& value);
void write(ScheduleRule rule, Schedule value, Fit fit, JsonText& json);

// An event's own fields, see bounds.hpp.
struct EventFieldsRule {};
using EventFields = std::map<std::string, FieldValue>;
void read(EventFieldsRule rule, Json& json, const Place& place, EventFields& value);
void write(EventFieldsRule rule, const EventFields& value, Fit fit, JsonText& json);

// A program's arguments: a list of texts with bounds on their number and on all their bytes.
struct ArgumentsRule {};
void read(ArgumentsRule rule, Json& json, const Place& place, std::vector<std::string>& value);
void write(ArgumentsRule rule, const std::vector<std::string>& value, Fit fit, JsonText& json);

template <typename Rule>
struct ListRule {
  Rule element;
  std::size_t max_elements;
};

// Throws unless json is an array of at most max_elements.
Json::array_t& require_list(Json& json, const Place& place, std::size_t max_elements);

template <typename Rule, typename T>
void read(const ListRule<Rule>& rule, Json& json, const Place& place, std::vector<T>& value) {
  Json::array_t& elements = require_list(json, place, rule.max_elements);
  value.resize(elements.size());
  for (std::size_t i = 0; i < elements.size(); ++i)
    read(rule.element, elements[i], Place(place, i), value[i]);
}

template <typename Rule, typename T>
void write(const ListRule<Rule>& rule, const std::vector<T>& value, Fit fit, JsonText& json) {
  const std::size_t count = fit == Fit::yes ? std::min(value.size(), rule.max_elements) : value.size();
  json.begin_list();
  for (std::size_t i = 0; i < count; ++i) write(rule.element, value[i], fit, json);
  json.end_list();
}

}  // namespace rota::protocol

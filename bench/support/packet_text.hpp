#pragma once
// Looks into a packet's text without parsing it: a load generator that took packets apart as carefully as the portal does
// would be measured instead of it. For packets of our own daemons, which begin with `rota`, `type` and `job`.

#include <string>
#include <string_view>

namespace rota::bench {

// The value of the first field of this name that holds a text; empty where there is none. Escapes stay as they are.
inline std::string_view text_field(std::string_view json, std::string_view quoted_name_and_colon) {
  const auto at = json.find(quoted_name_and_colon);
  if (at == std::string_view::npos) return {};
  const auto begin = at + quoted_name_and_colon.size() + 1;  // after the quotation mark
  return json.substr(begin, json.find('"', begin) - begin);
}

inline std::string_view type_of(std::string_view json) {
  return text_field(json, "\"type\":");
}

inline std::string_view job_of(std::string_view json) {
  return text_field(json, "\"job\":");
}

}  // namespace rota::bench

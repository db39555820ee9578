#include "protocol/file_name.hpp"

#include <fmt/format.h>

#include <string>

#include "base/encoding.hpp"
#include "protocol/error.hpp"
#include "protocol/text_rule.hpp"

namespace rota::protocol {
namespace {

// What is wrong with the name, or nothing.
std::string_view fault_of(std::string_view name) {
  if (name.empty()) return "is empty";
  if (name.size() > kMaxFileNameBytes) return "is longer than 128 bytes";
  if (!is_utf8(name)) return "is not UTF-8";
  if (!has_only(name, Characters::line)) return "holds control characters";
  if (name.find_first_of("/\\") != std::string_view::npos) return "holds a '/' or '\\'";
  if (name.front() == '-' || name.front() == '.') return "begins with '-' or '.'";
  return {};
}

}  // namespace

void require_valid_file_name(std::string_view name, std::string_view where) {
  const std::string_view fault = fault_of(name);
  if (fault.empty()) return;
  throw ProtocolError(
      ErrorCode::bad_file_name, std::string(where),
      fmt::format("the file name {} {}; send a plain name such as \"hello.cpp\", without a folder",
                  in_quotes(name), fault));
}

}  // namespace rota::protocol

#include "protocol/file_name.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
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
  if (std::string_view("-.@+").find(name.front()) != std::string_view::npos)
    return "begins with '-', '.', '@' or '+'";
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

void require_valid_file_path(std::string_view path, std::string_view where) {
  if (path.size() > kMaxFilePathBytes ||
      static_cast<std::size_t>(std::count(path.begin(), path.end(), '/')) > kMaxFolders) {
    throw ProtocolError(ErrorCode::bad_file_name, std::string(where),
                        fmt::format("the path is longer than {} bytes or has more than {} folders",
                                    kMaxFilePathBytes, kMaxFolders));
  }
  for (std::size_t slash = path.find('/'); slash != std::string_view::npos; slash = path.find('/')) {
    require_valid_file_name(path.substr(0, slash), where);
    path.remove_prefix(slash + 1);
  }
  require_valid_file_name(path, where);
}

void require_separate_places(const std::vector<std::string_view>& paths, std::string_view where) {
  std::set<std::string_view> files;
  for (const std::string_view path : paths) {
    if (!files.insert(path).second)
      throw ProtocolError(ErrorCode::bad_file_name, std::string(where),
                          fmt::format("the name {} is there twice", in_quotes(path)));
  }
  for (const std::string_view path : paths) {
    for (std::size_t slash = path.find('/'); slash != std::string_view::npos;
         slash = path.find('/', slash + 1)) {
      if (files.contains(path.substr(0, slash)))
        throw ProtocolError(ErrorCode::bad_file_name, std::string(where),
                            fmt::format("{} is both a file and a folder", in_quotes(path.substr(0, slash))));
    }
  }
}

}  // namespace rota::protocol

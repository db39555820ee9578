#include "judge-node/submission_check.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>

#include "base/name_pattern.hpp"
#include "protocol/error.hpp"
#include "protocol/file_name.hpp"

namespace rota::node {
namespace {

using protocol::ErrorCode;
using protocol::ProtocolError;

// The compiler may not write over what was submitted, nor the run find the one under the other's name.
void require_own_name(const Language& language, const std::string& name, const char* where) {
  for (const CompileStep& step : language.compile) {
    for (const std::string& output : step.outputs) {
      // A folder of that name would be in the way as well.
      if (!fits(name, output) && !fits(name.substr(0, name.find('/')), output)) continue;
      throw ProtocolError(ErrorCode::bad_file_name, where,
                          fmt::format("'{}' is the name of what the compiler makes; choose another", name));
    }
  }
}

void check_names(const protocol::Submit& submission, const Language& language,
                 const std::string& source_name) {
  require_own_name(language, source_name, "file_name");
  std::vector<std::string_view> names{source_name};
  for (const protocol::ProjectFile& file : submission.files) {
    require_own_name(language, file.name, "files");
    names.emplace_back(file.name);
  }
  protocol::require_separate_places(names, "files");
}

void check_flags(const std::vector<std::string>& flags, const std::vector<std::string>& allowed,
                 const Language& language, const char* where) {
  for (const std::string& flag : flags) {
    if (is_allowed_flag(flag, allowed)) continue;
    throw ProtocolError(ErrorCode::unknown_value, where,
                        fmt::format("{} takes no flag '{}'; allowed: {}", language.name, flag,
                                    allowed.empty() ? "none" : fmt::to_string(fmt::join(allowed, " "))));
  }
}

void check_environment(const std::vector<std::string>& environment) {
  for (const std::string& entry : environment) {
    if (const auto equals = entry.find('='); equals != std::string::npos && equals > 0) continue;
    throw ProtocolError(ErrorCode::bad_text, "environment", "an entry is not NAME=value");
  }
}

}  // namespace

void check_submission(const protocol::Submit& submission, const Language& language,
                      const std::string& source_name) {
  check_names(submission, language, source_name);
  check_flags(submission.compile_flags, language.compile_flags, language, "compile_flags");
  check_flags(submission.link_flags, language.link_flags, language, "link_flags");
  check_environment(submission.environment);
}

bool is_allowed_flag(std::string_view flag, const std::vector<std::string>& patterns) {
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](const std::string& pattern) { return fits(flag, pattern); });
}

std::vector<std::string> sources_of(const protocol::Submit& submission, const std::string& source_name) {
  const auto extension = std::filesystem::path(source_name).extension();
  std::vector<std::string> sources{source_name};
  for (const protocol::ProjectFile& file : submission.files) {
    if (std::filesystem::path(file.name).extension() == extension) sources.push_back(file.name);
  }
  return sources;
}

}  // namespace rota::node

#include "judge-node/toolchain.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <climits>
#include <filesystem>

#include "sandbox/bind.hpp"

namespace rota::node {
namespace {

namespace fs = std::filesystem;

constexpr const char* kInstalledPackages = "/var/lib/dpkg/status";
constexpr std::size_t kMaxVersionBytes = 32;

bool may_be_missing(const std::string& mount) {
  return mount.starts_with('?');
}

sandbox::Bind bind_of(const std::string& mount) {
  return sandbox::parse_bind(std::string_view(mount).substr(may_be_missing(mount) ? 1 : 0));
}

bool is_there(const fs::path& path) {
  std::error_code problem;
  return fs::exists(path, problem);
}

// Programs of /work are made by the compile; a name without a path is looked up in the box.
bool is_on_host(const std::string& program) {
  return program.starts_with('/') && !program.starts_with("/work/");
}

std::string missing_program(const std::vector<std::string>& argv, const Language& language) {
  if (argv.empty() || !is_on_host(argv.front())) return "";
  return is_there(host_path_of(argv.front(), language.mounts)) ? "" : argv.front();
}

bool is_digit(char character) {
  return character >= '0' && character <= '9';
}

}  // namespace

std::string host_path_of(const std::string& path, const std::vector<std::string>& mounts) {
  if (path.find('/') == std::string::npos) {  // a name is looked up where the box would
    for (const char* folder : {"/usr/local/bin/", "/usr/bin/", "/bin/"}) {
      if (is_there(folder + path)) return folder + path;
    }
  }
  for (const std::string& mount : mounts) {
    const auto [source, target] = bind_of(mount);
    if (path == target || path.starts_with(target + "/")) return source + path.substr(target.size());
  }
  return path;
}

std::string file_identity(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return "absent";
  std::array<char, PATH_MAX> target{};  // a compiler finds its parts by it
  const auto length = std::max<ssize_t>(::readlink(path.c_str(), target.data(), target.size()), 0);
  return fmt::format("{} {} {} {} {}.{:09}", path,
                     std::string_view(target.data(), static_cast<std::size_t>(length)), status.st_ino,
                     status.st_size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec);
}

std::string packages_identity() {
  const auto identity = file_identity(kInstalledPackages);
  return identity == "absent" ? "" : identity;
}

std::vector<std::string> present_mounts(const Language& language) {
  std::vector<std::string> present;
  for (const std::string& mount : language.mounts) {
    if (may_be_missing(mount) && !is_there(bind_of(mount).source)) continue;
    present.push_back(mount.substr(may_be_missing(mount) ? 1 : 0));
  }
  return present;
}

std::string missing_part(const Language& language) {
  for (const std::string& mount : language.mounts) {
    const std::string source = bind_of(mount).source;
    if (!may_be_missing(mount) && !is_there(source)) return source;
  }
  std::string missing = missing_program(language.version, language);
  for (const CompileStep& step : language.compile) {
    if (missing.empty()) missing = missing_program(step.argv, language);
  }
  return missing.empty() ? missing_program(language.run.argv, language) : missing;
}

std::string version_in(std::string_view text) {
  const auto is_part = [](char c) { return is_digit(c) || c == '.'; };
  std::string plain;  // a number without a dot, taken where nothing better comes
  for (auto at = text.begin(); at != text.end();) {
    const auto begin = std::find_if(at, text.end(), is_digit);
    const auto end = std::find_if_not(begin, text.end(), is_part);
    std::string number(begin, end);
    while (number.ends_with('.')) number.pop_back();
    number.resize(std::min(number.size(), kMaxVersionBytes));
    if (number.find('.') != std::string::npos) return number;
    if (plain.empty()) plain = number;
    at = end;
  }
  return plain;
}

}  // namespace rota::node

#include "client/project.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "client/archive.hpp"
#include "client/client_error.hpp"
#include "client/exit_status.hpp"
#include "client/harmless.hpp"
#include "client/input_file.hpp"
#include "protocol/bounds.hpp"
#include "protocol/error.hpp"
#include "protocol/file_name.hpp"

namespace rota::client {
namespace {

namespace fs = std::filesystem;
using Files = std::vector<protocol::ProjectFile>;

// The source may be one of them.
constexpr std::uint64_t kMaxProjectBytes = protocol::kMaxFilesBytes + protocol::kMaxSourceBytes;
constexpr std::size_t kMaxProjectFiles = protocol::kMaxFiles + 1;

constexpr std::array kArchiveEndings{".tar", ".tar.gz", ".tgz", ".tar.xz", ".tar.zst", ".tar.bz2", ".zip"};

bool is_archive(const fs::path& path) {
  const std::string name = path.filename();
  return std::any_of(kArchiveEndings.begin(), kArchiveEndings.end(),
                     [&](const char* ending) { return name.ends_with(ending); });
}

bool is_hidden(const fs::path& path) {
  return path.filename().native().starts_with('.');
}

void add(Files& files, std::string name, std::string content) {
  if (files.size() == kMaxProjectFiles)
    throw ClientError(kNoInput, fmt::format("more than {} files in the project", protocol::kMaxFiles));
  files.push_back({std::move(name), std::move(content)});
}

Files read_folder(const fs::path& folder, const fs::path& prefix) {
  Files files;
  for (auto entry = fs::recursive_directory_iterator(folder); entry != fs::recursive_directory_iterator();
       ++entry) {
    if (is_hidden(entry->path())) {
      entry.disable_recursion_pending();
    } else if (entry->is_symlink() && entry->is_directory()) {
      throw ClientError(kNoInput, fmt::format("{} is a link to a folder; name the folder itself with --with",
                                              harmless_line(entry->path().string())));
    } else if (entry->is_regular_file()) {  // a symlink counts as what it leads to
      const auto name = (prefix / entry->path().lexically_relative(folder)).generic_string();
      add(files, name, read_input(entry->path(), "project file", protocol::kMaxSourceBytes));
    } else if (!entry->is_directory()) {
      throw ClientError(
          kNoInput, fmt::format("{} is neither a file nor a folder", harmless_line(entry->path().string())));
    }
  }
  std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return files;
}

// "./a/./b" is "a/b". Whether what is left may go out, as ".." may not, is looked at with all others.
std::string plain(const std::string& name) {
  fs::path path;
  for (const auto& part : fs::path(name)) {
    if (part != ".") path /= part;
  }
  return path.generic_string();
}

bool has_hidden_part(const fs::path& path) {
  return std::any_of(path.begin(), path.end(),
                     [](const fs::path& part) { return is_hidden(part) && part != "." && part != ".."; });
}

// "project-1.0/" where every name begins with it.
std::string common_folder(const Files& files) {
  if (files.empty()) return "";
  const auto slash = files.front().name.find('/');
  if (slash == std::string::npos) return "";
  const std::string folder = files.front().name.substr(0, slash + 1);
  if (folder == "../") return "";
  const bool common = std::all_of(files.begin(), files.end(),
                                  [&](const auto& file) { return file.name.starts_with(folder); });
  return common ? folder : "";
}

Files read_archive_files(const fs::path& path) {
  Files files;
  read_archive(
      path, kMaxProjectBytes, [](const std::string& name) { return !has_hidden_part(name); },
      [&](const std::string& name, std::string content) { add(files, plain(name), std::move(content)); });
  const std::size_t top = common_folder(files).size();
  for (auto& file : files) file.name.erase(0, top);
  return files;
}

bool is_called_main(const std::string& name) {
  constexpr std::string_view kMain = "main.";
  if (name.ends_with(".h") || name.ends_with(".hpp") || name.ends_with(".hh")) return false;
  return name.find('/') == std::string::npos && name.size() > kMain.size() &&
         std::equal(kMain.begin(), kMain.end(), name.begin(),
                    [](char wanted, char letter) { return (letter | 0x20) == (wanted | 0x20); });
}

std::string find_main(const Files& files) {
  std::vector<std::string> found;
  for (const auto& file : files) {
    if (is_called_main(file.name)) found.push_back(file.name);
  }
  if (found.size() == 1) return found.front();
  throw ClientError(
      kUsage,
      fmt::format("the project has {} file \"main.…\" in its own folder; name the main file with --main",
                  found.empty() ? "no" : "more than one"));
}

}  // namespace

bool is_project(const fs::path& path) {
  std::error_code error;
  return fs::is_directory(path, error) || is_archive(path);
}

Files read_project(const fs::path& path) try {
  return is_archive(path) && !fs::is_directory(path) ? read_archive_files(path) : read_folder(path, "");
} catch (const fs::filesystem_error& error) {
  throw ClientError(kNoInput,
                    fmt::format("project {}: {}", harmless_line(path.string()), error.code().message()));
}

Files read_companion(const fs::path& path) try {
  const fs::path clean = fs::path(path / "").parent_path();  // "lib/" is "lib"
  if (fs::is_directory(clean)) return read_folder(clean, fs::absolute(clean).lexically_normal().filename());
  return {{clean.filename(), read_input(path, "file", protocol::kMaxFilesBytes)}};
} catch (const fs::filesystem_error& error) {
  throw ClientError(kNoInput, fmt::format("{}: {}", harmless_line(path.string()), error.code().message()));
}

void set_main_file(protocol::Submit& submit, Files files, const std::string& main) {
  const std::string name = main.empty() ? find_main(files) : main;
  if (name.find('/') != std::string::npos)
    throw ClientError(
        kUsage,
        fmt::format("--main: {} does not stand in the project's own folder; submit the folder that it "
                    "stands in, and others beside it by --with",
                    harmless_line(name)));
  const auto found =
      std::find_if(files.begin(), files.end(), [&](const auto& file) { return file.name == name; });
  if (found == files.end())
    throw ClientError(kUsage, fmt::format("--main: the project has no file {}", harmless_line(name)));
  submit.file_name = name;
  submit.source = std::move(found->content);
  files.erase(found);
  submit.files = std::move(files);
}

void check_files(const protocol::Submit& submit) try {
  std::size_t bytes = 0;
  std::vector<std::string_view> names{submit.file_name};
  for (const auto& file : submit.files) {
    protocol::require_valid_file_path(file.name, "files");
    names.emplace_back(file.name);
    bytes += file.content.size();
  }
  protocol::require_separate_places(names, "files");
  if (submit.files.size() > protocol::kMaxFiles || bytes > protocol::kMaxFilesBytes)
    throw ClientError(kNoInput,
                      fmt::format("too much beside the main file: {} files with {} MiB together are the most",
                                  protocol::kMaxFiles, protocol::kMaxFilesBytes >> 20));
} catch (const protocol::ProtocolError& error) {
  throw ClientError(kNoInput, error.what());
}

}  // namespace rota::client

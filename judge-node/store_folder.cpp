#include "judge-node/store_folder.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>

#include <array>
#include <memory>
#include <stdexcept>

#include "base/byte_fields.hpp"
#include "base/check.hpp"

namespace rota::node {
namespace {

namespace fs = std::filesystem;

// A FIFO in a file's place is opened at once instead of waited for.
constexpr int kReading = O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY;

struct CloseFolder {
  void operator()(DIR* stream) const { ::closedir(stream); }
};
using FolderStream = std::unique_ptr<DIR, CloseFolder>;

void make_folder(const fs::path& path) {
  const fs::path folder = path.has_filename() ? path : path.parent_path();  // "store/" is "store"
  if (folder.has_parent_path()) fs::create_directories(folder.parent_path());
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) check(-1, "make the folder " + path.string());
}

UniqueFd open_folder(const fs::path& path) {
  make_folder(path);
  UniqueFd folder(check(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC), "open " + path.string()));
  struct stat status {};
  check(::fstat(folder.get(), &status), "stat " + path.string());
  if (status.st_uid == ::geteuid() && (status.st_mode & (S_IWGRP | S_IWOTH)) == 0) return folder;
  throw std::runtime_error(fmt::format(
      "others may write to the folder {}, and programs from there are run: make it this user's, with "
      "mode 0700, or name another one",
      path.string()));
}

template <typename Visit>
void for_each_name(int folder, const Visit& visit) {
  UniqueFd again(check(::openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), "open the store's folder"));
  const FolderStream stream(::fdopendir(again.get()));
  if (!stream) check(-1, "list the store's folder");
  again.release();  // the stream's by now
  errno = 0;        // readdir(3): the only way to tell an error from the end
  while (const dirent* entry = ::readdir(stream.get())) {
    const std::string name = entry->d_name;
    if (name != "." && name != ".." && name != StoreFolder::kLock) visit(name);
    errno = 0;
  }
  if (errno != 0) check(-1, "list the store's folder");
}

bool is_ours(const struct stat& status) {
  return S_ISREG(status.st_mode) && status.st_uid == ::geteuid();
}

std::vector<StoreFolder::File> files_in(int folder) {
  std::vector<StoreFolder::File> files;
  for_each_name(folder, [&](const std::string& name) {
    struct stat status {};
    if (::fstatat(folder, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) return;
    files.push_back({.name = name,
                     .is_ours = is_ours(status),
                     .is_folder = S_ISDIR(status.st_mode),
                     .bytes = static_cast<std::uint64_t>(status.st_size),
                     .used = {status.st_mtim.tv_sec, status.st_mtim.tv_nsec}});
  });
  return files;
}

void require_no_files(int folder, const fs::path& path) {
  for (const StoreFolder::File& file : files_in(folder)) {
    if (file.is_folder) continue;  // such as lost+found
    throw std::runtime_error(fmt::format(
        "the folder {} holds files, but is no program store: name an empty or a new folder", path.string()));
  }
}

UniqueFd lock_folder(int folder, const fs::path& path) {
  UniqueFd lock(::openat(folder, StoreFolder::kLock, kReading));
  if (!lock && errno == ENOENT) {
    require_no_files(folder, path);
    lock.reset(::openat(folder, StoreFolder::kLock, kReading | O_CREAT, 0600));
  }
  check(lock.get(), fmt::format("open {}/{}", path.string(), StoreFolder::kLock));
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) == 0) return lock;
  if (errno != EWOULDBLOCK) check(-1, "lock the folder " + path.string());
  throw std::runtime_error(
      fmt::format("another process uses the folder {}: stop that one, or name another folder for this one",
                  path.string()));
}

// What this process lacks says nothing about the file.
[[noreturn]] void fail_to_read(const char* what) {
  const std::system_error problem(errno, std::generic_category(), what);
  for (const int shortage : {EMFILE, ENFILE, ENOMEM}) {
    if (problem.code().value() == shortage) throw problem;
  }
  throw BadBytes(problem.what());
}

std::string read_whole(int file, std::uint64_t size) {
  std::string bytes(size, '\0');
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t count = ::pread(file, bytes.data() + done, bytes.size() - done, static_cast<off_t>(done));
    if (count < 0) fail_to_read("it cannot be read");
    if (count == 0) break;
    done += static_cast<std::size_t>(count);
  }
  bytes.resize(done);
  return bytes;
}

void write_whole(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    bytes.remove_prefix(static_cast<std::size_t>(check(::write(file, bytes.data(), bytes.size()), "write")));
  }
}

// The kernel's own time stamps stand still for milliseconds (a tick), in which many programs may be used.
std::array<timespec, 2> times_of_use() {
  timespec now{};
  check(::clock_gettime(CLOCK_REALTIME, &now), "read the clock");
  return {now, now};
}

}  // namespace

StoreFolder::StoreFolder(fs::path path)
    : path_(std::move(path)), folder_(open_folder(path_)), lock_(lock_folder(folder_.get(), path_)) {}

std::vector<StoreFolder::File> StoreFolder::files() const {
  return files_in(folder_.get());
}

std::string StoreFolder::read(const std::string& name, std::uint64_t max_bytes) const {
  const UniqueFd file(::openat(folder_.get(), name.c_str(), kReading));
  if (!file) fail_to_read("it cannot be opened");
  struct stat status {};
  check(::fstat(file.get(), &status), "stat " + name);
  if (!is_ours(status)) throw BadBytes("it is not a regular file of this user's");
  const auto size = static_cast<std::uint64_t>(status.st_size);
  if (size > max_bytes) throw BadBytes(fmt::format("its {} bytes pass the bound of {}", size, max_bytes));
  return read_whole(file.get(), size);
}

void StoreFolder::write(const std::string& name, std::string_view bytes) {
  remove(kTemporary);  // where an earlier one could not be removed
  try {
    constexpr int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    const UniqueFd file(check(::openat(folder_.get(), kTemporary, flags, 0600), "create a file"));
    write_whole(file.get(), bytes);
    check(::futimens(file.get(), times_of_use().data()), "set the time of use");
    check(::renameat(folder_.get(), kTemporary, folder_.get(), name.c_str()), "rename to " + name);
  } catch (...) {
    ::unlinkat(folder_.get(), kTemporary, 0);
    throw;
  }
}

void StoreFolder::remove(const std::string& name) {
  if (::unlinkat(folder_.get(), name.c_str(), 0) != 0 && errno != ENOENT) check(-1, "remove " + name);
}

void StoreFolder::mark_used(const std::string& name) {
  ::utimensat(folder_.get(), name.c_str(), times_of_use().data(), AT_SYMLINK_NOFOLLOW);
}

}  // namespace rota::node

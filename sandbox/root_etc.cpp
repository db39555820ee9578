// What stands in the box's /etc: only what compilers and runtimes read. Accounts are made up; nothing of the
// host's own users, services or secrets is copied.

#include <filesystem>
#include <fstream>
#include <iterator>

#include "sandbox/root.hpp"

namespace rota::sandbox {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kMaxCopiedBytes = 1 << 20;
constexpr std::size_t kMaxAlternatives = 4096;

void copy_file(std::vector<EtcFile>& files, const fs::path& name) {
  const fs::path source = fs::path("/etc") / name;
  std::error_code error;
  if (!fs::is_regular_file(source, error) || fs::file_size(source, error) > kMaxCopiedBytes) return;
  std::ifstream in(source, std::ios::binary);
  files.push_back({name, std::string(std::istreambuf_iterator<char>(in), {}), false});
}

void copy_loader_configuration(std::vector<EtcFile>& files) {
  copy_file(files, "ld.so.cache");
  copy_file(files, "ld.so.conf");
  std::error_code error;
  for (const auto& entry : fs::directory_iterator("/etc/ld.so.conf.d", error)) {
    copy_file(files, fs::path("ld.so.conf.d") / entry.path().filename());
  }
}

// Debian's /usr/bin/c++, awk, java and others are links into here.
void copy_alternatives(std::vector<EtcFile>& files) {
  std::error_code error;
  std::size_t count = 0;
  for (const auto& entry : fs::directory_iterator("/etc/alternatives", error)) {
    if (!entry.is_symlink() || ++count > kMaxAlternatives) continue;
    files.push_back(
        {fs::path("alternatives") / entry.path().filename(), fs::read_symlink(entry.path()), true});
  }
}

void make_accounts(std::vector<EtcFile>& files, const Identity& identity) {
  const std::string uid = std::to_string(identity.uid);
  const std::string gid = std::to_string(identity.gid);
  files.push_back(
      {"passwd", "root:x:0:0:root:/:/usr/sbin/nologin\nbox:x:" + uid + ":" + gid + ":box:/work:/bin/sh\n"});
  files.push_back({"group", "root:x:0:\nbox:x:" + gid + ":\n"});
  files.push_back({"nsswitch.conf", "passwd: files\ngroup: files\nhosts: files\n"});
}

}  // namespace

std::vector<EtcFile> collect_etc(const RootOptions& options, const Identity& identity) {
  std::vector<EtcFile> files;
  make_accounts(files, identity);
  files.push_back({"hosts", "127.0.0.1 localhost\n::1 localhost\n127.0.0.1 " + options.host_name + "\n"});
  copy_file(files, "localtime");
  copy_loader_configuration(files);
  copy_alternatives(files);
  return files;
}

}  // namespace rota::sandbox

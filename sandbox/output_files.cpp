#include "sandbox/output_files.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <memory>
#include <string_view>

#include "base/check.hpp"
#include "sandbox/syscalls.hpp"

namespace rota::sandbox {
namespace {

constexpr std::size_t kMaxDetailBytes = 4 << 10;

// pattern: with one '*'.
bool matches(std::string_view name, std::string_view pattern) {
  const auto star = pattern.find('*');
  const auto before = pattern.substr(0, star);
  const auto after = pattern.substr(star + 1);
  return name.size() >= before.size() + after.size() && name.starts_with(before) && name.ends_with(after);
}

// In alphabetical order. Folders of that name are none of the matches, links and devices are: collect() refuses them.
std::vector<std::string> names_matching(int work, std::string_view pattern) {
  UniqueFd folder(check(::openat(work, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), "list /work"));
  const std::unique_ptr<DIR, int (*)(DIR*)> list(::fdopendir(folder.get()), ::closedir);
  if (!list) return {};
  folder.release();
  std::vector<std::string> names;
  while (const dirent* entry = ::readdir(list.get())) {
    const std::string_view name = entry->d_name;
    if (entry->d_type != DT_DIR && name != "." && name != ".." && matches(name, pattern))
      names.emplace_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

// Nobody can change /work any more, and the name is resolved by rules that no link, mount or device gets past.
void collect(int work, const std::string& name, const RunSpec& spec, RunReply& reply) {
  constexpr std::uint64_t kFlags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
  constexpr std::uint64_t kResolve =
      RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_XDEV;
  UniqueFd file(open_beneath(work, name.c_str(), kFlags, kResolve));
  if (!file && errno == ENOENT) return;
  struct stat status {};
  if (!file || ::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
    return add_detail(reply.report, "output file " + name + " is not a regular file");
  }
  const auto size = static_cast<std::uint64_t>(status.st_size);
  if (size <= spec.output_file_bytes) return reply.outputs.push_back({name, std::move(file), size});
  add_detail(reply.report, "output file " + name + " passes the bound of " +
                               std::to_string(spec.output_file_bytes) + " bytes");
}

}  // namespace

void add_detail(protocol::StepReport& report, const std::string& words) {
  if (report.detail.size() + words.size() > kMaxDetailBytes) return;
  report.detail += (report.detail.empty() ? "" : "; ") + words;
}

void collect_outputs(int work, const RunSpec& spec, RunReply& reply) {
  for (const std::string& asked : spec.outputs) {
    const bool is_pattern = asked.find('*') != std::string::npos;
    for (const std::string& name : is_pattern ? names_matching(work, asked) : std::vector{asked}) {
      if (reply.outputs.size() == kMaxOutputs)
        return add_detail(reply.report, "more than " + std::to_string(kMaxOutputs) + " output files");
      collect(work, name, spec, reply);
    }
  }
}

}  // namespace rota::sandbox

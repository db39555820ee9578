#include "sandbox/output_files.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <memory>
#include <string_view>

#include "base/name_pattern.hpp"
#include "sandbox/syscalls.hpp"

namespace rota::sandbox {
namespace {

constexpr std::size_t kMaxDetailBytes = 4 << 10;

// The names that fit a pattern in a folder of /work and those below it, links never followed. In alphabetical order. Folders
// are none of them; links and devices are: collect() refuses them.
class Matches {
 public:
  Matches(int work, std::string_view pattern) : work_(work), pattern_(pattern) { list(".", "", 0); }

  std::vector<std::string> take() {
    std::sort(names_.begin(), names_.end());
    return std::move(names_);
  }

 private:
  void list(const char* folder, const std::string& prefix, int depth) {
    constexpr std::uint64_t kResolve =
        RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_XDEV;
    UniqueFd opened(open_beneath(work_, folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, kResolve));
    const std::unique_ptr<DIR, int (*)(DIR*)> entries(opened ? ::fdopendir(opened.get()) : nullptr,
                                                      ::closedir);
    if (!entries) return;
    opened.release();
    while (const dirent* entry = ::readdir(entries.get())) {
      const std::string_view name = entry->d_name;
      if (name == "." || name == ".." || ++seen_ > kMaxSeen) continue;
      look_at(prefix + std::string(name), entry->d_type, depth);
    }
  }

  void look_at(const std::string& path, unsigned char type, int depth) {
    if (path.size() > kMaxFileNameBytes) return;
    if (type != DT_DIR) {
      if (fits(path, pattern_)) names_.push_back(path);
    } else if (depth < kMaxDepth) {
      list(path.c_str(), path + "/", depth + 1);
    }
  }

  static constexpr int kMaxDepth = 16;
  static constexpr std::size_t kMaxSeen = 20'000;  // entries that are looked at

  int work_;
  std::string_view pattern_;
  std::vector<std::string> names_;
  std::size_t seen_ = 0;
};

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
    for (const std::string& name : is_pattern ? Matches(work, asked).take() : std::vector{asked}) {
      if (reply.outputs.size() == kMaxOutputs)
        return add_detail(reply.report, "more than " + std::to_string(kMaxOutputs) + " output files");
      collect(work, name, spec, reply);
    }
  }
}

}  // namespace rota::sandbox

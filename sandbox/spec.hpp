#pragma once
// What a box is asked to do, and what it answers. The same structs serve the node (through client.hpp) and
// the `rota-box run` command.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/unique_fd.hpp"
#include "protocol/limits.hpp"
#include "protocol/step_report.hpp"

namespace rota::sandbox {

// Bounds of one request; they keep a request within one seqpacket message and SCM_MAX_FD (253, see unix(7)).
inline constexpr std::size_t kMaxArgumentBytes = 144 << 10;  // argv and environment together
inline constexpr std::size_t kMaxOneArgumentBytes =
    (128 << 10) - 1;                                    // the kernel's MAX_ARG_STRLEN, without the NUL
inline constexpr std::uint64_t kMaxBytes = 1ull << 40;  // of any limit in bytes, and of all inputs together
inline constexpr std::size_t kMaxInputs = 200;
inline constexpr std::size_t kMaxOutputs = 200;  // that a run brings out, and patterns that ask for them
inline constexpr std::size_t kMaxFileNameBytes = 255;
inline constexpr std::size_t kMaxNamesBytes = 32 << 10;  // of all inputs and outputs together

// A file that stands in /work before the program starts.
struct InputFile {
  std::string name;  // a file name, or a path beneath /work ("src/util.h") whose folders are made
  // Borrowed. Copied from offset 0 to its end by sendfile(2) with an offset of its own, so that one
  // descriptor can serve many runs.
  int fd = -1;
  bool executable = false;
};

struct RunSpec {
  std::vector<std::string> argv;         // argv[0] is an absolute path or is looked up in the box's PATH
  std::vector<std::string> environment;  // "NAME=value", added to the box's minimal environment
  // The program itself (-1: argv[0] names it); borrowed. It is executed as it is, without a copy, and argv[0] is only
  // what it is told of its name. An ELF file in a memfd: a script has no name that its interpreter could open, and
  // Landlock lets nothing be executed that stands in a folder outside of the box.
  int program_fd = -1;
  std::vector<InputFile> inputs;
  // Files of /work to bring out after the program ended: names in the folder itself, or with one '*' for any part, which then
  // may lie in folders below ("*.class" finds "util/Helper.class"). Absent ones are skipped, what is not a regular file is said in the report, and a run that has passed a limit brings out none.
  std::vector<std::string> outputs;
  // A larger output is not brought out and said in the report.
  std::uint64_t output_file_bytes = 256ull << 20;
  protocol::Limits limits;
  // RLIMIT_AS of each process, for languages whose programs should see malloc fail where memory is scarce instead of
  // being ended; 0: none, but see limits where there is no cgroup.
  std::uint64_t address_space_bytes = 0;
  // For programs that reserve far more address space than they use, as Java's do: where there is no cgroup, RLIMIT_DATA
  // stands in for RLIMIT_AS.
  bool free_address_space = false;
  // Borrowed. stdin is given to the program as it is (-1: /dev/null): its offset moves, and a program may
  // open it anew through /proc/self/fd, so pass a sealed memfd (F_SEAL_WRITE) or a pipe. The program's stdout
  // and stderr are pipes of the box's own; what comes out of them, up to the limit, is written to these (-1:
  // dropped), which may be memfds, files, pipes or sockets.
  int stdin_fd = -1;
  int stdout_fd = -1;
  int stderr_fd = -1;
};

// What is wrong with the spec (a bound passed, a bad name, an impossible limit), or nullopt.
std::optional<std::string> find_problem(const RunSpec& spec);

// A regular file from /work, opened inside the box beneath it, without following any link (openat2(2)).
// Readable only. Its pages are memory of the box's until the last descriptor closes: copy what is to be kept.
struct OutputFile {
  std::string name;
  UniqueFd file;
  std::uint64_t size = 0;
};

struct RunReply {
  protocol::StepReport report;
  std::vector<OutputFile> outputs;
};

// One wall of the sandbox and whether it stands on this host.
struct Layer {
  std::string name;  // "pid-namespace", "seccomp", "memory-cgroup", …
  bool active = false;
  std::string reason;  // why not, or how ("cgroup v1", "user namespace")
  // Whether it should stand on a host like this, so that its absence is a fault. Not expected is what cannot be had
  // here by design, such as what an ordinary user has no right to, or what the operator has switched off.
  bool expected = true;
};

}  // namespace rota::sandbox

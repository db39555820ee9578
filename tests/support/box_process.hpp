#pragma once
// A real `rota-box serve` for a test, and runs in it.

#include <sys/types.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/unique_fd.hpp"
#include "sandbox/client.hpp"
#include "tests/support/processes.hpp"

namespace rota::sandbox::test {

using rota::test::becomes_true;
using rota::test::cgroups_of_box;
using rota::test::children_of;
using rota::test::descendants_of;
using rota::test::have_ended;
using rota::test::watch;

struct Outcome {
  protocol::StepReport report;
  std::string out, err;
  std::map<std::string, std::string> files;  // the outputs' contents
};

// A sealed-away copy of bytes as a descriptor at offset 0.
UniqueFd make_memfd(std::string_view bytes);
std::string read_all(int fd);
std::string read_file(const std::string& path);

enum class Starter {
  as_we_are,
  ordinary_user,    // as root, user 65534; otherwise as we are
  without_cgroups,  // as root, in a mount namespace in which no cgroup hierarchy is mounted
  hidden_proc,      // as root, in one whose /proc shows nobody the processes of others
  ordinary_user_with_hidden_proc,
  without_sys_nice,  // as root, which may have no real-time priority
};

class BoxProcess {
 public:
  // Throws where the box refuses, which it does not for want of cgroups unless that is what the starter is about.
  explicit BoxProcess(std::vector<std::string> flags = {}, Starter starter = Starter::as_we_are);
  ~BoxProcess();  // closes the socket and waits for the end
  BoxProcess(const BoxProcess&) = delete;
  BoxProcess& operator=(const BoxProcess&) = delete;

  pid_t pid() const { return pid_; }
  BoxClient& client() { return *client_; }
  const std::vector<Layer>& layers() const { return layers_; }
  bool has_layer(const std::string& name) const;
  std::string why_not(const std::string& name) const;

  // Runs to the end; stdout and stderr are caught. A spec's own sinks are left as they are.
  Outcome run(RunSpec spec);
  Outcome run(std::vector<std::string> argv);

  // For tests that interfere: start, act, then wait for the answer. Throws BoxGone,
  // or runtime_error after a minute.
  RunReply wait_for_reply();

  // Process 1 of the run in progress and its payload, in our numbering; both wait until the payload is there.
  pid_t wait_for_init() const;
  pid_t wait_for_payload() const;
  bool has_payload() const;

  // Closes our end and gives the box's wait status.
  int close_and_wait();
  int wait_for_end();

 private:
  BoxMessage wait_for_message();
  std::optional<std::pair<pid_t, pid_t>> find_run() const;
  std::pair<pid_t, pid_t> wait_for_run() const;

  pid_t pid_ = -1;
  std::optional<BoxClient> client_;
  std::vector<Layer> layers_;
};

// Where a layer is missing the outcome is another one: that is said, not passed over.
#define NEEDS_LAYER(box, name) \
  if (!(box).has_layer(name)) GTEST_SKIP() << "NOT TESTED, " << (box).why_not(name)

}  // namespace rota::sandbox::test

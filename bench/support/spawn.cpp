#include "bench/support/spawn.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <stdexcept>
#include <system_error>

#include "base/check.hpp"

namespace rota::bench {
namespace {

// posix_spawn's functions return the error instead of setting errno.
void check_spawn(int error, const std::string& what) {
  if (error != 0) throw std::system_error(error, std::generic_category(), what);
}

class FileActions {
 public:
  FileActions() { check_spawn(::posix_spawn_file_actions_init(&actions_), "prepare spawn"); }
  ~FileActions() { ::posix_spawn_file_actions_destroy(&actions_); }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;

  void open_null(int fd, int flags) {
    check_spawn(::posix_spawn_file_actions_addopen(&actions_, fd, "/dev/null", flags, 0), "prepare spawn");
  }
  const posix_spawn_file_actions_t* raw() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_;
};

std::vector<char*> pointers_to(const std::vector<std::string>& argv) {
  std::vector<char*> pointers;
  pointers.reserve(argv.size() + 1);
  for (const std::string& argument : argv) pointers.push_back(const_cast<char*>(argument.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

}  // namespace

void spawn_and_wait(const std::vector<std::string>& argv) {
  FileActions actions;
  actions.open_null(STDIN_FILENO, O_RDONLY);
  actions.open_null(STDOUT_FILENO, O_WRONLY);
  const std::vector<char*> arguments = pointers_to(argv);
  pid_t pid = -1;
  check_spawn(::posix_spawn(&pid, argv[0].c_str(), actions.raw(), nullptr, arguments.data(), environ),
              "start " + argv[0]);
  int status = 0;
  check(::waitpid(pid, &status, 0), "wait for " + argv[0]);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) throw std::runtime_error(argv[0] + " failed");
}

}  // namespace rota::bench

// rota doctor: whether this machine can be a judge node: the layers of the sandbox, the self-test, and the languages whose
// toolchains are here, with the packages that bring those that are not.

#include <deque>
#include <filesystem>
#include <memory>
#include <optional>

#include "client/interruptible_loop.hpp"
#include "client/setting_flags.hpp"
#include "client/sibling.hpp"
#include "client/verbs.hpp"
#include "net/subprocess.hpp"

namespace rota::client {
namespace {

// Programs one after the other, with our own output; ends with the first status that is not 0.
class Checks {
 public:
  Checks(InterruptibleLoop& loop, std::deque<std::vector<std::string>> commands)
      : loop_(loop), commands_(std::move(commands)) {
    start_next();
  }

 private:
  void start_next() {
    if (commands_.empty()) return loop_.finish(0);
    process_.emplace(loop_.loop(), commands_.front(), std::vector<int>{-1, 1, 2},
                     [this](int status) { ended(status); });
    commands_.pop_front();
  }

  void ended(int status) {
    if (status != 0) return loop_.finish(status);
    start_next();
  }

  InterruptibleLoop& loop_;
  std::deque<std::vector<std::string>> commands_;
  std::optional<net::Subprocess> process_;
};

int check_machine(const Settings& settings) {
  const auto find = [](const char* name) { return sibling(name, "to look at this machine").string(); };
  InterruptibleLoop loop;
  const std::string host_cache = settings.cache / "host";
  Checks checks(loop, {{find("rota-box"), "doctor"},
                       {find("rota-node"), "--check", "--slots", "1", "--host-cache", host_cache}});
  return loop.run();
}

}  // namespace

void add_doctor_verb(CLI::App& app, Invocation& invocation) {
  auto* verb =
      app.add_subcommand("doctor", "Tell what this machine can do as a judge node, and what it lacks");
  verb->footer(
      "Prints the walls of the sandbox, then each language with its version, or with the package that brings "
      "it.\n"
      "What the nodes of a cluster have is listed by rota nodes --languages.");
  verb->callback([&invocation] { invocation.run = [] { return check_machine(SettingFlags().load()); }; });
}

}  // namespace rota::client

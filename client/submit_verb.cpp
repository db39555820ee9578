// rota submit FILE: one submission through the configured portal.

#include <memory>
#include <utility>

#include "client/delivery.hpp"
#include "client/exit_status.hpp"
#include "client/setting_flags.hpp"
#include "client/submission.hpp"
#include "client/verbs.hpp"

namespace rota::client {
namespace {

struct SubmitVerb {
  SettingFlags flags;
  SubmissionOptions options;
  bool detach = false;

  int run() {
    const auto settings = flags.load();
    const auto& portals = required_portals(settings);
    auto submit = make_submit(options);
    submit.schedule = settings.schedule;
    ClientLog log(settings.log);
    InterruptibleLoop loop;
    auto how = delivery_options(options.waiting, settings);
    how.detach = detach;
    Delivery delivery(loop, log, std::move(how));
    delivery.start(portals, std::move(submit));
    return delivery.run();
  }
};

}  // namespace

void add_submit_verb(CLI::App& app, Invocation& invocation) {
  auto* verb = app.add_subcommand("submit", "Compile and run a source file on a judge node");
  auto state = std::make_shared<SubmitVerb>();
  add_submission_options(*verb, state->options);
  verb->add_flag("--detach", state->detach,
                 "Print the job's id on stdout once a portal has accepted it, and leave; see rota wait")
      ->excludes("--json")
      ->excludes("--events");
  state->flags.add_schedule_to(*verb);
  state->flags.add_to(*verb);
  verb->footer(std::string("Arguments of the program may also stand behind --.\n\n") + exit_status_help() +
               "\n\nExamples:\n"
               "  rota submit hello.cpp --portal 127.0.0.1:4000\n"
               "  rota submit sum.py --stdin numbers.txt --cpu 1s --memory 64M\n"
               "  rota submit args.c --events -- one 'two words' -three\n"
               "  rota submit main.cpp --json | jq .verdict\n"
               "  rota submit long.cpp --detach --label gpu --priority 3");
  verb->callback([state, &invocation] {
    for (auto& argument : std::exchange(invocation.trailing, {}))
      state->options.arguments.push_back(argument);
    invocation.run = [state] { return state->run(); };
  });
}

}  // namespace rota::client

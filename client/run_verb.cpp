// rota run FILE: as submit; where no portal is configured, with a private portal and node for the time of the
// call.

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "client/client_error.hpp"
#include "client/delivery.hpp"
#include "client/exit_status.hpp"
#include "client/private_cluster.hpp"
#include "client/setting_flags.hpp"
#include "client/submission.hpp"
#include "client/verbs.hpp"

namespace rota::client {
namespace {

struct RunVerb {
  SettingFlags flags;
  SubmissionOptions options;
  std::vector<std::string> allow_missing;

  int run() {
    const auto settings = flags.load();
    auto submit = make_submit(options);
    submit.schedule = settings.schedule;
    ClientLog log(settings.log);
    InterruptibleLoop loop;
    Delivery delivery(loop, log, delivery_options(options.waiting, settings));
    if (!settings.portals.empty()) {
      delivery.start(settings.portals, std::move(submit));
      return delivery.run();
    }
    if (!options.labels.empty()) {
      throw ClientError(kUsage,
                        "--label is for the nodes of a cluster; name its portal with --portal HOST:PORT");
    }
    const auto wanted = submit.language.empty() ? submit.file_name : submit.language;
    PrivateCluster cluster(loop, {allow_missing, settings.cache / "host", wanted},
                           [&](const net::Address& portal) { delivery.start({portal}, std::move(submit)); });
    return delivery.run();
  }
};

}  // namespace

void add_run_verb(CLI::App& app, Invocation& invocation) {
  auto* verb = app.add_subcommand(
      "run", "As submit, but needs no portal: starts a private one where none is configured");
  auto state = std::make_shared<RunVerb>();
  add_submission_options(*verb, state->options);
  state->flags.add_schedule_to(*verb);
  state->flags.add_to(*verb);
  verb->add_option(
          "--allow-missing", state->allow_missing,
          "Run on the private node also where this layer of the sandbox is missing (rota-box doctor lists "
          "them); repeatable")
      ->allow_extra_args(false)
      ->option_text("LAYER");
  verb->footer(
      std::string("The private portal and node listen on 127.0.0.1 only and end with the call. Arguments of "
                  "the\nprogram may also stand behind --.\n\n") +
      exit_status_help() +
      "\n\nExamples:\n"
      "  rota run hello.cpp\n"
      "  echo 2 3 | rota run sum.py --stdin -\n"
      "  rota run slow.c --cpu 1s --events");
  verb->callback([state, &invocation] {
    for (auto& argument : std::exchange(invocation.trailing, {}))
      state->options.arguments.push_back(argument);
    invocation.run = [state] { return state->run(); };
  });
}

}  // namespace rota::client

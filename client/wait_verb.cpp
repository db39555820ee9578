// rota wait ID: the answer to a job that was submitted before. Leaving does not touch the job.

#include <memory>

#include "client/delivery.hpp"
#include "client/exit_status.hpp"
#include "client/job_id_option.hpp"
#include "client/setting_flags.hpp"
#include "client/verbs.hpp"
#include "client/waiting_options.hpp"

namespace rota::client {
namespace {

struct WaitVerb {
  SettingFlags flags;
  std::string job;
  WaitingOptions options;

  int run() const {
    require_job_id(job, "ID");
    const auto settings = flags.load();
    const auto& portals = required_portals(settings);
    ClientLog log(settings.log);
    InterruptibleLoop loop;
    Delivery delivery(loop, log, delivery_options(options, settings));
    delivery.start(portals, protocol::Wait{job, options.report.events});
    return delivery.run();
  }
};

}  // namespace

void add_wait_verb(CLI::App& app, Invocation& invocation) {
  auto* verb =
      app.add_subcommand("wait", "Wait for a job that was submitted before, and show what came of it");
  auto state = std::make_shared<WaitVerb>();
  verb->add_option("ID", state->job, "The job, as submit --detach has printed it")->required();
  add_waiting_options(*verb, state->options);
  state->flags.add_to(*verb);
  verb->footer(std::string("Ctrl-C ends the wait, not the job.\n\n") + exit_status_help() +
               "\n\nExamples:\n"
               "  rota wait 01890a5d-ac96-774b-bcce-b302099a8057\n"
               "  job=$(rota submit hello.cpp --detach) && rota wait $job --events");
  verb->callback([state, &invocation] { invocation.run = [state] { return state->run(); }; });
}

}  // namespace rota::client

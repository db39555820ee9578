// rota cancel ID: ends a job wherever it is, and tells what its final state is.

#include <unistd.h>

#include <memory>

#include "client/client_error.hpp"
#include "client/console.hpp"
#include "client/credentials.hpp"
#include "client/exit_status.hpp"
#include "client/harmless.hpp"
#include "client/interruptible_loop.hpp"
#include "client/job_id_option.hpp"
#include "client/patient_job.hpp"
#include "client/report.hpp"
#include "client/setting_flags.hpp"
#include "client/verbs.hpp"
#include "protocol/conversion.hpp"

namespace rota::client {
namespace {

struct CancelVerb {
  SettingFlags flags;
  std::string job;
  bool json = false;

  // 0 also where it had ended before: it is over, as was wanted.
  int show(const protocol::Result& result) const {
    if (json) write_all(STDOUT_FILENO, protocol::to_json(result) + "\n");
    const bool is_cancelled = result.verdict == protocol::Verdict::CANCELLED;
    if (!json) say((is_cancelled ? "" : "it had ended before: ") + verdict_line(result));
    return 0;
  }

  int show(const protocol::Error& error) const { return report_error(error, {.json = json}); }

  int show(const Failure& failure) const {
    throw ClientError(exit_status_of(failure), harmless_line(failure.message));
  }

  int run() const {
    require_job_id(job, "ID");
    const auto settings = flags.load();
    PatientJobOptions options;
    options.session = session_options(settings);
    options.patience = settings.connect_timeout;  // who cancels wants to know now
    InterruptibleLoop loop;
    const PatientJob cancelled(
        loop.loop(), required_portals(settings), options, protocol::Cancel{.job = job},
        {.on_accepted = nullptr,
         .on_event = nullptr,
         .on_delay = nullptr,
         .on_answer = [&](const SubmitAnswer& answer) {
           loop.finish(std::visit([this](const auto& kind) { return show(kind); }, answer));
         }});
    return loop.run();
  }
};

}  // namespace

void add_cancel_verb(CLI::App& app, Invocation& invocation) {
  auto* verb = app.add_subcommand("cancel", "End a job, whether it waits or runs");
  auto state = std::make_shared<CancelVerb>();
  verb->add_option("ID", state->job, "The job, as submit --detach has printed it")->required();
  verb->add_flag("--json", state->json, "Print the job's result packet as one JSON object");
  state->flags.add_to(*verb);
  verb->footer(
      "Exit status: 0 where the job is over, cancelled or ended before; 64 where the call makes no sense; 75 "
      "where\n"
      "no portal can be reached or none knows the job.\n\n"
      "Examples:\n"
      "  rota cancel 01890a5d-ac96-774b-bcce-b302099a8057");
  verb->callback([state, &invocation] { invocation.run = [state] { return state->run(); }; });
}

}  // namespace rota::client

// rota logs: the nodes' event logs, through the portal, in time order.

#include <fmt/format.h>
#include <unistd.h>

#include <memory>
#include <stdexcept>

#include "client/client_error.hpp"
#include "client/console.hpp"
#include "client/credentials.hpp"
#include "client/exit_status.hpp"
#include "client/harmless.hpp"
#include "client/interruptible_loop.hpp"
#include "client/job_id_option.hpp"
#include "client/reachable_portal.hpp"
#include "client/report.hpp"
#include "client/session.hpp"
#include "client/setting_flags.hpp"
#include "client/units.hpp"
#include "client/verbs.hpp"
#include "protocol/conversion.hpp"

namespace rota::client {
namespace {

struct LogsVerb {
  SettingFlags flags;
  protocol::LogsQuery query;
  std::string since;  // as typed
  bool json = false;

  int run();

 private:
  void complete_query();
  void print(const protocol::Event& event) const;
};

int show(const protocol::LogsEnd& end) {
  for (const auto& node : end.unreachable) say("node " + harmless_line(node) + " could not be asked");
  return end.unreachable.empty() ? 0 : kUnavailable;
}

int show(const protocol::Error& error) {
  return report_error(error, {});
}

int show(const Failure& failure) {
  say(harmless_line(failure.message));
  return exit_status_of(failure);
}

void LogsVerb::complete_query() {
  if (!query.job.empty()) require_job_id(query.job, "--job");
  try {
    if (!since.empty()) query.since = parse_since(since, now().utc);
  } catch (const std::invalid_argument& error) {
    throw ClientError(kUsage, fmt::format("--since: {}", error.what()));
  }
}

// to_readable tells an event's place in its job; over many jobs, the time and the job belong to it.
std::string readable(const protocol::Event& event) {
  return fmt::format("{}  {:36}  {}", to_rfc3339(event.time), event.job.empty() ? "-" : event.job,
                     protocol::to_readable(event));
}

void LogsVerb::print(const protocol::Event& event) const {
  write_all(STDOUT_FILENO, (json ? protocol::to_log_line(event) : harmless_line(readable(event))) + "\n");
}

int LogsVerb::run() {
  const auto settings = flags.load();
  const auto& portals = required_portals(settings);
  complete_query();
  InterruptibleLoop loop;
  const ReachablePortal portal(
      loop.loop(), portals, session_options(settings),
      [&](Session& session) {
        session.logs(
            query, [this](const protocol::Event& event) { print(event); },
            [&loop](const LogsAnswer& answer) {
              loop.finish(std::visit([](const auto& kind) { return show(kind); }, answer));
            });
      },
      [&](const Failure& failure) {
        throw ClientError(exit_status_of(failure), failure.message + unreachable_hint(settings));
      });
  return loop.run();
}

}  // namespace

void add_logs_verb(CLI::App& app, Invocation& invocation) {
  auto* verb = app.add_subcommand("logs", "Print the nodes' event logs, through the portal");
  auto state = std::make_shared<LogsVerb>();
  verb->add_option("--node", state->query.node, "Only this node's lines")->type_name("NAME");
  verb->add_option("--job", state->query.job, "Only this job's lines")->type_name("ID");
  verb->add_option("--since", state->since,
                   "Only lines younger than this: 30m, 1h, 2d, or 2026-11-23T09:00:00Z")
      ->type_name("WHEN");
  verb->add_flag("-f,--follow", state->query.follow, "Stay and print new lines as they come; Ctrl-C ends it");
  verb->add_flag("--json", state->json, "Print each line as the JSON object that stands in the log");
  state->flags.add_to(*verb);
  verb->footer(
      "A node that cannot be asked is named on stderr, and the exit status is 75 then.\n\n"
      "Examples:\n"
      "  rota logs --since 1h\n"
      "  rota logs --node node-2 --follow\n"
      "  rota logs --job 01890a5d-ac96-774b-bcce-b302099a8057 --json");
  verb->callback([state, &invocation] { invocation.run = [state] { return state->run(); }; });
}

}  // namespace rota::client

// rota nodes: the portal's nodes, what they offer and how busy they are.

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <memory>

#include "client/client_error.hpp"
#include "client/console.hpp"
#include "client/credentials.hpp"
#include "client/exit_status.hpp"
#include "client/harmless.hpp"
#include "client/interruptible_loop.hpp"
#include "client/reachable_portal.hpp"
#include "client/report.hpp"
#include "client/session.hpp"
#include "client/setting_flags.hpp"
#include "client/table.hpp"
#include "client/units.hpp"
#include "client/verbs.hpp"
#include "protocol/conversion.hpp"

namespace rota::client {
namespace {

std::vector<std::string> row_of(const protocol::NodeStatus& node) {
  const bool is_there = node.state != protocol::NodeState::down;
  const auto known = [&](const std::string& text) { return is_there && !text.empty() ? text : "-"; };
  // What is wrong with a node is worth more than what it would take.
  const auto last = node.problem.empty() ? fmt::format("{}", fmt::join(node.languages, ", ")) : node.problem;
  return {node.name.empty() ? "?" : node.name,
          node.address,
          std::string(protocol::to_text(node.state)),
          known(std::to_string(node.slots)),
          known(std::to_string(node.jobs)),
          known(node.memory_bytes == 0 ? "" : readable_size(node.memory_bytes)),
          known(fmt::format("{}", fmt::join(node.labels, ", "))),
          last};
}

std::vector<std::vector<std::string>> toolchain_rows(const protocol::Nodes& nodes) {
  std::vector<std::vector<std::string>> rows{{"NODE", "LANGUAGE", "VERSION", "PATH"}};
  for (const auto& node : nodes.nodes) {
    for (const auto& toolchain : node.toolchains)
      rows.push_back({node.name, toolchain.language, toolchain.version.empty() ? "?" : toolchain.version,
                      toolchain.path});
  }
  return rows;
}

std::vector<std::vector<std::string>> node_rows(const protocol::Nodes& nodes) {
  std::vector<std::vector<std::string>> rows{
      {"NAME", "ADDRESS", "STATE", "SLOTS", "JOBS", "MEMORY", "LABELS", "LANGUAGES"}};
  for (const auto& node : nodes.nodes) rows.push_back(row_of(node));
  return rows;
}

struct NodesVerb {
  SettingFlags flags;
  bool json = false;
  bool languages = false;
  std::string drain, resume;  // names of nodes

  int show(const protocol::Nodes& nodes) const {
    if (json) {
      write_all(STDOUT_FILENO, protocol::to_json(nodes) + "\n");
      return 0;
    }
    write_all(STDOUT_FILENO, format_table(languages ? toolchain_rows(nodes) : node_rows(nodes)));
    return 0;
  }

  int show(const protocol::Error& error) const { return report_error(error, {.json = json}); }

  int show(const Failure& failure) const {
    throw ClientError(exit_status_of(failure), harmless_line(failure.message));
  }

  void ask(Session& session, std::function<void(NodesAnswer)> on_answer) const {
    if (!drain.empty()) return session.drain({drain, true}, std::move(on_answer));
    if (!resume.empty()) return session.drain({resume, false}, std::move(on_answer));
    session.nodes(std::move(on_answer));
  }

  int run() const {
    const auto settings = flags.load();
    const auto& portals = required_portals(settings);
    InterruptibleLoop loop;
    const ReachablePortal portal(
        loop.loop(), portals, session_options(settings),
        [&](Session& session) {
          ask(session, [&](const NodesAnswer& answer) {
            loop.finish(std::visit([this](const auto& kind) { return show(kind); }, answer));
          });
        },
        [&](const Failure& failure) {
          throw ClientError(exit_status_of(failure), failure.message + unreachable_hint(settings));
        });
    return loop.run();
  }
};

}  // namespace

void add_nodes_verb(CLI::App& app, Invocation& invocation) {
  auto* verb = app.add_subcommand("nodes", "List the portal's nodes, or keep one from new jobs");
  auto state = std::make_shared<NodesVerb>();
  verb->add_flag("--json", state->json, "Print the nodes packet as one JSON object");
  verb->add_flag("--languages", state->languages,
                 "List what each node compiles and runs with, and its versions");
  auto* drain = verb->add_option("--drain", state->drain,
                                 "Give this node no new jobs; what it has it finishes (administrators)");
  drain->type_name("NODE");
  verb->add_option("--resume", state->resume, "Give it jobs again")->type_name("NODE")->excludes(drain);
  state->flags.add_to(*verb);
  verb->footer(
      "Examples:\n"
      "  rota nodes --portal 127.0.0.1:4000\n"
      "  rota nodes --languages\n"
      "  rota nodes --drain node-2                # before its machine is restarted\n"
      "  rota nodes --json | jq '.nodes[] | select(.up | not)'");
  verb->callback([state, &invocation] { invocation.run = [state] { return state->run(); }; });
}

}  // namespace rota::client

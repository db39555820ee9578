// rota nodes: the portal's nodes, what they offer and how busy they are.

#include <unistd.h>

#include <memory>

#include "client/client_error.hpp"
#include "client/console.hpp"
#include "client/exit_status.hpp"
#include "client/harmless.hpp"
#include "client/interruptible_loop.hpp"
#include "client/report.hpp"
#include "client/session.hpp"
#include "client/setting_flags.hpp"
#include "client/table.hpp"
#include "client/verbs.hpp"
#include "protocol/conversion.hpp"

namespace rota::client {
namespace {

std::vector<std::string> row_of(const protocol::NodeStatus& node) {
  std::string languages;
  for (const auto& language : node.languages) languages += (languages.empty() ? "" : ", ") + language;
  return {node.name.empty() ? "?" : node.name,
          node.address,
          node.up ? "up" : "down",
          node.up ? std::to_string(node.slots) : "-",
          node.up ? std::to_string(node.jobs) : "-",
          node.up ? languages : node.problem};
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
  std::vector<std::vector<std::string>> rows{{"NAME", "ADDRESS", "STATE", "SLOTS", "JOBS", "LANGUAGES"}};
  for (const auto& node : nodes.nodes) rows.push_back(row_of(node));
  return rows;
}

struct NodesVerb {
  SettingFlags flags;
  bool json = false;
  bool languages = false;

  int show(const protocol::Nodes& nodes) const {
    if (json) {
      write_all(STDOUT_FILENO, protocol::to_json(nodes) + "\n");
      return 0;
    }
    write_all(STDOUT_FILENO, format_table(languages ? toolchain_rows(nodes) : node_rows(nodes)));
    return 0;
  }

  int show(const protocol::Error& error) const { return report_error(error, {.json = json}); }

  int show(const Failure& failure) const { throw ClientError(kUnavailable, harmless_line(failure.message)); }

  int run() const {
    const auto settings = flags.load();
    const auto portal = required_portal(settings);
    InterruptibleLoop loop;
    Session session(loop.loop(), portal, {.connect_timeout = settings.connect_timeout});
    session.on_open([&](const std::optional<Failure>& failure) {
      if (failure) throw ClientError(kUnavailable, failure->message + unreachable_hint(settings));
    });
    session.nodes([&](const NodesAnswer& answer) {
      loop.finish(std::visit([this](const auto& kind) { return show(kind); }, answer));
    });
    return loop.run();
  }
};

}  // namespace

void add_nodes_verb(CLI::App& app, Invocation& invocation) {
  auto* verb = app.add_subcommand("nodes", "List the portal's nodes");
  auto state = std::make_shared<NodesVerb>();
  verb->add_flag("--json", state->json, "Print the nodes packet as one JSON object");
  verb->add_flag("--languages", state->languages,
                 "List what each node compiles and runs with, and its versions");
  state->flags.add_to(*verb);
  verb->footer(
      "Examples:\n"
      "  rota nodes --portal 127.0.0.1:4000\n"
      "  rota nodes --languages\n"
      "  rota nodes --json | jq '.nodes[] | select(.up | not)'");
  verb->callback([state, &invocation] { invocation.run = [state] { return state->run(); }; });
}

}  // namespace rota::client

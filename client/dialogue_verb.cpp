// rota HOST PORT: the dialogue of the original system. The portal is tried before the first question, so that
// nobody answers for nothing; the connection for the job itself is made after the last, so that none stands
// idle while a person thinks.

#include <iostream>
#include <memory>
#include <optional>

#include "client/client_error.hpp"
#include "client/credentials.hpp"
#include "client/delivery.hpp"
#include "client/dialogue.hpp"
#include "client/exit_status.hpp"
#include "client/setting_flags.hpp"
#include "client/submission.hpp"
#include "client/verbs.hpp"

namespace rota::client {
namespace {

void require_reachable(const Settings& settings) {
  InterruptibleLoop loop;
  std::optional<Failure> problem;
  Session probe(loop.loop(), settings.portals.front(), session_options(settings));
  probe.on_open([&](const std::optional<Failure>& failure) {
    problem = failure;
    loop.finish(0);
  });
  const int status = loop.run();
  if (problem) throw ClientError(exit_status_of(*problem), problem->message + unreachable_hint(settings));
  if (loop.interrupted()) throw ClientError(status, "interrupted");
}

std::string what_is_missing(const std::string& host) {
  const std::string choices =
      "name submit, run, wait, cancel, logs or nodes, or a portal as HOST PORT; see rota --help";
  return host.empty() ? choices : "'" + host + "' is no verb: " + choices;
}

struct DialogueVerb {
  std::string host;
  std::string port;

  Settings settings() const {
    auto sources = SettingSources::of_process({});
    auto settings = load_settings(sources);
    try {
      settings.portals = {
          parse_portal((host.find(':') == std::string::npos ? host : "[" + host + "]") + ":" + port)};
    } catch (const std::invalid_argument& error) {
      throw ClientError(kUsage, error.what());
    }
    settings.own_portals.push_back(settings.portals.front());
    settings.portal_origin = "the command line";
    return settings;
  }

  int run() const {
    const auto known = settings();
    require_reachable(known);
    SubmissionOptions options;
    const auto answers = ask(std::cin, std::cerr);
    options.file = answers.file;
    auto submit = make_submit(options);
    submit.schedule = answers.schedule;
    ClientLog log(known.log);
    InterruptibleLoop loop;
    Delivery delivery(loop, log, delivery_options(options.waiting, known));
    delivery.start(known.portals, std::move(submit));
    return delivery.run();
  }
};

}  // namespace

void add_dialogue(CLI::App& app, Invocation& invocation) {
  auto state = std::make_shared<DialogueVerb>();
  app.add_option("HOST", state->host,
                 "The portal's host: asks for the schedule and the source file, then submits");
  app.add_option("PORT", state->port, "The portal's port");
  app.callback([&app, state, &invocation] {
    if (!app.get_subcommands().empty()) return;
    if (state->port.empty()) throw ClientError(kUsage, what_is_missing(state->host));
    invocation.run = [state] { return state->run(); };
  });
}

}  // namespace rota::client

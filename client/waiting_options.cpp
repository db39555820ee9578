#include "client/waiting_options.hpp"

#include "client/credentials.hpp"
#include "client/setting_flags.hpp"
#include "client/typed_amount.hpp"

namespace rota::client {
namespace {

constexpr auto kYear = std::chrono::milliseconds(std::chrono::hours(24 * 365));

}  // namespace

void add_waiting_options(CLI::App& verb, WaitingOptions& options) {
  verb.add_flag("--json", options.report.json, "Print the whole result packet as one JSON object on stdout");
  verb.add_flag("--events", options.report.events, "Print the timeline on stderr, live");
  verb.add_flag("-q,--quiet", options.report.quiet, "No word of our own where all went well");
  verb.add_option("--timeout", options.timeout, "Give up waiting after this long; else never")
      ->type_name("DURATION");
  verb.add_option("--patience", options.patience,
                  "Give up where no portal can be reached, or all are full, for so long in a row; else never "
                  "once the "
                  "job is accepted, and after --connect-timeout before that")
      ->type_name("DURATION");
}

std::optional<std::chrono::milliseconds> patience_of(const WaitingOptions& options) {
  return typed_amount("--patience", options.patience, parse_duration, kYear, "365d");
}

DeliveryOptions delivery_options(const WaitingOptions& options, const Settings& settings) {
  const auto none = std::chrono::milliseconds(0);
  const bool is_private = settings.portals.empty();
  DeliveryOptions delivery;
  delivery.report = options.report;
  if (!is_private) delivery.session = session_options(settings);
  delivery.session.connect_timeout = settings.connect_timeout;
  delivery.answer_timeout =
      typed_amount("--timeout", options.timeout, parse_duration, kYear, "365d").value_or(none);
  delivery.patience = is_private ? none : patience_of(options);
  delivery.job_outlives_us = !is_private;
  if (!is_private) delivery.unreachable_hint = unreachable_hint(settings);
  return delivery;
}

}  // namespace rota::client

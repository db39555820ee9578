#pragma once
// What a person says about the wait for a job's answer: how it is shown, and how long it may take.

#include <CLI/App.hpp>
#include <string>

#include "client/delivery.hpp"
#include "client/report.hpp"
#include "client/settings.hpp"

namespace rota::client {

struct WaitingOptions {
  ReportOptions report;
  std::string timeout;   // as typed; empty: wait as long as it takes
  std::string patience;  // likewise; empty: as patience.hpp has it
};

// --json, --events, --quiet, --timeout and --patience.
void add_waiting_options(CLI::App& verb, WaitingOptions& options);

// --patience as typed. Throws ClientError{kUsage}.
std::optional<std::chrono::milliseconds> patience_of(const WaitingOptions& options);

// For a job of the settings' portals, or of a private one, which ends with the call, where there are none. Throws
// ClientError{kUsage} where --timeout or --patience makes no sense.
DeliveryOptions delivery_options(const WaitingOptions& options, const Settings& settings);

}  // namespace rota::client

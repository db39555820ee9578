#pragma once
// A real rota-node with real boxes on a free port of loopback, in a folder of its own; fresh for each test.

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/temp_dir.hpp"
#include "protocol/packets.hpp"
#include "tests/support/daemon.hpp"
#include "tests/support/packet_client.hpp"
#include "tests/support/processes.hpp"

namespace rota::test {

class NodeTest : public testing::Test {
 protected:
  // Two slots, and the name "node-1".
  void start_node(std::vector<std::string> more_flags = {}) {
    start_node_with_slots(2, std::move(more_flags));
  }
  void start_node_with_slots(unsigned slots, std::vector<std::string> more_flags = {});

  PacketClient connect() const { return {node->host(), node->port()}; }

  // By a client of its own.
  protocol::Result submit(const protocol::Submit& job) const { return connect().submit(job); }

  std::filesystem::path log_file() const { return folder.path() / "state/events.log"; }

  // Sends sleeping_job() and waits until it sleeps. Returns its id.
  std::string start_sleeping_job(PacketClient& client) const;

  // What stands in the node's log now, in its order.
  std::vector<protocol::Event> logged() const;
  std::vector<protocol::Event> logged(const std::string& name) const;
  std::vector<std::string> logged_names_of(const std::string& job) const;

  // Which walls of the sandbox do not stand on this host, and why, as the first box said at its start; empty
  // where all do.
  std::string missing_layers() const;
  bool lacks(const std::string& layer) const { return missing_layers().find(layer) != std::string::npos; }

  // Fails the test unless a submission is answered as it should be.
  void expect_that_the_node_is_fine() const;

  TempDir folder{"rota-node-test"};
  std::unique_ptr<Daemon> node;
};

// A job with this source.
protocol::Submit job(const std::string& file_name, const std::string& source);

// One of the programs in examples/.
protocol::Submit example(const std::string& file_name);

// Reads live events until one of this name.
protocol::Event wait_for_event(PacketClient& client, const std::string& name);

std::vector<std::string> names_of(const std::vector<protocol::Event>& events);

// A program that says so and then sleeps for half a minute.
protocol::Submit sleeping_job();

}  // namespace rota::test

// So that a failed EXPECT_EQ says "TLE" and not a number.
namespace rota::protocol {
inline void PrintTo(Verdict verdict, std::ostream* out) {
  *out << to_text(verdict);
}
inline void PrintTo(ErrorCode code, std::ostream* out) {
  *out << to_text(code);
}
}  // namespace rota::protocol

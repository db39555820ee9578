#pragma once
// What tests of a cluster say and hear again and again.

#include <string>

#include "tests/integration/cluster/cluster.hpp"

namespace rota::test {

// A job id with this number in it.
std::string id_of(int number);

// A shell script of this id, to be acknowledged, with its events; it may take a minute.
protocol::Submit numbered(int number, const std::string& script);

// Sends the job and waits until it is accepted; events of others are skipped.
void submit_accepted(PacketClient& client, const protocol::Submit& job);

// The next event of this name; of the job, where one is named. Other packets are skipped.
protocol::Event wait_for_event(PacketClient& client, const std::string& name, const std::string& job = "");

// Follows the job, from a connection of its own, until it runs.
protocol::Event wait_until_started(const Cluster& cluster, const std::string& job);

// The job's result; events, and answers about others, are skipped. An error throws.
protocol::Result answer_to(PacketClient& client, const std::string& job);

// Asks the portal until so many of its nodes are in this state; each answer is an event. False: not within ten seconds.
bool nodes_become(const Cluster& cluster, std::size_t count, protocol::NodeState state);

// Follows the daemon's log until it has an event of this name; throws where none comes for long.
void wait_for_log(const Daemon& daemon, const std::string& name);

}  // namespace rota::test

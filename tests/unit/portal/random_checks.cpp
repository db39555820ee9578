// What must hold in a random world: looked at with each thing that the portal does.

#include "portal/timeline.hpp"
#include "protocol/conversion.hpp"
#include "tests/unit/portal/random_world.hpp"

namespace rota::portal {

using namespace protocol;

namespace {

// Says only that this request is not taken now, or not by this user.
bool is_of_request(ErrorCode code) {
  return code == ErrorCode::busy || code == ErrorCode::too_many_jobs || code == ErrorCode::unknown_job ||
         code == ErrorCode::duplicate_job;
}

// Whose job it is, as the disk has it; empty: it is not there.
std::string user_of(const JournalDisk& disk, const std::string& job) {
  if (const auto found = disk.jobs.find(job); found != disk.jobs.end()) return found->second.info.user;
  const auto answered = disk.answers.find(job);
  return answered == disk.answers.end() ? "" : answered->second.info.user;
}

}  // namespace

void RandomWorld::look_at_actions() {
  const Actions actions = std::exchange(portal_.actions, {});
  for (const Action& action : actions) {
    if (const auto* to_client = std::get_if<ToClient>(&action)) look_at(*to_client);
    if (const auto* to_node = std::get_if<ToNode>(&action)) look_at(*to_node);
  }
  look_at_nodes();
}

void RandomWorld::look_at(const ToClient& action) {
  const auto found = clients_.find(action.client);
  if (found == clients_.end()) return;
  Client& client = found->second;
  if (const auto* accepted = std::get_if<Accepted>(&action.packet)) {
    EXPECT_EQ(user_of(*portal_.disk, accepted->job), client.peer.user) << "accepted, and not on the disk";
    EXPECT_TRUE(client.waits.contains(accepted->job)) << "accepted after its answer: " << accepted->job;
    accepted_[accepted->job] = client.peer.user;
  }
  if (const auto* error = std::get_if<Error>(&action.packet)) look_at_error(client, *error);
  if (const auto* result = std::get_if<Result>(&action.packet))
    look_at_answer(client, result->job, action.packet);
}

void RandomWorld::look_at_error(Client& client, const Error& error) {
  if (!is_of_request(error.code)) return look_at_answer(client, error.job, error);
  EXPECT_EQ(client.waits.erase(error.job), 1u) << "an error that nobody waits for: " << to_json(error);
  const std::string user = user_of(*portal_.disk, error.job);
  const bool is_foreign = user != client.peer.user;
  if (error.code == ErrorCode::unknown_job) {
    EXPECT_TRUE(user.empty() || (is_foreign && !client.peer.is_admin)) << to_json(error);
  } else if (error.code == ErrorCode::duplicate_job) {
    EXPECT_TRUE(is_foreign) << to_json(error);
  }
}

void RandomWorld::look_at_answer(Client& client, const std::string& job, const Packet& answer) {
  EXPECT_EQ(client.waits.erase(job), 1u) << "an answer that nobody waits for: " << to_json(answer);
  const bool is_on_disk = portal_.disk->answers.contains(job);
  EXPECT_TRUE(is_on_disk || !is_strict(job)) << "promised, and not on the disk: " << job;
  const auto& first = answers_.emplace(job, answer).first->second;
  EXPECT_EQ(to_json(first), to_json(answer)) << "two answers";
}

void RandomWorld::look_at(const ToNode& action) {
  if (const auto* submit = std::get_if<Submit>(&action.packet)) {
    const std::string& job = submit->job;
    EXPECT_TRUE(begun_.emplace(job, submit->attempt).second) << job << " sent twice as " << submit->attempt;
    EXPECT_FALSE(portal_.disk->answers.contains(job) || answers_.contains(job)) << job << " is finished";
    const auto kept = portal_.disk->jobs.find(job);
    const bool is_on_disk = kept != portal_.disk->jobs.end() && kept->second.state == JobState::running &&
                            kept->second.info.attempt == submit->attempt;
    EXPECT_TRUE(is_on_disk || !is_strict(job)) << job << " is promised, begun, and not on the disk";
    if (is_on_disk) {
      EXPECT_LT(failures_of(kept->second.info), Dispatcher::kMaxAttempts) << job;
    }
    for (NodeIndex i = 0; i < nodes_.size(); ++i) EXPECT_FALSE(nodes_[i].runs(job)) << job << " at " << i;
  }
  nodes_[action.node].sent(action.packet);
}

void RandomWorld::look_at_nodes() {
  const auto nodes = portal_->nodes().nodes;
  for (NodeIndex i = 0; i < nodes.size(); ++i) EXPECT_LE(nodes[i].jobs, nodes_[i].slots()) << "node " << i;
}

}  // namespace rota::portal

#include "tests/unit/portal/random_world.hpp"

namespace rota::portal {

using namespace protocol;
using namespace std::chrono_literals;

namespace {

constexpr int kSubmissionsToAJob = 3;  // about
constexpr int kJobsAtATime = 25;

DispatcherBounds small_bounds() {
  DispatcherBounds bounds;
  bounds.jobs_per_client = 10;
  return bounds;
}

}  // namespace

RandomWorld::RandomWorld(std::uint64_t seed)
    : random_(seed),
      bounds_(small_bounds()),
      portal_({"n:0", "n:1", "n:2", "n:3"}, bounds_, {.jobs = 30, .jobs_per_user = 20}) {
  portal_.settle();
  for (NodeIndex i = 0; i < 4; ++i) nodes_.emplace_back(i, i == 3, static_cast<std::uint32_t>(1 + i));
  for (int i = 0; i < 6; ++i) any_client();
}

// Of a window that moves on, so that there are always some that are new and some that are finished.
std::string RandomWorld::any_job() {
  return job_id(submissions_ / kSubmissionsToAJob + static_cast<int>(below(kJobsAtATime)));
}

RandomWorld::Client& RandomWorld::any_client() {
  if (clients_.size() < 6) {
    static const std::vector<std::string> users{"anna", "bert", "anna", "root"};
    const auto& user = users[below(users.size())];
    ++last_client_;
    clients_[last_client_].peer = {last_client_, user, user == "root"};
  }
  return std::next(clients_.begin(), static_cast<std::ptrdiff_t>(below(clients_.size())))->second;
}

void RandomWorld::step() {
  const auto dice = below(1000);
  if (dice < 200) return submit(any_client(), any_job());
  if (dice < 260) return wait(any_client(), any_job());
  if (dice < 290) return cancel(any_client(), any_job());
  if (dice < 305) return change_clients();
  if (dice < 310) return ask_in_haste();
  if (dice < 520) return deliver_one();
  if (dice < 640) return any_node().finish_a_job(random_, true);
  if (dice < 840) return journal_step();
  if (dice < 860) return disconnect(below(nodes_.size()));
  if (dice < 920) return connect(below(nodes_.size()));
  if (dice < 928) return start_node_again(below(nodes_.size()));
  if (dice < 980) return pass(std::chrono::milliseconds(below(200)));
  if (dice < 985) return pass(std::chrono::milliseconds(below(15'000)));
  if (dice < 993) return say_nonsense();
  if (dice < 998) return drain();
  kill_portal();
}

void RandomWorld::submit(Client& client, const std::string& job) {
  ++submissions_;
  Submit submit;
  submit.job = job;
  submit.file_name = "a.c";
  submit.source = "int main(){}";
  submit.acknowledge = below(3) != 0;
  submit.live_events = below(4) == 0;
  submit.schedule = static_cast<Schedule>(below(3));
  if (below(30) == 0) submit.queue_time = 3s;
  if (below(30) == 0) submit.total_time = 8s;
  note_asked_for(job, submit.acknowledge && (client.waits.contains(job) || has_room(client)));
  client.waits.insert(submit.job);
  portal_->submit(client.peer, std::move(submit));
  look_at_actions();
}

// A job that has been begun is in the store; who asks for it from now on is to be told only what is on the disk.
void RandomWorld::note_asked_for(const std::string& job, bool reaches_store) {
  const auto begun = begun_.lower_bound({job, 0});
  const bool is_begun = begun != begun_.end() && begun->first == job;
  if (is_begun && reaches_store && !portal_.store().stalled()) asked_for_.insert(job);
}

bool RandomWorld::has_room(const Client& client) {
  return portal_->jobs_of(client.peer.client) < bounds_.jobs_per_client;
}

void RandomWorld::wait(Client& client, const std::string& job) {
  note_asked_for(job, !client.waits.contains(job) && has_room(client));
  client.waits.insert(job);
  portal_->wait(client.peer, {.job = job, .live_events = below(2) == 0});
  look_at_actions();
}

// Before the store has answered to the first, there is the next, about the same job.
void RandomWorld::ask_in_haste() {
  Client& client = any_client();
  const std::string job = any_job();
  for (int i = 0; i < 4; ++i) {
    const auto dice = below(4);
    if (dice == 0) submit(client, job);
    if (dice == 1) cancel(client, job);
    if (dice == 2) wait(client, job);
    if (dice == 3) deliver_one();
  }
}

void RandomWorld::drain() {
  portal_->drain("n:" + std::to_string(below(nodes_.size())), below(3) == 0);
  look_at_actions();
}

void RandomWorld::cancel(Client& client, const std::string& job) {
  note_asked_for(job, client.waits.contains(job) || has_room(client));
  client.waits.insert(job);
  portal_->cancel(client.peer, {.job = job});
  look_at_actions();
}

void RandomWorld::change_clients() {
  const ClientId client = any_client().peer.client;
  clients_.erase(client);
  portal_->client_gone(client);
}

void RandomWorld::deliver_one() {
  const NodeIndex index = below(nodes_.size());
  RandomNode& node = nodes_[index];
  if (below(2) == 0 && node.has_packet()) return node.take_packet(random_);
  if (auto packet = node.next_for_portal()) deliver_to_portal(index, std::move(*packet));
}

void RandomWorld::deliver_all() {
  for (bool is_quiet = false; !is_quiet;) {
    is_quiet = true;
    for (NodeIndex i = 0; i < nodes_.size(); ++i) {
      for (; nodes_[i].has_packet(); is_quiet = false) nodes_[i].take_packet(random_);
      while (auto packet = nodes_[i].next_for_portal()) {
        is_quiet = false;
        deliver_to_portal(i, std::move(*packet));
      }
    }
  }
}

void RandomWorld::deliver_to_portal(NodeIndex node, Packet packet) {
  if (auto* result = std::get_if<Result>(&packet)) portal_->result(node, std::move(*result));
  if (const auto* error = std::get_if<Error>(&packet)) portal_->refused(node, *error);
  if (const auto* holdings = std::get_if<Holdings>(&packet)) portal_->holdings(node, *holdings);
  if (const auto* tested = std::get_if<SelfTested>(&packet)) portal_->self_tested(node, tested->problem);
  look_at_actions();
}

// A result of a job that the node may not have, or not any more.
void RandomWorld::say_nonsense() {
  RandomNode& node = any_node();
  Result result{
      .job = any_job(), .verdict = Verdict::WA, .attempt = static_cast<std::uint32_t>(1 + below(3))};
  if (node.is_connected() && !node.runs(result.job)) node.say(std::move(result));
}

void RandomWorld::journal_step() {
  portal_.turn();
  if (!portal_.journal().is_idle()) {
    using Outcome = ScriptedJournal::Outcome;
    const auto dice = below(100);
    portal_.journal().step(dice < 5 ? Outcome::failed
                                    : (dice < 8 ? Outcome::good_but_told_failed : Outcome::good));
    portal_.turn();
  }
  look_at_actions();
}

void RandomWorld::connect(NodeIndex index) {
  if (nodes_[index].is_connected()) return;
  nodes_[index].connect();
  portal_->node_up(index, nodes_[index].hello());
  look_at_actions();
}

void RandomWorld::disconnect(NodeIndex index) {
  const bool was_connected = nodes_[index].is_connected();
  nodes_[index].disconnect(portal_.clock.monotonic);
  if (was_connected) portal_->node_down(index, "connection lost");
  look_at_actions();
}

void RandomWorld::start_node_again(NodeIndex index) {
  disconnect(index);
  nodes_[index].start_again(portal_.clock.monotonic);
}

// What is under way arrives first: nothing takes as long as a grace.
void RandomWorld::pass(std::chrono::milliseconds time) {
  deliver_all();
  portal_.pass(time);
  for (RandomNode& node : nodes_) node.fence(portal_.clock.monotonic, bounds_.fence_after);
  portal_->tick();
  look_at_actions();
}

void RandomWorld::kill_portal() {
  portal_.crash(below(2) == 0);
  portal_.actions.clear();
  clients_.clear();
  for (RandomNode& node : nodes_) node.disconnect(portal_.clock.monotonic);
  lose_unwritten();
  portal_.start();
  portal_.turn();  // it knows what it had before anybody reaches it
  look_at_actions();
}

// What nobody was promised may have been begun and answered, and be new to the portal's next life. Nothing else may.
void RandomWorld::lose_unwritten() {
  const JournalDisk& disk = *portal_.disk;
  const auto is_lost = [&](const std::string& job) {
    return !disk.jobs.contains(job) && !disk.answers.contains(job);
  };
  for (const auto& [job, user] : accepted_) EXPECT_FALSE(is_lost(job)) << job << " was accepted";
  std::erase_if(answers_, [&](const auto& answer) {
    return !is_strict(answer.first) && !disk.answers.contains(answer.first);
  });
  std::erase_if(begun_, [&](const auto& begun) {
    if (!is_lost(begun.first)) return false;
    for (RandomNode& node : nodes_) node.lose(begun.first);
    return true;
  });
  asked_for_.clear();
  for (const auto& [job, entry] : disk.jobs)
    asked_for_.insert(job);  // its next life waits for the disk with them
}

void RandomWorld::settle() {
  heal();
  if (!work_until_idle()) {
    ADD_FAILURE() << portal_.store().load().queued << " jobs are still queued, "
                  << portal_.store().load().running << " running, " << portal_.disk->jobs.size()
                  << " on disk";
    return;
  }
  ask_for_all_answers();
  require_that_nothing_is_left();
  require_that_every_seat_is_free();
}

void RandomWorld::heal() {
  for (NodeIndex i = 0; i < nodes_.size(); ++i) {
    portal_->drain("n:" + std::to_string(i), false);
    disconnect(i);  // a last time: what they hold is looked at
    connect(i);
  }
}

// Step by step: what is said has to be true when it is said.
void RandomWorld::finish_writing() {
  for (portal_.turn(); !portal_.journal().is_idle(); portal_.turn()) {
    portal_.journal().step();
    look_at_actions();
  }
  look_at_actions();
}

bool RandomWorld::work_until_idle() {
  for (int round = 0; round < 2000; ++round) {
    finish_writing();
    for (RandomNode& node : nodes_) node.finish_a_job(random_, false);
    pass(100ms);
    finish_writing();
    if (portal_.disk->jobs.empty() && !portal_->has_jobs_in_hand()) return true;
  }
  return false;
}

void RandomWorld::ask_for_all_answers() {
  Client& root = clients_[++last_client_];
  root.peer = {last_client_, "root", true};
  for (const auto& [job, user] : accepted_) {
    root.waits.insert(job);
    portal_->wait(root.peer, {.job = job});
    finish_writing();
    EXPECT_TRUE(answers_.contains(job)) << job << " was accepted";
  }
}

void RandomWorld::require_that_nothing_is_left() {
  deliver_all();
  for (const auto& [id, client] : clients_) EXPECT_THAT(client.waits, testing::IsEmpty()) << "client " << id;
  // One of version 1 cannot be told to end what nobody wants any more.
  for (NodeIndex i = 0; i < nodes_.size(); ++i)
    EXPECT_TRUE(nodes_[i].is_empty() || nodes_[i].is_of_version_1()) << "node " << i;
  EXPECT_EQ(portal_.store().load().queued, 0u);
  EXPECT_EQ(portal_.store().load().running, 0u);
  EXPECT_EQ(portal_.store().load().queued_bytes, 0u);
  for (const NodeStatus& node : portal_->nodes().nodes) EXPECT_EQ(node.jobs, 0u) << node.name;
}

void RandomWorld::submit_fillers() {
  Client& anna = clients_[++last_client_];
  anna.peer = {last_client_, "anna", false};
  for (int i = 0; i < 10; ++i) {
    Submit submit;
    submit.job = job_id(1'000'000 + ++fillers_);
    submit.file_name = "a.c";
    submit.acknowledge = true;
    anna.waits.insert(submit.job);
    portal_->submit(anna.peer, std::move(submit));
  }
  finish_writing();
}

// A node that has failed is given more than one job at a time once it has done one well, and one in quarantine once it has
// passed its self-test: the dice may take some rounds for that.
void RandomWorld::require_that_every_seat_is_free() {
  constexpr int kMostRounds = 12;
  std::size_t begun = 0, seats = 0;
  for (int round = 0; round == 0 || (round < kMostRounds && begun != seats); ++round) {
    pass(5min);
    deliver_all();
    seats = 0;
    const auto states = portal_->nodes().nodes;
    for (NodeIndex i = 0; i < nodes_.size(); ++i) {
      if (states[i].state == NodeState::up) seats += nodes_[i].slots();
    }
    const std::size_t before = begun_.size();
    submit_fillers();
    begun = begun_.size() - before;
    EXPECT_TRUE(work_until_idle());
  }
  EXPECT_EQ(begun, seats);
}

}  // namespace rota::portal

#include "tests/unit/portal/random_world.hpp"

namespace rota::portal {

using namespace protocol;

Hello RandomNode::hello() const {
  Hello hello;
  hello.name = "node-" + std::to_string(index_);
  hello.slots = slots_;
  if (of_version_1_) {
    hello.max_version = 1;
  } else {
    hello.session = session_id(static_cast<int>(index_) * 10'000 + life_);
  }
  return hello;
}

void RandomNode::connect() {
  is_connected_ = true;
}

void RandomNode::disconnect(Nanoseconds now) {
  if (is_connected_) alone_since_ = now;
  is_connected_ = false;
  to_node_.clear();
  to_portal_.clear();
  if (of_version_1_) held_.clear();
}

void RandomNode::start_again(Nanoseconds now) {
  disconnect(now);
  held_.clear();
  ++life_;
}

void RandomNode::fence(Nanoseconds now, std::chrono::milliseconds fence_after) {
  if (is_connected_ || now - alone_since_ < fence_after) return;
  std::erase_if(held_, [](const auto& entry) { return !entry.second.result; });
}

// As the portal's link does it: one of version 1 has no such packets.
void RandomNode::sent(Packet packet) {
  const bool is_new = std::holds_alternative<Lease>(packet) || std::holds_alternative<Stored>(packet) ||
                      std::holds_alternative<Cancel>(packet) || std::holds_alternative<SelfTest>(packet);
  if (is_connected_ && !(is_new && of_version_1_)) to_node_.push_back(std::move(packet));
}

void RandomNode::take_packet(std::mt19937_64& random) {
  const Packet packet = std::move(to_node_.front());
  to_node_.pop_front();
  if (const auto* submit = std::get_if<Submit>(&packet)) take(*submit, random);
  if (const auto* stored = std::get_if<Stored>(&packet)) forget(stored->job, stored->attempt);
  if (const auto* cancel = std::get_if<Cancel>(&packet)) forget(cancel->job, cancel->attempt);
  if (std::holds_alternative<Lease>(packet)) tell_holdings();
  if (std::holds_alternative<SelfTest>(packet)) say(SelfTested{random() % 2 == 0 ? "" : "a wall is missing"});
}

void RandomNode::take(const Submit& submit, std::mt19937_64& random) {
  const auto dice = random() % 100;
  if (dice < 2) return say(Error{.code = ErrorCode::busy, .job = submit.job, .message = "full"});
  if (dice < 3) return say(Error{.code = ErrorCode::out_of_range, .job = submit.job, .message = "too much"});
  held_[submit.job] = {.attempt = submit.attempt};
}

void RandomNode::forget(const std::string& job, std::uint32_t attempt) {
  const auto found = held_.find(job);
  if (found != held_.end() && found->second.attempt == attempt) held_.erase(found);
}

void RandomNode::tell_holdings() {
  Holdings holdings;
  for (const auto& [job, held] : held_) holdings.jobs.push_back({job, held.attempt, held.result.has_value()});
  say(std::move(holdings));
  for (const auto& [job, held] : held_) {
    if (held.result) say(*held.result);
  }
}

std::optional<Packet> RandomNode::next_for_portal() {
  if (to_portal_.empty()) return std::nullopt;
  Packet packet = std::move(to_portal_.front());
  to_portal_.pop_front();
  return packet;
}

void RandomNode::finish_a_job(std::mt19937_64& random, bool may_fail) {
  for (auto& [job, held] : held_) {
    if (held.result || random() % 2 == 0) continue;
    Result result{.job = job, .verdict = Verdict::AC};
    result.stdout_bytes = std::to_string(index_) + " made " + std::to_string(++made_);
    if (may_fail && random() % 12 == 0) result.verdict = Verdict::IE;
    result.attempt = of_version_1_ ? 0 : held.attempt;
    if (is_connected_) say(result);
    if (is_connected_ && random() % 20 == 0) say(result);  // twice, by mistake
    held.result = std::move(result);
    if (of_version_1_) held_.erase(job);
    return;
  }
}

void RandomNode::lose(const std::string& job) {
  const auto found = held_.find(job);
  if (found != held_.end()) found->second.is_lost = true;
}

bool RandomNode::runs(const std::string& job) const {
  const auto found = held_.find(job);
  if (found != held_.end() && !found->second.result && !found->second.is_lost) return true;
  return std::any_of(to_node_.begin(), to_node_.end(), [&](const Packet& packet) {
    const auto* submit = std::get_if<Submit>(&packet);
    return submit != nullptr && submit->job == job;
  });
}

}  // namespace rota::portal

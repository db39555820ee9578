#include "portal/gate.hpp"

#include <utility>

namespace rota::portal {

using namespace protocol;

namespace {

Error refused(ErrorCode code, std::string message, std::chrono::milliseconds retry_after = {}) {
  Error error;
  error.code = code;
  error.message = std::move(message);
  error.retry_after = retry_after;
  return error;
}

constexpr std::chrono::milliseconds kTryLater{1000};

}  // namespace

bool Gate::wants_token_of(const Visitor& visitor) const {
  return tokens_ != nullptr && (wants_all_ || visitor.has_tls || !visitor.is_loopback);
}

std::optional<Error> Gate::opened(Id id, const Visitor& visitor, Instant now) {
  Guest& guest = guests_[id];
  guest.visitor = visitor;
  guest.group = address_group(visitor.address);
  guest.is_stranger = wants_token_of(visitor);
  guest.deadline = now.monotonic + bounds_.first_packet;
  Counts& counts = by_address_[guest.group];
  ++counts.all;
  if (guest.is_stranger) {
    ++counts.strangers;
    strangers_.insert(id);
  }
  return refusal_of(guest);
}

std::optional<Error> Gate::refusal_of(const Guest& guest) const {
  const Counts& counts = by_address_.at(guest.group);
  if (guest.visitor.is_loopback) return std::nullopt;
  if (counts.all > bounds_.per_address)
    return refused(ErrorCode::busy, "this address has as many connections as one may have; try later",
                   kTryLater);
  if (guest.is_stranger && counts.strangers > bounds_.strangers_per_address)
    return refused(ErrorCode::busy, "too many connections of this address wait to authenticate", kTryLater);
  return std::nullopt;
}

void Gate::closed(Id id) {
  const auto found = guests_.find(id);
  if (found == guests_.end()) return;
  const Guest& guest = found->second;
  const auto counts = by_address_.find(guest.group);
  --counts->second.all;
  if (guest.is_stranger) {
    --counts->second.strangers;
    strangers_.erase(id);
  }
  if (counts->second.all == 0) by_address_.erase(counts);
  guests_.erase(found);
}

std::optional<Gate::Id> Gate::one_too_many() const {
  if (strangers_.size() <= bounds_.strangers) return std::nullopt;
  return *strangers_.begin();
}

bool Gate::is_stranger(Id id) const {
  const auto found = guests_.find(id);
  return found != guests_.end() && found->second.is_stranger;
}

Gate::Decision Gate::decide(Id id, const Packet& packet, Instant now) {
  using Course = Decision::Course;
  Guest& guest = guests_.at(id);
  if (const auto* proof = std::get_if<Authenticate>(&packet)) return authenticate(id, guest, *proof, now);
  if (guest.is_stranger) {
    return {Course::answer_and_close,
            refused(ErrorCode::unauthenticated,
                    "a token is wanted first: give --token-file FILE or set ROTA_TOKEN"),
            complaint("no token", guest, now)};
  }
  // Between two looks at the file nobody does anything with a token that has expired.
  if (is_revoked(guest, now))
    return {Course::answer_and_close, refused(ErrorCode::unauthenticated, "the token is not good any more"),
            ""};
  switch (reach_of(guest.identity.role, packet)) {
    case Reach::yes:
      return {};
    case Reach::own_job:
      return {Course::take_of_own_job, std::nullopt, ""};
    case Reach::no:
      break;
  }
  return {Course::answer, refusal(guest.identity.role, packet), ""};
}

Gate::Decision Gate::authenticate(Id id, Guest& guest, const Authenticate& packet, Instant now) {
  using Course = Decision::Course;
  if (tokens_ == nullptr)  // whoever comes in here is everybody
    return {Course::answer, Authenticated{guest.identity.user, std::string(to_text(guest.identity.role))},
            ""};
  const auto pause = attempts_.pause_of(guest.visitor.address, now.monotonic);
  if (pause.count() > 0)
    return {Course::answer_and_close,
            refused(ErrorCode::busy, "too many tokens of this address were wrong", pause), ""};
  tokens_->refresh();
  auto identity = tokens_->identify(packet.token, now.utc);
  if (!identity) {
    attempts_.failed(guest.visitor.address, now.monotonic);
    return {
        Course::answer_and_close,
        refused(ErrorCode::unauthenticated, "the token is not one of this portal's, or is not good any more"),
        "unknown token"};
  }
  welcome(id, guest, std::move(*identity));
  return {Course::answer, Authenticated{guest.identity.user, std::string(to_text(guest.identity.role))}, ""};
}

void Gate::welcome(Id id, Guest& guest, Identity identity) {
  guest.identity = std::move(identity);
  if (!std::exchange(guest.is_stranger, false)) return;
  strangers_.erase(id);
  --by_address_.at(guest.group).strangers;
}

std::string Gate::complaint(const char* reason, const Guest& guest, Instant now) {
  if (complaints_.pause_of(guest.visitor.address, now.monotonic).count() > 0) return "";
  complaints_.failed(guest.visitor.address, now.monotonic);
  return reason;
}

bool Gate::is_revoked(const Guest& guest, Instant now) const {
  return !guest.identity.token.empty() && !tokens_->is_good(guest.identity.token, now.utc);
}

std::vector<Gate::Leaving> Gate::leaving(Instant now) {
  std::vector<Leaving> leaving;
  if (tokens_ == nullptr) return leaving;
  tokens_->refresh();
  for (const auto& [id, guest] : guests_) {
    if (guest.is_stranger && guest.deadline <= now.monotonic) {
      leaving.push_back(
          {id, refused(ErrorCode::unauthenticated, "a token was wanted, and none came in time")});
    } else if (is_revoked(guest, now)) {
      leaving.push_back(
          {id, refused(ErrorCode::unauthenticated, "the token has been revoked or has expired")});
    }
  }
  return leaving;
}

}  // namespace rota::portal

#pragma once
// Who may come in, and for what: every connection of a client passes here when it opens, and each of its packets before
// anything else looks at it. Sans-IO: the sockets are the server's.
//
// Where tokens are asked for, a connection is a stranger's until it has authenticated. Strangers get one small packet and
// a few seconds. Whoever comes over loopback without TLS is a user of this machine and needs no token, unless the operator
// wants one from everybody.

#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/time.hpp"
#include "portal/access.hpp"
#include "portal/attempt_limit.hpp"
#include "portal/tokens.hpp"
#include "protocol/packets.hpp"

namespace rota::portal {

struct GateBounds {
  // Connections of one address (of an IPv6 /64), in all and of those who have not authenticated. Loopback has none.
  std::size_t per_address = 256;
  std::size_t strangers_per_address = 64;
  std::size_t strangers = 1024;                    // then the one that has been here longest has to go
  std::chrono::milliseconds first_packet{10'000};  // the handshake of TLS included
  AttemptBounds attempts;
};

struct Visitor {
  std::string address;  // IP address
  bool is_loopback = false;
  bool has_tls = false;
};

class Gate {
 public:
  using Id = std::uint64_t;  // of a connection

  static constexpr std::size_t kStrangersPacketBytes = 4096;

  // tokens: null where nobody is asked for one; outlives the gate.
  explicit Gate(Tokens* tokens, bool wants_token_of_everybody = false, GateBounds bounds = {})
      : tokens_(tokens), wants_all_(wants_token_of_everybody), bounds_(bounds), attempts_(bounds.attempts) {}

  // What to answer, and then to close; nullopt: come in. closed() has to be called in both cases.
  std::optional<protocol::Error> opened(Id id, const Visitor& visitor, Instant now);
  void closed(Id id);

  // The stranger that has to be closed now, because there are too many: the oldest. Whoever means it has authenticated by
  // then, while those who only hold their place lose it.
  std::optional<Id> one_too_many() const;

  // What becomes of a packet.
  struct Decision {
    enum class Course { take, take_of_own_job, answer, answer_and_close };
    Course course = Course::take;
    std::optional<protocol::Packet> answer;
    std::string failure;  // for the log: what is wrong with an attempt to come in, without any of its bytes
  };
  Decision decide(Id id, const protocol::Packet& packet, Instant now);

  // Bytes that make no packet, or make too large a one. Whether the connection ends: strangers get no second chance.
  bool ends_on_bad_packet(Id id) const { return is_stranger(id); }
  bool is_stranger(Id id) const;

  // Who it is; only once it is no stranger.
  const Identity& identity_of(Id id) const { return guests_.at(id).identity; }

  // Connections whose time is up: strangers who have said nothing, and those whose token has gone; with what to tell
  // them. To be called now and then. Each is named until it has closed.
  struct Leaving {
    Id id;
    protocol::Error error;
  };
  std::vector<Leaving> leaving(Instant now);

 private:
  struct Guest {
    Visitor visitor;
    std::string group;  // of addresses that count as one
    bool is_stranger = false;
    Nanoseconds deadline{};  // monotonic; a stranger's
    Identity identity;
  };
  struct Counts {
    std::size_t all = 0;
    std::size_t strangers = 0;
  };
  bool wants_token_of(const Visitor& visitor) const;
  std::optional<protocol::Error> refusal_of(const Guest& guest) const;
  Decision authenticate(Id id, Guest& guest, const protocol::Authenticate& packet, Instant now);
  void welcome(Id id, Guest& guest, Identity identity);
  // The reason, or nothing where the log has heard enough of this address for now.
  std::string complaint(const char* reason, const Guest& guest, Instant now);
  bool is_revoked(const Guest& guest, Instant now) const;

  Tokens* tokens_;
  bool wants_all_;
  GateBounds bounds_;
  AttemptLimit attempts_;
  AttemptLimit complaints_;  // in the log, of those who come without a token: nobody has to wait for these
  std::unordered_map<Id, Guest> guests_;
  std::unordered_map<std::string, Counts> by_address_;
  std::set<Id> strangers_;  // oldest first
};

}  // namespace rota::portal

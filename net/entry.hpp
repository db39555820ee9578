#pragma once
// How a client or a node comes in at a portal: connects, with TLS where it is to be, and says who it is before anything
// else. What comes out is a stream that can be used.

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "net/connector.hpp"
#include "net/tls_context.hpp"
#include "protocol/packets.hpp"

namespace rota::net {

struct Credentials {
  std::shared_ptr<const TlsContext> tls;  // null: plain
  std::string token;                      // empty: none. Never sent without TLS to another machine
};

class Entry {
 public:
  // What went wrong, without the token in it.
  struct Problem {
    std::string text;
    bool is_final = false;  // who tries again with these credentials gets the same answer
  };
  // A stream that has to be start()ed, or null and the problem.
  using Done = std::function<void(std::unique_ptr<PacketStream> stream, const Problem& problem)>;

  explicit Entry(Loop& loop);
  ~Entry() = default;
  Entry(const Entry&) = delete;
  Entry& operator=(const Entry&) = delete;

  // As Connector::connect() does; timeout is of all of it. Calls back once, and not any more after cancel() or in the end
  // of this object; the callback may destroy it.
  void come_in(const std::string& host, int port, std::chrono::milliseconds timeout, Credentials credentials,
               Done done);
  void cancel();

 private:
  void connected(std::unique_ptr<PacketStream> stream, const std::string& problem);
  void answered(const std::string& json);
  Problem unprotected() const;
  void refused(const protocol::Error& error);
  void finish(std::unique_ptr<PacketStream> stream, const Problem& problem);

  Connector connector_;
  Timer timeout_;
  std::string host_;
  std::string token_;
  std::chrono::milliseconds answer_time_{};
  Done done_;
  std::unique_ptr<PacketStream> stream_;  // while the portal's answer is awaited
};

// The TLS of a client that trusts this CA and this fingerprint (TlsClientSettings); null where both are empty. Throws
// std::runtime_error or std::invalid_argument that says what is wrong with them.
std::shared_ptr<const TlsContext> client_tls(const std::string& ca, const std::string& pin);

// What is in a file of one token (and white space around it). Throws std::runtime_error that names the file where it cannot
// be read, holds no token, or can be read by everybody.
std::string read_token(const std::string& file);

}  // namespace rota::net

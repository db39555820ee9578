#pragma once
// TLS between a byte stream and whoever uses it, without sockets: bytes of the peer go in and plain text comes out, and the
// other way round. OpenSSL reads and writes through a BIO of our own in place of its memory BIO, whose buffers grow with
// the largest piece that ever went through and are never given back: what comes in is read where it lies, what goes out
// gathers in one string. One layer holds at most one unfinished record (16 KiB) of the peer's, beside OpenSSL's own state.

#include <openssl/types.h>

#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "net/openssl.hpp"
#include "net/tls_context.hpp"

namespace rota::net {

// What is wrong, for people: "the certificate of HOST has expired". take_output() may hold an alert for the peer.
class TlsError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

class TlsLayer {
 public:
  // host: whom a client wants, a name or an IP address; a server leaves it empty.
  TlsLayer(std::shared_ptr<const TlsContext> context, std::string host = "");
  TlsLayer(const TlsLayer&) = delete;
  TlsLayer& operator=(const TlsLayer&) = delete;
  ~TlsLayer();

  // The client's first bytes; of a server, nothing. Throws TlsError.
  void begin();

  // Bytes that came from the peer. plain gets what was in them, in pieces of a record at most. Throws TlsError, and the
  // layer is of no use any more.
  void receive(std::string_view bytes, const std::function<void(std::string_view)>& plain);

  // Only once it is established. Throws TlsError.
  void send(std::string_view plain);

  // Tells the peer that nothing more comes (close_notify). It may go on sending (RFC 8446 section 6.1). Nothing where the
  // handshake has not ended.
  void finish();

  // What is to be sent to the peer now.
  std::string take_output() { return std::exchange(output_, {}); }

  bool is_established() const { return established_; }
  bool peer_has_finished() const { return peer_finished_; }

  // A client whose first byte is that of a packet: it does not know that it speaks to TLS.
  bool peer_speaks_packets() const { return first_byte_ == '{' && context_->is_server(); }

 private:
  friend struct LayerBio;
  void go_on();
  void read_records(const std::function<void(std::string_view)>& plain);
  [[noreturn]] void fail();
  std::string problem(unsigned long code) const;
  std::string certificate_problem(long result) const;
  std::string peer_name() const;

  std::shared_ptr<const TlsContext> context_;
  std::string host_;
  Owned<SSL, SSL_free> ssl_;
  std::string_view input_;  // what of receive()'s bytes has not been read yet
  std::string output_;
  char first_byte_ = '\0';
  bool established_ = false;
  bool peer_finished_ = false;
};

}  // namespace rota::net

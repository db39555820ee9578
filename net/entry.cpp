#include "net/entry.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <fstream>
#include <stdexcept>
#include <utility>

#include "protocol/conversion.hpp"
#include "protocol/text_rule.hpp"

namespace rota::net {
namespace {

constexpr std::size_t kMaxTokenBytes = 255;     // of a name, see PROTOCOL.md
constexpr std::size_t kMaxRepeatedBytes = 200;  // of the portal's words in ours
constexpr std::size_t kMaxAnswerBytes = 64 << 10;

}  // namespace

Entry::Entry(Loop& loop) : connector_(loop), timeout_(loop) {}

void Entry::come_in(const std::string& host, int port, std::chrono::milliseconds timeout,
                    Credentials credentials, Done done) {
  cancel();
  host_ = host;
  token_ = std::move(credentials.token);
  answer_time_ = timeout;
  done_ = std::move(done);
  connector_.connect(
      host, port, timeout,
      [this](std::unique_ptr<PacketStream> stream, const std::string& problem) {
        connected(std::move(stream), problem);
      },
      std::move(credentials.tls));
}

void Entry::cancel() {
  done_ = nullptr;
  connector_.cancel();
  timeout_.stop();
  stream_.reset();
}

void Entry::connected(std::unique_ptr<PacketStream> stream, const std::string& problem) {
  if (!stream || token_.empty()) return finish(std::move(stream), {problem});
  if (!stream->has_tls() && !stream->peer_is_loopback()) return finish(nullptr, unprotected());
  stream_ = std::move(stream);
  stream_->set_max_packet_bytes(kMaxAnswerBytes);
  stream_->start({.on_packet = [this](const std::string& json) { answered(json); },
                  .on_bad_framing = {},
                  .on_finished = {},
                  .on_drained = {},
                  .on_closed =
                      [this](const std::string& reason) {
                        finish(nullptr, {"it did not answer the token: " + reason});
                      }});
  stream_->send(protocol::to_wire(protocol::Authenticate{std::exchange(token_, {})}));
  timeout_.once(answer_time_, [this] { finish(nullptr, {"it did not answer the token in time"}); });
}

Entry::Problem Entry::unprotected() const {
  return {fmt::format("the token is not sent to {} without TLS; name the CA (--tls-ca FILE) or the "
                      "certificate (--tls-pin SHA256)",
                      host_),
          true};
}

void Entry::answered(const std::string& json) {
  try {
    const protocol::Packet packet = protocol::from_json(json);
    if (const auto* error = std::get_if<protocol::Error>(&packet)) return refused(*error);
    if (!std::holds_alternative<protocol::Authenticated>(packet))
      return;  // such as a ping, which needs no answer yet
    stream_->pause();
    stream_->set_max_packet_bytes(protocol::kMaxPacketBytes);
    finish(std::move(stream_), {});
  } catch (const protocol::ProtocolError& error) {
    finish(nullptr, {fmt::format("it does not speak the protocol: {}", error.what())});
  }
}

void Entry::refused(const protocol::Error& error) {
  const auto words = protocol::in_quotes(error.message, kMaxRepeatedBytes);
  finish(nullptr, {"it refused the token: " + words, error.code == protocol::ErrorCode::unauthenticated});
}

void Entry::finish(std::unique_ptr<PacketStream> stream, const Problem& problem) {
  timeout_.stop();
  const std::unique_ptr<PacketStream> ended = std::move(stream_);  // its callback may be what runs
  token_.clear();
  if (const Done done = std::exchange(done_, nullptr)) done(std::move(stream), problem);
}

std::shared_ptr<const TlsContext> client_tls(const std::string& ca, const std::string& pin) {
  if (ca.empty() && pin.empty()) return nullptr;
  return TlsContext::for_client({.ca = ca, .pin = pin, .own = std::nullopt});
}

std::string read_token(const std::string& file) {
  struct stat status {};
  std::ifstream stream(file);
  std::string token, more;
  if (!stream || ::stat(file.c_str(), &status) != 0) throw std::runtime_error(file + ": cannot be read");
  if ((status.st_mode & (S_IROTH | S_IWOTH)) != 0)
    throw std::runtime_error(file + ": everybody on this machine can read this token; chmod 600");
  stream >> token >> more;
  if (token.empty() || !more.empty() || token.size() > kMaxTokenBytes)
    throw std::runtime_error(file + ": must hold one token and nothing else");
  return token;
}

}  // namespace rota::net

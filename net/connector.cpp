#include "net/connector.hpp"

#include "net/timer.hpp"
#include "net/tls_layer.hpp"

namespace rota::net {

// One call of connect(). libuv's requests cannot be taken back once they run, so each holds a share of the
// attempt through the pointer in its data.
struct Connector::Attempt : std::enable_shared_from_this<Attempt> {
  explicit Attempt(Loop& loop_of_owner) : loop(loop_of_owner), timeout(loop_of_owner) {}

  void resolve(int port);
  void try_next_address();
  void connected();
  void finish(std::unique_ptr<PacketStream> stream, const std::string& why);
  void stop();

  Loop& loop;
  Timer timeout;
  Done done;
  uv_getaddrinfo_t* lookup = nullptr;  // while it is under way
  std::unique_ptr<addrinfo, decltype(&uv_freeaddrinfo)> addresses{nullptr, uv_freeaddrinfo};
  addrinfo* next = nullptr;
  HandlePtr<uv_tcp_t> socket;
  std::string host;
  std::shared_ptr<const TlsContext> tls;
  std::unique_ptr<PacketStream> securing;  // while it shakes hands
  std::string problem = "no address";
};

namespace {

// A libuv request that keeps its attempt alive while it is under way.
template <typename Request, typename Owner>
struct Holding {
  Request request{};
  std::shared_ptr<Owner> owner;
  explicit Holding(std::shared_ptr<Owner> attempt) : owner(std::move(attempt)) { request.data = this; }
};

}  // namespace

void Connector::Attempt::resolve(int port) {
  using Lookup = Holding<uv_getaddrinfo_t, Attempt>;
  auto begun = std::make_unique<Lookup>(shared_from_this());
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  const auto service = std::to_string(port);
  const auto on_resolved = [](uv_getaddrinfo_t* request, int status, addrinfo* found) {
    std::unique_ptr<Lookup> finished(static_cast<Lookup*>(request->data));
    auto& attempt = *finished->owner;
    attempt.lookup = nullptr;
    attempt.addresses.reset(found);
    attempt.next = found;
    if (status < 0) attempt.problem = uv_strerror(status);
    attempt.loop.guard([&] { attempt.try_next_address(); });
  };
  check_uv(uv_getaddrinfo(loop.raw(), &begun->request, on_resolved, host.c_str(), service.c_str(), &hints),
           "look up " + host);
  lookup = &begun.release()->request;  // on_resolved frees it
}

void Connector::Attempt::try_next_address() {
  using Connect = Holding<uv_connect_t, Attempt>;
  if (!done) return;
  if (next == nullptr) return finish(nullptr, problem);
  const auto* address = next->ai_addr;
  next = next->ai_next;
  socket.reset(new uv_tcp_t{});
  uv_tcp_init(loop.raw(), socket.get());
  auto connect = std::make_unique<Connect>(shared_from_this());
  const auto on_connected = [](uv_connect_t* request, int status) {
    std::unique_ptr<Connect> finished(static_cast<Connect*>(request->data));
    auto& attempt = *finished->owner;
    if (!attempt.done) return;
    attempt.loop.guard([&] {
      if (status == 0) return attempt.connected();
      attempt.problem = uv_strerror(status);
      attempt.try_next_address();
    });
  };
  const int code = uv_tcp_connect(&connect->request, socket.get(), address, on_connected);
  if (code < 0) {
    problem = uv_strerror(code);
    return try_next_address();
  }
  connect.release();  // on_connected frees it
}

void Connector::Attempt::connected() {
  if (!tls) return finish(std::make_unique<PacketStream>(loop, std::move(socket)), "");
  securing = std::make_unique<PacketStream>(loop, std::move(socket), std::make_unique<TlsLayer>(tls, host));
  problem = host + " does not answer in TLS";
  securing->secure([this](const std::string& why) {
    const auto self = shared_from_this();  // the callback may destroy the connector
    finish(why.empty() ? std::move(securing) : nullptr, why);
  });
}

void Connector::Attempt::finish(std::unique_ptr<PacketStream> stream, const std::string& why) {
  stop();
  auto callback = std::exchange(done, nullptr);  // the callback may begin another attempt
  if (callback) callback(std::move(stream), why);
}

// A lookup that still waits for one of libuv's few threads is taken back: where names cannot be resolved,
// dead ones would queue up before those of other hosts.
void Connector::Attempt::stop() {
  timeout.stop();
  socket.reset();
  securing.reset();
  if (lookup != nullptr) uv_cancel(reinterpret_cast<uv_req_t*>(lookup));
}

void Connector::connect(const std::string& host, int port, std::chrono::milliseconds timeout, Done done,
                        std::shared_ptr<const TlsContext> tls) {
  cancel();
  attempt_ = std::make_shared<Attempt>(loop_);
  attempt_->done = std::move(done);
  attempt_->host = host;
  attempt_->tls = std::move(tls);
  const std::weak_ptr<Attempt> attempt = attempt_;
  attempt_->timeout.once(timeout, [attempt, timeout] {
    if (const auto still = attempt.lock()) {
      const std::string what = still->securing ? still->problem : "no answer";
      still->finish(nullptr, what + " within " + std::to_string(timeout.count()) + " ms");
    }
  });
  attempt_->resolve(port);
}

void Connector::cancel() {
  if (!attempt_) return;
  attempt_->done = nullptr;
  attempt_->stop();
  attempt_.reset();
}

}  // namespace rota::net

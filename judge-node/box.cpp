#include "judge-node/box.hpp"

#include <fmt/format.h>

#include <utility>

namespace rota::node {
namespace {

sandbox::RunReply failure(const std::string& reason) {
  sandbox::RunReply reply;
  reply.report.cause = protocol::Cause::box_failure;
  reply.report.detail = reason;
  return reply;
}

std::string exit_text(int status) {
  return status > 128 ? fmt::format("the box was ended by signal {}", status - 128)
                      : fmt::format("the box ended with exit code {}", status);
}

}  // namespace

Box::Box(net::Loop& loop, const std::filesystem::path& program, const std::vector<std::string>& flags,
         BoxEvents events)
    : deadline_(loop), turn_(loop), events_(std::move(events)) {
  auto [ours, theirs] = sandbox::BoxClient::make_sockets();
  client_.emplace(std::move(ours));
  std::vector<std::string> command{program.string(), "serve"};
  command.insert(command.end(), flags.begin(), flags.end());
  // Its stderr is ours; it reads nothing, and its messages go over the socket, which is its descriptor 3.
  process_ = std::make_unique<net::Subprocess>(loop, command, std::vector<int>{-1, -1, 2, theirs.get()},
                                               [this](int status) { on_exit(status); });
  watch_ = std::make_unique<net::FdWatch>(loop, client_->fd(), [this] { on_readable(); });
  deadline_.once(kStartTimeout, [this] { lose("the box did not get ready in time"); });
}

void Box::run(const sandbox::RunSpec& spec, Done done) {
  state_ = State::busy;
  was_used_ = true;
  done_ = std::move(done);
  deadline_.once(spec.limits.wall_time + kReplyGrace, [this] { lose("the box did not answer in time"); });
  try {
    client_->run(spec);
  } catch (const sandbox::BoxGone& problem) {
    socket_closed(problem.what());
  } catch (const std::exception& problem) {  // a spec past its bounds, or a send that this machine refused
    reply_later(failure(problem.what()));    // messages go whole or not at all, so the box is still idle
  }
}

void Box::cancel() {
  if (state_ != State::busy) return;
  try {
    client_->cancel();
  } catch (const sandbox::BoxGone&) {
    // The watch sees the same end and reports it.
  } catch (const std::exception&) {
    process_->kill(SIGKILL);  // what cannot be told to end its run is ended itself; on_exit() reports it
  }
}

void Box::stop(std::function<void()> on_exit) {
  state_ = State::stopping;
  done_ = nullptr;
  on_stopped_ = std::move(on_exit);
  deadline_.stop();
  turn_.stop();
  watch_.reset();
  client_.reset();
  // A process that has ended already has nobody left to call on_exit.
  if (!process_->running()) turn_.once(std::chrono::milliseconds(0), [this] { on_stopped_(); });
}

void Box::on_readable() {
  while (watch_) {
    auto message = receive();
    if (!message) return;
    on_message(std::move(*message));
  }
}

// Whatever keeps its messages from us, such as no memory to take one: a box that is not heard is of no use.
std::optional<sandbox::BoxMessage> Box::receive() {
  try {
    return client_->receive();
  } catch (const std::exception& problem) {
    socket_closed(problem.what());
    return std::nullopt;
  }
}

// The process is about to end, and how it ends says more than that its socket did.
void Box::socket_closed(const std::string& reason) {
  state_ = State::closed;
  watch_.reset();
  deadline_.once(kExitGrace, [this, reason] { lose(reason); });
}

void Box::on_message(sandbox::BoxMessage message) {
  if (auto* refused = std::get_if<sandbox::BoxRefused>(&message)) return lose(refused->reason, true);
  if (auto* ready = std::get_if<sandbox::BoxReady>(&message); ready != nullptr && state_ == State::starting) {
    state_ = State::idle;
    deadline_.stop();
    return events_.on_ready(ready->layers);
  }
  if (auto* answer = std::get_if<sandbox::RunReply>(&message); answer != nullptr && state_ == State::busy) {
    return reply(std::move(*answer));
  }
  lose("the box sent a message out of turn");
}

void Box::on_exit(int status) {
  if (state_ == State::stopping) return on_stopped_();
  if (watch_) on_readable();  // the last words, such as why it refuses, may still stand in the socket
  lose(exit_text(status));
}

void Box::lose(const std::string& reason, bool refused) {
  if (state_ == State::lost || state_ == State::stopping) return;
  state_ = State::lost;
  deadline_.stop();
  turn_.stop();
  watch_.reset();
  client_.reset();
  if (!refused) process_->kill(SIGKILL);  // one that refuses clears up and ends by itself
  if (const auto done = std::exchange(done_, nullptr)) done(failure(reason));
  events_.on_lost(reason, refused);
}

void Box::reply(sandbox::RunReply reply) {
  state_ = State::idle;
  deadline_.stop();
  std::exchange(done_, nullptr)(std::move(reply));
}

void Box::reply_later(sandbox::RunReply later) {
  // Shared, since a std::function must be copyable and a reply with its descriptors is not.
  auto kept = std::make_shared<sandbox::RunReply>(std::move(later));
  turn_.once(std::chrono::milliseconds(0), [this, kept] { reply(std::move(*kept)); });
}

}  // namespace rota::node

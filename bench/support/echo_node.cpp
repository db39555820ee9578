#include "bench/support/echo_node.hpp"

#include <fmt/core.h>

#include <stdexcept>

#include "base/time.hpp"
#include "bench/support/packet_text.hpp"
#include "protocol/conversion.hpp"
#include "protocol/job_id.hpp"

namespace rota::bench {
namespace {

constexpr std::chrono::milliseconds kEntryTime{10'000};

// "attempt":N and the closing brace: the last field that a portal writes.
std::string_view attempt_of(std::string_view submit) {
  constexpr std::string_view name = "\"attempt\":";
  const auto at = submit.rfind(name);
  if (at == std::string_view::npos) throw std::runtime_error("a portal sent a job without an attempt");
  const auto begin = at + name.size();
  return submit.substr(begin, submit.find_first_of(",}", begin) - begin);
}

}  // namespace

EchoNode::EchoNode(net::Loop& loop, std::string name, std::uint32_t slots, bool drains)
    : name_(std::move(name)),
      slots_(slots),
      drains_(drains),
      session_(protocol::make_job_id(now().utc)),
      connector_(loop) {}

void EchoNode::join(const std::string& host, int port, std::function<void()> on_ready) {
  on_ready_ = std::move(on_ready);
  connector_.connect(
      host, port, kEntryTime, [this](std::unique_ptr<net::PacketStream> stream, const std::string& problem) {
        if (!stream) throw std::runtime_error("a node cannot connect: " + problem);
        stream_ = std::move(stream);
        stream_->start({.on_packet = [this](const std::string& json) { received(json); },
                        .on_closed =
                            [this](const std::string& reason) {
                              throw std::runtime_error(name_ + " has lost its portal: " + reason);
                            }});
        stream_->send(protocol::to_wire(protocol::Join{name_}));
      });
}

void EchoNode::take_jobs() {
  stream_->send(protocol::to_wire(protocol::Drain{.on = false}));
}

void EchoNode::received(std::string_view json) {
  const auto type = type_of(json);
  if (type == "submit") {
    answer(json);
  } else if (type == "ping") {
    const auto packet = protocol::from_json(json);
    stream_->send(protocol::to_wire(protocol::Pong{std::get<protocol::Ping>(packet).number}));
  } else if (type == "hello") {
    stream_->send(hello());
  } else if (type == "lease") {
    stream_->send(protocol::to_wire(protocol::Holdings{}));
    on_ready_();
  } else if (type != "stored" && type != "cancel") {
    throw std::runtime_error("a portal sent a node: " + std::string(json));
  }
}

std::string EchoNode::hello() const {
  return protocol::to_wire(protocol::Hello{.name = name_,
                                           .slots = slots_,
                                           .languages = {"C"},
                                           .accepts = {".c", "c"},
                                           .session = session_,
                                           .draining = drains_});
}

void EchoNode::answer(std::string_view submit) {
  ++jobs_;
  stream_->send(fmt::format(
      R"({{"rota":2,"type":"result","job":"{}","verdict":"AC","returncode":0,"stdout":"","stderr":"",)"
      "\"node\":\"{}\",\"language\":\"C\",\"events\":[],\"attempt\":{}}}\x04",
      job_of(submit), name_, attempt_of(submit)));
}

}  // namespace rota::bench

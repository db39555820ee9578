#include "bench/support/load.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "bench/support/packet_text.hpp"

namespace rota::bench {
namespace {

constexpr std::chrono::milliseconds kConnectTime{10'000};
constexpr unsigned kConnectedAtOnce = 64;  // a listener's backlog is bounded
constexpr std::size_t kIdBytes = 36;
constexpr std::size_t kNumberBytes = 12;  // at its end

std::uint64_t number_of(std::string_view job) {
  std::uint64_t number = 0;
  const auto digits = job.substr(kIdBytes - kNumberBytes);
  if (job.size() != kIdBytes ||
      std::from_chars(digits.data(), digits.data() + digits.size(), number).ec != std::errc())
    throw std::runtime_error("an answer to another job: " + std::string(job));
  return number;
}

}  // namespace

Load::Load(net::Loop& loop, LoadTarget target, std::function<void()> on_ready)
    : loop_(loop), target_(std::move(target)), on_ready_(std::move(on_ready)), pace_(loop), end_(loop) {
  for (unsigned i = 0; i < std::min(target_.connections, kConnectedAtOnce); ++i) connect_next();
}

void Load::connect_next() {
  if (connecting_++ >= target_.connections) return;
  connectors_.push_back(std::make_unique<net::Connector>(loop_));
  connectors_.back()->connect(
      target_.host, target_.port, kConnectTime,
      [this](std::unique_ptr<net::PacketStream> stream, const std::string& problem) {
        if (!stream) throw std::runtime_error("a client cannot connect: " + problem);
        const std::size_t index = streams_.size();
        streams_.push_back(std::move(stream));
        streams_.back()->start(
            {.on_packet = [this, index](const std::string& json) { received(index, json); },
             .on_closed =
                 [](const std::string& reason) {
                   throw std::runtime_error("a client has lost its portal: " + reason);
                 }});
        connect_next();
        if (streams_.size() == target_.connections) on_ready_();
      });
}

void Load::saturate(unsigned in_flight, std::chrono::milliseconds warm_up, std::chrono::milliseconds time,
                    Done done) {
  const auto start = Clock::now() + warm_up;
  begin({.begin = start, .end = start + time, .in_flight = in_flight, .done = std::move(done)});
  for (unsigned i = 0; i < in_flight; ++i) send(i % streams_.size(), Clock::now());
}

void Load::pace(double per_second, std::chrono::milliseconds time, Done done) {
  const auto start = Clock::now();
  begin({.begin = start, .end = start + time, .per_second = per_second, .done = std::move(done)});
  pace_.every(std::chrono::milliseconds(1), [this] { send_due(); });
}

void Load::begin(Phase phase) {
  const auto time = phase.end - Clock::now();
  phase_ = std::move(phase);
  // libuv counts whole milliseconds from a time that it has rounded down: one more, so that it is not early.
  end_.once(std::chrono::ceil<std::chrono::milliseconds>(time) + std::chrono::milliseconds(1), [this] {
    pace_.stop();
    finish_if_idle();
  });
}

void Load::send_due() {
  const std::chrono::duration<double> passed = std::min(Clock::now(), phase_.end) - phase_.begin;
  const auto due = static_cast<std::uint64_t>(passed.count() * phase_.per_second);
  for (; phase_.due < due; ++phase_.due) {
    const std::chrono::duration<double> at(static_cast<double>(phase_.due) / phase_.per_second);
    send(phase_.due % streams_.size(), phase_.begin + std::chrono::duration_cast<Clock::duration>(at));
  }
}

void Load::send(std::size_t connection, Clock::time_point due) {
  const std::uint64_t number = next_number_++;
  due_.emplace(number, due);
  streams_[connection]->send(
      fmt::format(R"({{"rota":2,"type":"submit","job":"01938c6e-5a00-7abc-8def-{:012}","file_name":"a.c",)"
                  "\"source\":\"{}\"{}}}\x04",
                  number, target_.source, target_.acknowledge ? ",\"acknowledge\":true" : ""));
}

// An echo of the submission is an answer, too: the baseline's.
void Load::received(std::size_t connection, std::string_view json) {
  const auto type = type_of(json);
  if (type == "accepted") {
    if (awaited_accepts_ > 0 && --awaited_accepts_ == 0) on_accepted_();
    return;
  }
  if (type == "error") {
    ++phase_.figures.refused;
  } else if (type != "result" && type != "submit")
    throw std::runtime_error("a portal sent a client: " + std::string(json));
  answered(connection, number_of(job_of(json)));
}

void Load::answered(std::size_t connection, std::uint64_t number) {
  const auto found = due_.find(number);
  if (found == due_.end()) throw std::runtime_error("a second answer to a job");
  const auto due = found->second;
  due_.erase(found);
  ++answers_;
  const auto now = Clock::now();
  if (now >= phase_.begin && (now < phase_.end || phase_.in_flight == 0)) {
    ++phase_.answers;
    phase_.figures.latencies_us.push_back(std::chrono::duration<double, std::micro>(now - due).count());
  }
  if (phase_.in_flight > 0 && now < phase_.end) return send(connection, now);
  finish_if_idle();
  if (due_.empty() && on_drained_) std::exchange(on_drained_, nullptr)();
}

void Load::queue(std::uint64_t jobs, std::function<void()> done) {
  awaited_accepts_ = jobs;
  on_accepted_ = std::move(done);
  for (std::uint64_t i = 0; i < jobs; ++i) send(i % streams_.size(), Clock::now());
}

void Load::drain(std::function<void()> done) {
  if (due_.empty()) return done();
  on_drained_ = std::move(done);
}

void Load::finish_if_idle() {
  if (!due_.empty() || Clock::now() < phase_.end || !phase_.done) return;
  const std::chrono::duration<double> time = phase_.end - phase_.begin;
  phase_.figures.per_second = static_cast<double>(phase_.answers) / time.count();
  const auto done = std::exchange(phase_.done, nullptr);
  done(std::move(phase_.figures));
}

}  // namespace rota::bench

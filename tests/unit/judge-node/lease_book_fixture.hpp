#pragma once
// A lease book under a clock that only the test moves.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <functional>

#include "judge-node/lease_book.hpp"
#include "protocol/error.hpp"

namespace rota::node {

inline std::string id(int number) {
  return fmt::format("01938c6e-5a00-7abc-8def-{:012}", number);
}

inline const std::string kCluster = id(1'000'000);

inline protocol::Lease lease(std::chrono::milliseconds fence_after = std::chrono::milliseconds(6000),
                             const std::string& cluster = kCluster) {
  return {cluster, fence_after};
}

inline protocol::Submit submission(int job, std::uint32_t attempt = 1, bool live_events = false) {
  protocol::Submit submit;
  submit.job = id(job);
  submit.attempt = attempt;
  submit.live_events = live_events;
  return submit;
}

inline protocol::Result result(int job, std::size_t bytes = 0) {
  protocol::Result made;
  made.job = id(job);
  made.stdout_bytes.assign(bytes, 'x');
  return made;
}

inline protocol::ErrorCode refused_with(const std::function<void()>& call) {
  try {
    call();
  } catch (const protocol::ProtocolError& error) {
    return error.code();
  }
  ADD_FAILURE() << "nothing was refused";
  return protocol::ErrorCode::internal;
}

class LeaseBookTest : public testing::Test {
 protected:
  LeaseBook::Begun begin(LeaseBook::Link link, const protocol::Submit& submit, LeaseBook::Run run) {
    const auto begun = book.begin(link, submit, now);
    if (begun.state == LeaseBook::State::fresh) book.started(begun.key, run);
    return begun;
  }
  LeaseBook::Link finish(int job, std::uint32_t attempt = 1, std::size_t bytes = 0) {
    return book.finish({kCluster, id(job), attempt}, result(job, bytes));
  }
  // The jobs whose results the link is given now.
  std::vector<std::string> given(LeaseBook::Link link) {
    std::vector<std::string> jobs;
    while (const auto* next = book.next_result(link)) jobs.push_back(next->job);
    return jobs;
  }

  LeaseBook book;
  LeaseBook::Time now = std::chrono::hours(3);
};

}  // namespace rota::node

// Jobs that a node brings along from another portal of the same store, which is asked whether they are wanted.

#include <gmock/gmock.h>

#include "tests/unit/portal/dispatcher_fixture.hpp"

namespace rota::portal {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

// A store that several portals share, as far as adopting goes: the answer comes when the test says so.
class SharedStore : public EmbeddedStore {
 public:
  using EmbeddedStore::EmbeddedStore;
  void adopt(const std::string& job, std::uint32_t attempt,
             std::function<void(std::optional<JobInfo>)> callback) override {
    asked.push_back([job, attempt, callback = std::move(callback)](bool is_wanted) {
      if (!is_wanted) return callback(std::nullopt);
      callback(JobInfo{.id = job, .user = "anna", .attempt = attempt, .node = "node-1"});
    });
  }
  void finish(const std::string& job, std::uint32_t attempt, Answer,
              std::function<void(bool)> callback) override {
    finished.push_back(job + " " + std::to_string(attempt));
    callback(true);
  }
  void requeue(const std::string& job, std::uint32_t attempt, std::vector<protocol::Event>,
               std::function<void(bool)> callback) override {
    requeued.push_back(job + " " + std::to_string(attempt));
    callback(true);
  }

  std::vector<std::function<void(bool is_wanted)>> asked;
  std::vector<std::string> finished, requeued;
};

class DispatcherAdoptTest : public ::testing::Test {
 protected:
  DispatcherAdoptTest() {
    portal_.add_node("a:1");
    portal_.add_node("b:1");
    portal_.start([] {});
    loop_.run();
  }
  void node_up(NodeIndex node, int life, std::vector<protocol::HeldJob> held) {
    portal_.node_up(node, {.name = "node-1", .slots = 2, .session = session_id(life)});
    portal_.holdings(node, {std::move(held)});
  }
  static protocol::Result result() {
    return {.job = job_id(1), .verdict = protocol::Verdict::AC, .attempt = 2};
  }
  // Packets of this kind to nodes.
  template <typename Packet>
  std::size_t sent() const {
    return static_cast<std::size_t>(std::count_if(actions_.begin(), actions_.end(), [](const Action& action) {
      const auto* to_node = std::get_if<ToNode>(&action);
      return to_node != nullptr && std::holds_alternative<Packet>(to_node->packet);
    }));
  }

  net::Loop loop_;
  Instant clock_{UtcTime(500'000h), 10h};
  SharedStore store_{loop_, std::make_unique<ScriptedJournal>(std::make_shared<JournalDisk>())};
  Actions actions_;
  Dispatcher portal_{"portal", 1, store_, [this] { return clock_; },
                     [this](Action action) { actions_.push_back(std::move(action)); }};
};

TEST_F(DispatcherAdoptTest, AResultThatComesBeforeTheStoreHasAnsweredIsKept) {
  node_up(0, 1, {{job_id(1), 2, true}});
  portal_.result(0, result());
  EXPECT_THAT(store_.finished, IsEmpty());
  store_.asked.at(0)(true);
  EXPECT_THAT(store_.finished, ElementsAre(job_id(1) + " 2"));
  EXPECT_FALSE(portal_.has_jobs_in_hand());
}

TEST_F(DispatcherAdoptTest, WhatIsNotWantedIsTakenBack) {
  node_up(0, 1, {{job_id(1), 2, true}});
  portal_.result(0, result());
  store_.asked.at(0)(false);
  EXPECT_THAT(store_.finished, IsEmpty());
  EXPECT_EQ(sent<protocol::Stored>(), 1u);
  EXPECT_FALSE(portal_.has_jobs_in_hand());
}

TEST_F(DispatcherAdoptTest, AResultWithoutALeaseIsTheStoresToJudge) {
  node_up(0, 1, {});
  portal_.result(0, result());
  store_.asked.at(0)(true);
  EXPECT_THAT(store_.finished, ElementsAre(job_id(1) + " 2"));
  EXPECT_FALSE(portal_.has_jobs_in_hand());
}

TEST_F(DispatcherAdoptTest, AnAdoptedJobOfANodeThatHasGoneMeanwhileHasItsGrace) {
  node_up(0, 1, {{job_id(1), 2, false}});
  portal_.node_down(0, "connection lost");
  store_.asked.at(0)(true);
  clock_.monotonic += 9s;
  portal_.tick();
  EXPECT_THAT(store_.requeued, IsEmpty());
  clock_.monotonic += 1s;
  portal_.tick();
  EXPECT_THAT(store_.requeued, ElementsAre(job_id(1) + " 2"));
}

TEST_F(DispatcherAdoptTest, AnAdoptedJobOfANodeThatWasStartedAgainMeanwhileIsMadeAgain) {
  node_up(0, 1, {{job_id(1), 2, false}});
  portal_.node_down(0, "connection lost");
  node_up(0, 2, {});
  store_.asked.at(0)(true);
  EXPECT_THAT(store_.requeued, ElementsAre(job_id(1) + " 2"));
}

TEST_F(DispatcherAdoptTest, ANodeThatSaysItAgainIsAskedAboutOnce) {
  node_up(0, 1, {{job_id(1), 2, false}});
  portal_.node_down(0, "connection lost");
  node_up(0, 1, {{job_id(1), 2, true}});
  portal_.result(0, result());
  EXPECT_EQ(store_.asked.size(), 1u);
  EXPECT_EQ(sent<protocol::Cancel>(), 0u);
  store_.asked.at(0)(true);
  EXPECT_THAT(store_.finished, ElementsAre(job_id(1) + " 2"));
}

TEST_F(DispatcherAdoptTest, OfTwoNodesThatSayTheyHaveItTheFirstIsAsked) {
  node_up(0, 1, {{job_id(1), 2, false}});
  node_up(1, 7, {{job_id(1), 2, false}});
  EXPECT_EQ(store_.asked.size(), 1u);
  EXPECT_EQ(sent<protocol::Cancel>(), 1u);
}

}  // namespace
}  // namespace rota::portal

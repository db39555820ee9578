#include "net/turn_end.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

#include "net/loop.hpp"
#include "net/timer.hpp"

namespace rota::net {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

class TurnEndTest : public testing::Test {
 protected:
  void say(const std::string& what) { said_.push_back(what); }

  Loop loop_;
  std::vector<std::string> said_;
};

TEST_F(TurnEndTest, ComesAfterTheCallbacksOfTheTurn) {
  Timer one(loop_), other(loop_);
  for (Timer* timer : {&one, &other}) {
    timer->once(0ms, [&] {
      loop_.turn_end().call([&] { say("end"); });
      say("callback");
    });
  }
  loop_.run();
  EXPECT_THAT(said_, ElementsAre("callback", "callback", "end", "end"));
}

TEST_F(TurnEndTest, ComesBeforeTheLoopWaits) {
  Timer soon(loop_), late(loop_);
  late.once(50ms, [&] { say("late"); });
  soon.once(1ms, [&] { loop_.turn_end().call([&] { say("end"); }); });
  loop_.run();
  EXPECT_THAT(said_, ElementsAre("end", "late"));
}

TEST_F(TurnEndTest, KeepsTheOrderOfTheCallsAndTheLoopGoing) {
  for (const char* what : {"one", "two"}) loop_.turn_end().call([this, what] { say(what); });
  loop_.run();
  EXPECT_THAT(said_, ElementsAre("one", "two"));
}

TEST_F(TurnEndTest, DoesWhatIsAddedMeanwhileAfterTheOthers) {
  loop_.turn_end().call([this] {
    loop_.turn_end().call([this] { say("second"); });
    say("first");
  });
  loop_.turn_end().call([this] { say("also first"); });
  loop_.run();
  EXPECT_THAT(said_, ElementsAre("first", "also first", "second"));
}

TEST_F(TurnEndTest, HandsFailuresToTheLoop) {
  loop_.turn_end().call([] { throw std::runtime_error("no"); });
  EXPECT_THROW(loop_.run(), std::runtime_error);
}

}  // namespace
}  // namespace rota::net

#include "portal/gate.hpp"

#include <gmock/gmock.h>

#include "base/temp_dir.hpp"

namespace rota::portal {
namespace {

using namespace protocol;
using namespace std::chrono_literals;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using Course = Gate::Decision::Course;

class GateTest : public ::testing::Test {
 protected:
  GateTest() { write_token_file(file, records); }

  std::string give(Role role, const std::string& user, std::optional<UtcTime> expires = std::nullopt) {
    const std::string token = make_token();
    records.push_back(record_of(token, role, user, now.utc, expires));
    write_token_file(file, records);
    return token;
  }

  void pass(std::chrono::milliseconds time) {
    now.utc += time;
    now.monotonic += time;
  }

  // Of a connection that comes in and is not refused.
  Gate::Id come(Gate& gate, const Visitor& visitor) {
    EXPECT_EQ(gate.opened(++last, visitor, now), std::nullopt);
    return last;
  }

  static ErrorCode code_of(const Gate::Decision& decision) { return std::get<Error>(*decision.answer).code; }

  static constexpr GateBounds kBounds{
      .per_address = 4, .strangers_per_address = 3, .strangers = 5, .first_packet = 10s, .attempts = {}};
  const Visitor afar{"10.0.0.1", false, true};
  const Visitor here{"127.0.0.1", true, false};
  TempDir folder{"rota-gate-"};
  std::filesystem::path file = folder.path() / "tokens";
  std::vector<TokenRecord> records;
  Instant now{*from_rfc3339("2026-11-23T09:00:00Z"), 1h};
  Gate::Id last = 0;
};

TEST_F(GateTest, AsksNobodyWhereThereAreNoTokens) {
  Gate gate(nullptr);
  const auto id = come(gate, afar);
  EXPECT_FALSE(gate.is_stranger(id));
  EXPECT_EQ(gate.decide(id, Drain{"n"}, now).course, Course::take);
  EXPECT_EQ(gate.identity_of(id).user, "local");
  const auto decision = gate.decide(id, Authenticate{"rota_whatever"}, now);
  EXPECT_EQ(std::get<Authenticated>(*decision.answer).role, "admin");
  EXPECT_EQ(decision.course, Course::answer);
}

// The tests from here on have tokens.
class GateWithTokensTest : public GateTest {
 protected:
  Tokens tokens{file, [](const std::string&) {}};
  Gate gate{&tokens, false, kBounds};
};

TEST_F(GateWithTokensTest, AsksNobodyWhoComesOverLoopbackWithoutTls) {
  const auto id = come(gate, here);
  EXPECT_EQ(gate.decide(id, NodesQuery{}, now).course, Course::take);
  EXPECT_EQ(gate.identity_of(id).role, Role::admin);
}

TEST_F(GateWithTokensTest, AsksEverybodyWhereThatIsWanted) {
  Gate strict(&tokens, true, kBounds);
  const auto id = come(strict, here);
  EXPECT_EQ(code_of(strict.decide(id, NodesQuery{}, now)), ErrorCode::unauthenticated);
}

TEST_F(GateWithTokensTest, AsksWhoComesInTlsOverLoopbackOrPlainFromElsewhere) {
  EXPECT_TRUE(gate.is_stranger(come(gate, {"127.0.0.1", true, true})));
  EXPECT_TRUE(gate.is_stranger(come(gate, {"10.0.0.1", false, false})));
}

TEST_F(GateWithTokensTest, ClosesOnAStrangerWhoDoesNotAuthenticateFirst) {
  for (const Packet& packet : {Packet(Submit{}), Packet(Hello{}), Packet(Ping{}), Packet(Join{"n"})}) {
    const auto id = come(gate, afar);
    const auto decision = gate.decide(id, packet, now);
    EXPECT_EQ(decision.course, Course::answer_and_close);
    EXPECT_EQ(code_of(decision), ErrorCode::unauthenticated);
    EXPECT_TRUE(gate.ends_on_bad_packet(id));
    gate.closed(id);
  }
}

TEST_F(GateWithTokensTest, DoesNotFillTheLogWithThoseWhoComeWithoutAToken) {
  int logged = 0;
  for (int i = 0; i < 1000; ++i) {
    const auto id = come(gate, afar);
    logged += gate.decide(id, Submit{}, now).failure.empty() ? 0 : 1;
    gate.closed(id);
  }
  EXPECT_EQ(logged, 6);
}

TEST_F(GateWithTokensTest, TakesAToken) {
  const std::string token = give(Role::submit, "ana");
  const auto id = come(gate, afar);
  const auto decision = gate.decide(id, Authenticate{token}, now);
  EXPECT_EQ(decision.course, Course::answer);
  EXPECT_EQ(std::get<Authenticated>(*decision.answer), (Authenticated{"ana", "submit"}));
  EXPECT_FALSE(gate.is_stranger(id));
  EXPECT_EQ(gate.decide(id, Submit{}, now).course, Course::take);
}

TEST_F(GateWithTokensTest, HoldsEachToItsRole) {
  const std::string ana = give(Role::submit, "ana"), node = give(Role::node, "judge-a");
  const auto submitter = come(gate, afar), judge = come(gate, afar);
  gate.decide(submitter, Authenticate{ana}, now);
  gate.decide(judge, Authenticate{node}, now);
  EXPECT_EQ(code_of(gate.decide(judge, Submit{}, now)), ErrorCode::forbidden);
  EXPECT_EQ(code_of(gate.decide(judge, LogsQuery{}, now)), ErrorCode::forbidden);
  EXPECT_EQ(gate.decide(judge, Join{"judge-a"}, now).course, Course::take);
  EXPECT_EQ(code_of(gate.decide(submitter, Drain{"n"}, now)), ErrorCode::forbidden);
  LogsQuery query;
  query.job = "01938c6e-5a00-7abc-8def-0123456789ab";
  EXPECT_EQ(gate.decide(submitter, query, now).course, Course::take_of_own_job);
}

TEST_F(GateWithTokensTest, SaysNothingOfAWrongTokenInTheLogButThatThereWasOne) {
  const auto decision = gate.decide(come(gate, afar), Authenticate{"rota_wrong"}, now);
  EXPECT_EQ(decision.course, Course::answer_and_close);
  EXPECT_EQ(decision.failure, "unknown token");
  EXPECT_EQ(std::get<Error>(*decision.answer).message.find("rota_wrong"), std::string::npos);
}

TEST_F(GateWithTokensTest, DoesNotListenToAnAddressThatFailsOverAndOver) {
  const std::string token = give(Role::submit, "ana");
  for (int i = 0; i < 6; ++i) {
    const auto id = come(gate, afar);
    gate.decide(id, Authenticate{"rota_wrong"}, now);
    gate.closed(id);
  }
  const auto decision = gate.decide(come(gate, afar), Authenticate{token}, now);
  EXPECT_EQ(code_of(decision), ErrorCode::busy);
  EXPECT_EQ(std::get<Error>(*decision.answer).retry_after, 200ms);
  EXPECT_EQ(decision.failure, "");  // a flood does not fill the log
  pass(200ms);
  EXPECT_EQ(gate.decide(come(gate, afar), Authenticate{token}, now).course, Course::answer);
}

TEST_F(GateWithTokensTest, ShowsOutAStrangerWhoSaysNothing) {
  const std::string token = give(Role::submit, "ana");
  const auto silent = come(gate, afar), guest = come(gate, afar);
  gate.decide(guest, Authenticate{token}, now);
  pass(9999ms);
  EXPECT_THAT(gate.leaving(now), IsEmpty());
  pass(1ms);
  const auto leaving = gate.leaving(now);
  ASSERT_THAT(leaving, SizeIs(1));
  EXPECT_EQ(leaving[0].id, silent);
}

TEST_F(GateWithTokensTest, ShowsOutWhoseTokenHasBeenRevoked) {
  const std::string token = give(Role::submit, "ana");
  const auto id = come(gate, afar);
  gate.decide(id, Authenticate{token}, now);
  EXPECT_THAT(gate.leaving(now), IsEmpty());
  records.clear();
  write_token_file(file, records);
  const auto leaving = gate.leaving(now);
  ASSERT_THAT(leaving, SizeIs(1));
  EXPECT_EQ(leaving[0].error.code, ErrorCode::unauthenticated);
  EXPECT_EQ(gate.decide(id, Submit{}, now).course, Course::answer_and_close);
}

TEST_F(GateWithTokensTest, ShowsOutWhoseTokenHasExpired) {
  const std::string token = give(Role::submit, "ana", now.utc + 1h);
  const auto id = come(gate, afar);
  gate.decide(id, Authenticate{token}, now);
  pass(1h);
  EXPECT_EQ(code_of(gate.decide(id, Submit{}, now)), ErrorCode::unauthenticated);
  EXPECT_THAT(gate.leaving(now), SizeIs(1));
}

TEST_F(GateWithTokensTest, BoundsTheStrangersOfOneAddress) {
  for (int i = 0; i < 3; ++i) come(gate, afar);
  EXPECT_EQ(gate.opened(99, afar, now)->code, ErrorCode::busy);
  gate.closed(99);
  come(gate, {"10.0.0.2", false, true});
}

TEST_F(GateWithTokensTest, BoundsTheConnectionsOfOneAddress) {
  const std::string token = give(Role::submit, "ana");
  for (int i = 0; i < 4; ++i) gate.decide(come(gate, afar), Authenticate{token}, now);
  EXPECT_EQ(gate.opened(99, afar, now)->code, ErrorCode::busy);
  gate.closed(99);
  gate.closed(1);
  come(gate, afar);
}

TEST_F(GateWithTokensTest, HasTheOldestOfTooManyStrangersGo) {
  for (int i = 0; i < 5; ++i) come(gate, {"10.0.0." + std::to_string(i), false, true});
  EXPECT_EQ(gate.one_too_many(), std::nullopt);
  come(gate, {"10.0.0.9", false, true});
  EXPECT_EQ(gate.one_too_many(), Gate::Id{1});
  gate.closed(1);
  EXPECT_EQ(gate.one_too_many(), std::nullopt);
}

TEST_F(GateWithTokensTest, DoesNotCountTheConnectionsOfThisMachine) {
  for (int i = 0; i < 1000; ++i) come(gate, here);
}

TEST_F(GateWithTokensTest, CountsDownToNothing) {
  const std::string token = give(Role::submit, "ana");
  for (int round = 0; round < 100; ++round) {
    const auto one = come(gate, afar), other = come(gate, afar);
    gate.decide(one, Authenticate{token}, now);
    gate.closed(one);
    gate.closed(other);
    gate.closed(other);  // nothing happens
  }
}

}  // namespace
}  // namespace rota::portal

// Tokens and what they reach, packet by packet.

#include <gmock/gmock.h>

#include "base/time.hpp"
#include "protocol/job_id.hpp"
#include "tests/integration/access/secure_portal.hpp"
#include "tests/support/processes.hpp"

namespace rota::test {
namespace {

using namespace protocol;
using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

class TokenTest : public ::testing::Test {
 protected:
  PacketClient enter(const std::string& token_file) {
    PacketClient client = portal.connect();
    client.send(Authenticate{
        portal.token_in(std::filesystem::path(token_file).lexically_relative(portal.folder.path()))});
    client.expect<Authenticated>();
    return client;
  }

  // A job that waits for ever, as there is no node.
  std::string accepted_job(PacketClient& client) {
    Submit submit;
    submit.job = make_job_id(now().utc);
    submit.file_name = "a.sh";
    submit.source = "true";
    submit.acknowledge = true;
    client.send(submit);
    return client.expect<Accepted>().job;
  }

  static ErrorCode answer_of(PacketClient& client, const Packet& packet) {
    client.send(packet);
    return client.expect<Error>().code;
  }

  static LogsQuery logs_of(const std::string& job) {
    LogsQuery query;
    query.query = "q";
    query.job = job;
    return query;
  }

  SecurePortal portal{kPlainWithTokens};
};

TEST_F(TokenTest, IsWantedFirst) {
  for (const Packet& packet :
       {Packet(NodesQuery{}), Packet(Hello{}), Packet(Ping{}), Packet(Join{"n", ""})}) {
    PacketClient client = portal.connect();
    EXPECT_EQ(answer_of(client, packet), ErrorCode::unauthenticated);
    EXPECT_FALSE(client.next().has_value());
  }
  EXPECT_TRUE(
      becomes_true([this] { return portal.log().find("authentication.failed") != std::string::npos; }));
}

TEST_F(TokenTest, ThatIsWrongEndsTheConnectionAndIsNotLogged) {
  PacketClient client = portal.connect();
  client.send(Authenticate{"rota_this-is-not-the-one"});
  EXPECT_EQ(client.expect<Error>().code, ErrorCode::unauthenticated);
  EXPECT_FALSE(client.next().has_value());
  EXPECT_TRUE(
      becomes_true([this] { return portal.log().find(R"("reason":"unknown token")") != std::string::npos; }));
  EXPECT_THAT(portal.log(), Not(HasSubstr("this-is-not")));
}

TEST_F(TokenTest, IsNotLookedAtAfterManyWrongOnes) {
  const std::string good = portal.token_in("cluster/admin.token");
  for (int i = 0; i < 6; ++i) {
    PacketClient client = portal.connect();
    client.send(Authenticate{"rota_wrong"});
    EXPECT_EQ(client.expect<Error>().code, ErrorCode::unauthenticated);
  }
  PacketClient client = portal.connect();
  client.send(Authenticate{good});
  const Error error = client.expect<Error>();
  EXPECT_EQ(error.code, ErrorCode::busy);
  EXPECT_GT(error.retry_after, 0ms);
}

TEST_F(TokenTest, TellsWhoItIs) {
  PacketClient client = portal.connect();
  client.send(Authenticate{portal.token_in("cluster/admin.token")});
  EXPECT_EQ(client.expect<Authenticated>(), (Authenticated{"admin", "admin"}));
  client.send(NodesQuery{});
  client.expect<Nodes>();
}

TEST_F(TokenTest, ForSubmittingSeesItsOwnJobsOnly) {
  PacketClient ana = enter(portal.give("submit", "ana")), ben = enter(portal.give("submit", "ben"));
  PacketClient root = enter(portal.path("cluster/admin.token"));
  const std::string job = accepted_job(ana);
  EXPECT_EQ(answer_of(ben, Wait{job}), ErrorCode::unknown_job);
  EXPECT_EQ(answer_of(ben, Cancel{job}), ErrorCode::unknown_job);
  EXPECT_EQ(answer_of(ben, logs_of(job)), ErrorCode::unknown_job);
  EXPECT_EQ(answer_of(ben, logs_of("")), ErrorCode::forbidden);
  EXPECT_EQ(answer_of(ben, Drain{"n"}), ErrorCode::forbidden);
  EXPECT_EQ(answer_of(ben, Join{"n", ""}), ErrorCode::forbidden);
  ana.send(logs_of(job));
  ana.expect<LogsEnd>();
  root.send(logs_of(job));
  root.expect<LogsEnd>();
  root.send(Cancel{job});
  EXPECT_EQ(root.expect<Result>().verdict, Verdict::CANCELLED);
}

TEST_F(TokenTest, OfOneUserIsAsGoodAsAnotherOfTheSame) {
  PacketClient one = enter(portal.give("submit", "ana"));
  const std::string job = accepted_job(one);
  PacketClient other = enter(portal.give("submit", "ana"));
  other.send(Cancel{job});
  EXPECT_EQ(other.expect<Result>().verdict, Verdict::CANCELLED);
}

TEST_F(TokenTest, OfANodeNeitherSubmitsNorReads) {
  PacketClient node = enter(portal.path("cluster/node-judge-a.token"));
  Submit submit;
  submit.file_name = "a.sh";
  EXPECT_EQ(answer_of(node, submit), ErrorCode::forbidden);
  EXPECT_EQ(answer_of(node, logs_of("")), ErrorCode::forbidden);
  EXPECT_EQ(answer_of(node, NodesQuery{}), ErrorCode::forbidden);
  EXPECT_EQ(answer_of(node, Wait{make_job_id(now().utc)}), ErrorCode::forbidden);
  node.send(Join{"judge-a", ""});
  EXPECT_EQ(node.expect<Hello>().name, "portal");
}

TEST_F(TokenTest, OfANodeDoesNotTakeAnotherNodesPlace) {
  PacketClient one = enter(portal.path("cluster/node-judge-a.token"));
  one.send(Join{"judge-a", ""});
  one.expect<Hello>();
  PacketClient other = enter(portal.give("node", "judge-b"));
  EXPECT_EQ(answer_of(other, Join{"judge-a", ""}), ErrorCode::forbidden);
}

TEST_F(TokenTest, ThatIsRevokedEndsItsConnectionsWithoutARestart) {
  PacketClient ana = enter(portal.give("submit", "ana")), root = enter(portal.path("cluster/admin.token"));
  portal.revoke("ana");
  EXPECT_EQ(ana.expect<Error>(5s).code, ErrorCode::unauthenticated);
  EXPECT_FALSE(ana.next().has_value());
  root.send(Ping{1});
  root.expect<Pong>();
  PacketClient again = portal.connect();
  again.send(Authenticate{portal.token_in("ana-submit.token")});
  EXPECT_EQ(again.expect<Error>().code, ErrorCode::unauthenticated);
}

TEST_F(TokenTest, OfANodeThatIsRevokedEndsItsLink) {
  PacketClient node = enter(portal.path("cluster/node-judge-a.token"));
  node.send(Join{"judge-a", ""});
  node.expect<Hello>();
  portal.revoke("judge-a");
  EXPECT_FALSE(node.next(5s).has_value());
}

TEST_F(TokenTest, ThatHasExpiredIsRefused) {
  const auto soon = to_rfc3339(now().utc + 2s);
  PacketClient ana = enter(portal.give("submit", "ana", {"--expires", soon}));
  EXPECT_EQ(ana.expect<Error>(10s).code, ErrorCode::unauthenticated) << "it was good until then";
  PacketClient client = portal.connect();
  client.send(Authenticate{portal.token_in("ana-submit.token")});
  EXPECT_EQ(client.expect<Error>().code, ErrorCode::unauthenticated);
}

TEST_F(TokenTest, StaysOutOfEverythingThatIsWritten) {
  PacketClient ana = enter(portal.give("submit", "ana"));
  accepted_job(ana);
  const std::string written = portal.log() + portal.told + portal.daemon->output() +
                              command_line_of(portal.daemon->pid()) +
                              SecurePortal::text_of(portal.path("cluster/tokens"));
  for (const char* file : {"cluster/admin.token", "cluster/node-judge-a.token", "ana-submit.token"})
    EXPECT_THAT(written, Not(HasSubstr(portal.token_in(file)))) << file;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(portal.path("state"))) {
    if (!entry.is_regular_file()) continue;
    EXPECT_THAT(SecurePortal::text_of(entry.path()), Not(HasSubstr(portal.token_in("ana-submit.token"))));
  }
}

TEST(TokenCommand, RefusesWhatMakesNoSense) {
  const TempDir folder("rota-token-");
  const std::string tokens = (folder.path() / "tokens").string();
  const auto run = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"token"});
    return run_to_end(program_path("rota-portal"), arguments);
  };
  EXPECT_EQ(run({"add", "--tokens", tokens, "--user", "a b"}).status, 64);
  EXPECT_EQ(run({"add", "--tokens", tokens, "--user", "ana", "--role", "root"}).status, 64);
  EXPECT_EQ(run({"add", "--tokens", tokens, "--user", "ana", "--expires", "soon"}).status, 64);
  EXPECT_EQ(run({"add", "--tokens", tokens, "--user", "ana", "--expires", "2020-01-31"}).status, 64);
  EXPECT_EQ(run({"add", "--tokens", tokens}).status, 64);
  EXPECT_EQ(run({"revoke", "00000000", "--tokens", tokens}).status, 1);
  EXPECT_FALSE(std::filesystem::exists(tokens));
}

TEST(TokenCommand, TellsATokenOnceAndNeverAgain) {
  const TempDir folder("rota-token-");
  const std::string tokens = (folder.path() / "tokens").string();
  const auto added =
      run_to_end(program_path("rota-portal"), {"token", "add", "--tokens", tokens, "--user", "ana"});
  EXPECT_EQ(added.status, 0);
  EXPECT_THAT(added.output, HasSubstr("rota_"));
  const auto listed = run_to_end(program_path("rota-portal"), {"token", "list", "--tokens", tokens});
  EXPECT_THAT(listed.output, HasSubstr("ana"));
  EXPECT_THAT(listed.output, Not(HasSubstr("rota_")));
}

}  // namespace
}  // namespace rota::test

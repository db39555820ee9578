#include "portal/access.hpp"

#include <gmock/gmock.h>

namespace rota::portal {
namespace {

using namespace protocol;

const std::string kJob = "01938c6e-5a00-7abc-8def-0123456789ab";

LogsQuery logs_of(const std::string& job) {
  LogsQuery query;
  query.query = "q1";
  query.job = job;
  return query;
}

std::vector<Packet> everything_that_clients_send() {
  return {Hello{},    Submit{},     Wait{kJob}, Cancel{kJob}, logs_of(""),   logs_of(kJob),
          LogsStop{}, NodesQuery{}, Ping{},     Pong{},       Join{"n", ""}, Drain{"n"}};
}

TEST(Reach, OfAnAdministratorIsEverything) {
  for (const Packet& packet : everything_that_clients_send())
    EXPECT_EQ(reach_of(Role::admin, packet), Reach::yes) << packet.index();
}

TEST(Reach, OfANodeIsJoiningAndNothingElse) {
  for (const Packet& packet : everything_that_clients_send()) {
    const bool harmless = std::holds_alternative<Hello>(packet) || std::holds_alternative<Ping>(packet) ||
                          std::holds_alternative<Pong>(packet) || std::holds_alternative<Join>(packet);
    EXPECT_EQ(reach_of(Role::node, packet), harmless ? Reach::yes : Reach::no) << packet.index();
  }
}

TEST(Reach, OfASubmitterIsItsJobs) {
  for (const Packet& packet :
       {Packet(Submit{}), Packet(Wait{kJob}), Packet(Cancel{kJob}), Packet(NodesQuery{})})
    EXPECT_EQ(reach_of(Role::submit, packet), Reach::yes) << packet.index();
  EXPECT_EQ(reach_of(Role::submit, logs_of(kJob)), Reach::own_job);
}

TEST(Reach, OfASubmitterIsNeitherTheClustersLogsNorItsNodes) {
  for (const Packet& packet : {Packet(logs_of("")), Packet(Join{"n", ""}), Packet(Drain{"n"})})
    EXPECT_EQ(reach_of(Role::submit, packet), Reach::no) << packet.index();
}

TEST(Refusal, NamesTheJobOrQueryThatItAnswers) {
  Submit submit;
  submit.job = kJob;
  EXPECT_EQ(refusal(Role::node, submit).job, kJob);
  EXPECT_EQ(refusal(Role::submit, logs_of("")).job, "q1");
  EXPECT_EQ(refusal(Role::submit, logs_of("")).code, ErrorCode::forbidden);
}

TEST(Role, HasTheSameTextBothWays) {
  for (const Role role : {Role::submit, Role::node, Role::admin}) EXPECT_EQ(role_of(to_text(role)), role);
  EXPECT_EQ(role_of("root"), std::nullopt);
}

}  // namespace
}  // namespace rota::portal

#include "portal/joined_names.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <vector>

#include "protocol/error.hpp"

namespace rota::portal {
namespace {

using protocol::ErrorCode;
using protocol::Join;
using testing::HasSubstr;
using testing::Pointee;

const Identity kAna{.role = Role::node, .user = "ana", .token = "t1"};
const Identity kBert{.role = Role::node, .user = "bert", .token = "t2"};
const Identity kAdmin{.role = Role::admin, .user = "root", .token = "t3"};

class JoinedNamesTest : public testing::Test {
 protected:
  NodeIndex enter(const std::string& name, const Identity& who = kAna, const std::string& session = "") {
    return names.enter(Join{name, session}, who);
  }

  std::string refusal(const std::string& name, const Identity& who, ErrorCode code,
                      const std::string& session = "") {
    try {
      enter(name, who, session);
    } catch (const protocol::ProtocolError& error) {
      EXPECT_EQ(error.code(), code);
      return error.what();
    }
    return "";
  }

  std::vector<std::string> places;  // names, as the portal knows them
  std::size_t most = 1000;
  std::set<NodeIndex> left;
  JoinedNames names{
      {.add = [this](const std::string& name) -> std::optional<NodeIndex> {
         if (places.size() >= most) return std::nullopt;
         places.push_back(name);
         return static_cast<NodeIndex>(places.size() - 1);
       },
       .has_left = [this](NodeIndex place) { return left.contains(place); },
       .replace = [this](NodeIndex place, const std::string& name) { places.at(place) = name; }}};
};

TEST_F(JoinedNamesTest, ANameHasOnePlace) {
  EXPECT_EQ(enter("a"), 0u);
  EXPECT_EQ(enter("b"), 1u);
  EXPECT_EQ(enter("a"), 0u);
  EXPECT_THAT(names.name_of(1), Pointee(std::string("b")));
  EXPECT_EQ(names.name_of(2), nullptr);
}

TEST_F(JoinedNamesTest, ANameIsItsFirstUsers) {
  enter("a");
  EXPECT_THAT(refusal("a", kBert, ErrorCode::forbidden), HasSubstr("another token's node"));
  EXPECT_EQ(enter("a", kAdmin), 0u);
}

TEST_F(JoinedNamesTest, AUserHasOnlySoManyNamesAndThenThoseOfNodesThatHaveLeft) {
  for (std::size_t i = 0; i < JoinedNames::kMaxOfAUser; ++i) enter("a" + std::to_string(i));
  EXPECT_THAT(refusal("one more", kAna, ErrorCode::busy), HasSubstr("as many nodes"));
  const auto of_bert = enter("b", kBert);
  left = {of_bert};
  EXPECT_NE(refusal("one more", kAna, ErrorCode::busy), "")
      << "another user's place is not given away for that";
  left.insert(7);
  EXPECT_EQ(enter("one more"), 7u);
  EXPECT_EQ(places[7], "one more");
  left.clear();
  EXPECT_NE(refusal("a7", kAna, ErrorCode::busy), "") << "its place is taken, by a node that is there";
}

TEST_F(JoinedNamesTest, WhereThePortalTakesNoMoreAPlaceOfWhoeverHasLeftIsTaken) {
  most = 2;
  enter("a");
  enter("b", kBert);
  EXPECT_NE(refusal("c", kAna, ErrorCode::busy), "");
  left = {1};
  EXPECT_EQ(enter("c"), 1u);
  EXPECT_THAT(names.name_of(1), Pointee(std::string("c")));
}

TEST_F(JoinedNamesTest, ANodeThatIsStartedAgainKeepsItsPlace) {
  EXPECT_EQ(enter("a", kAna, "one"), 0u);
  EXPECT_EQ(enter("a", kAna, "one"), 0u);
  EXPECT_EQ(enter("a", kAna, "two"), 0u);
  EXPECT_EQ(enter("a", kAna, ""), 0u) << "of one that does not tell its session nothing is known";
}

TEST_F(JoinedNamesTest, OfTwoNodesUnderOneNameTheFirstIsToldSo) {
  enter("a", kAna, "one");
  enter("a", kAna, "two");
  EXPECT_THAT(refusal("a", kAna, ErrorCode::forbidden, "one"),
              HasSubstr("give each node a --name of its own"));
  EXPECT_EQ(enter("a", kAna, "two"), 0u) << "the other goes on";
}

}  // namespace
}  // namespace rota::portal

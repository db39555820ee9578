// How much is kept for clusters, and what gives way.
#include <gmock/gmock.h>

#include "tests/unit/judge-node/lease_book_fixture.hpp"

namespace rota::node {
namespace {

using protocol::ErrorCode;
using std::chrono::milliseconds;
using testing::IsEmpty;

class LeaseBookBoundsTest : public LeaseBookTest {};

TEST_F(LeaseBookBoundsTest, ThereAreOnlySoManyClusters) {
  for (int i = 0; i < 64; ++i)
    book.take_lease(static_cast<LeaseBook::Link>(i + 1), lease(milliseconds(1), id(i)), now);
  EXPECT_EQ(refused_with([&] { book.take_lease(65, lease(milliseconds(1), id(64)), now); }), ErrorCode::busy);
  book.take_lease(66, lease(milliseconds(1), id(3)), now);  // of one that is known
  book.end_link(1);
  book.take_lease(67, lease(milliseconds(1), id(64)), now);  // in the place of one that has gone
}

TEST_F(LeaseBookBoundsTest, HoldingsNeverPassTheirBound) {
  book.take_lease(1, lease(), now);
  for (int i = 0; i < static_cast<int>(protocol::kMaxHeldJobs); ++i) begin(1, submission(i), 1);
  EXPECT_EQ(refused_with([&] { begin(1, submission(1'000'001), 1); }), ErrorCode::busy);
  EXPECT_EQ(book.holdings(1).jobs.size(), protocol::kMaxHeldJobs);
}

TEST_F(LeaseBookBoundsTest, PastTheBoundOfResultsItIsFullUntilTheyAreStored) {
  book = LeaseBook({.max_result_bytes = 10'000});
  book.take_lease(1, lease(), now);
  for (int i : {1, 2}) begin(1, submission(i), 10);
  finish(1, 1, 6000);
  EXPECT_FALSE(book.is_full());
  finish(2, 1, 6000);
  EXPECT_TRUE(book.is_full());
  EXPECT_EQ(book.holdings(1).jobs.size(), 2u) << "nothing is dropped";
  book.stored(1, {id(1), 1});
  EXPECT_FALSE(book.is_full());
}

TEST_F(LeaseBookBoundsTest, WhatIsKeptForAClusterThatDoesNotComeBackGivesWayWhereItIsFull) {
  book = LeaseBook({.max_result_bytes = 10'000});
  book.take_lease(1, lease(), now);
  begin(1, submission(1), 10);
  finish(1, 1, 6000);
  book.end_link(1);
  now += std::chrono::minutes(9);
  book.take_lease(2, lease(milliseconds(6000), id(2'000'000)), now);
  begin(2, submission(2), 11);
  book.finish({id(2'000'000), id(2), 1}, result(2, 6000));
  EXPECT_TRUE(book.is_full());
  book.fence(now);
  EXPECT_TRUE(book.is_full()) << "its portal may be on its way";
  EXPECT_EQ(book.next_fence(), now + std::chrono::minutes(1));
  now += std::chrono::minutes(1) + milliseconds(1);
  book.fence(now);
  EXPECT_FALSE(book.is_full());
  EXPECT_EQ(book.holdings(2).jobs.size(), 1u) << "that of a portal that is there stays";
  book.take_lease(3, lease(), now);
  EXPECT_THAT(book.holdings(3).jobs, IsEmpty());
}

TEST_F(LeaseBookBoundsTest, KeptResultsAreKeptWhereThereIsRoom) {
  book.take_lease(1, lease(), now);
  begin(1, submission(1), 10);
  finish(1);
  book.end_link(1);
  EXPECT_EQ(book.next_fence(), std::nullopt);
  now += std::chrono::hours(24);
  book.fence(now);
  book.take_lease(2, lease(), now);
  EXPECT_EQ(book.holdings(2).jobs.size(), 1u);
}

TEST_F(LeaseBookBoundsTest, OfTooManyClustersTheLongestGoneGivesWay) {
  for (int i = 0; i < 64; ++i) {
    const auto link = static_cast<LeaseBook::Link>(i + 1);
    book.take_lease(link, lease(milliseconds(6000), id(i)), now);
    begin(link, submission(i), 10);
    book.finish({id(i), id(i), 1}, result(i));
    book.end_link(link);
  }
  EXPECT_EQ(refused_with([&] { book.take_lease(100, lease(milliseconds(1), id(64)), now); }),
            ErrorCode::busy);
  now += std::chrono::minutes(11);
  book.take_lease(100, lease(milliseconds(1), id(64)), now);
}

}  // namespace
}  // namespace rota::node

#include "protocol/stdin_blobs.hpp"

#include <gtest/gtest.h>

#include "base/encoding.hpp"

namespace rota::protocol {
namespace {

Submit with(const std::string& bytes, const std::string& hash) {
  return {.job = "01938c6e-5a00-7abc-8def-0123456789ab",
          .file_name = "a.c",
          .stdin_bytes = bytes,
          .stdin_blob = hash};
}

// Brings the bytes beside their hash.
void bring(StdinBlobs& blobs, const std::string& bytes, const std::string& owner = "ana") {
  Submit submit = with(bytes, sha256_hex(bytes));
  EXPECT_FALSE(blobs.settle(submit, owner));
  EXPECT_EQ(submit.stdin_bytes, bytes);
  EXPECT_EQ(submit.stdin_blob, "") << "what goes on from here has the bytes";
}

// By the hash alone.
bool has(StdinBlobs& blobs, const std::string& bytes, const std::string& owner = "ana") {
  Submit submit = with("", sha256_hex(bytes));
  const auto refusal = blobs.settle(submit, owner);
  if (!refusal) {
    EXPECT_EQ(submit.stdin_bytes, bytes);
    return true;
  }
  EXPECT_EQ(refusal->code, ErrorCode::unknown_blob);
  EXPECT_EQ(refusal->job, submit.job);
  EXPECT_EQ(refusal->where, "stdin_blob");
  return false;
}

TEST(StdinBlobs, AreSentOnceAndNamedAfterwards) {
  StdinBlobs blobs;
  EXPECT_FALSE(has(blobs, "one"));
  bring(blobs, "one");
  EXPECT_TRUE(has(blobs, "one"));
  EXPECT_FALSE(has(blobs, "two"));
}

TEST(StdinBlobs, AreTheirOwners) {
  StdinBlobs blobs;
  bring(blobs, "one", "ana");
  EXPECT_FALSE(has(blobs, "one", "bert"));
  EXPECT_FALSE(has(blobs, "one", ""));
}

TEST(StdinBlobs, AreNotKeptUnderAWrongHash) {
  StdinBlobs blobs;
  Submit submit = with("two", sha256_hex("one"));
  const auto refusal = blobs.settle(submit, "ana");
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->code, ErrorCode::bad_text);
  EXPECT_FALSE(has(blobs, "one"));
  EXPECT_FALSE(has(blobs, "two"));
}

TEST(StdinBlobs, WithoutAHashAreNotKept) {
  StdinBlobs blobs;
  Submit submit = with("one", "");
  EXPECT_FALSE(blobs.settle(submit, "ana"));
  EXPECT_FALSE(has(blobs, "one"));
}

TEST(StdinBlobs, TheLongestUnusedGoFirst) {
  StdinBlobs blobs(8);
  bring(blobs, "one");
  bring(blobs, "two");
  EXPECT_TRUE(has(blobs, "one"));
  bring(blobs, "new");
  EXPECT_TRUE(has(blobs, "one"));
  EXPECT_FALSE(has(blobs, "two"));
  EXPECT_TRUE(has(blobs, "new"));
}

TEST(StdinBlobs, ThatAreTooLargePushNothingOut) {
  StdinBlobs blobs(4);
  bring(blobs, "one");
  bring(blobs, "much too large");
  EXPECT_TRUE(has(blobs, "one"));
}

TEST(StdinBlobs, CountOnceHoweverOftenTheyCome) {
  StdinBlobs blobs(8);
  bring(blobs, "one");
  for (int i = 0; i < 10; ++i) bring(blobs, "two");
  EXPECT_TRUE(has(blobs, "one"));
}

}  // namespace
}  // namespace rota::protocol

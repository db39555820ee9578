// What stands on the disk is never believed: whatever happened to an entry, the store says that it has none.

#include <sys/stat.h>
#include <unistd.h>

#include "base/byte_fields.hpp"
#include "base/encoding.hpp"
#include "judge-node/program_store_format.hpp"
#include "sandbox/spec.hpp"
#include "tests/unit/judge-node/program_store_fixture.hpp"

namespace rota::node {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class ProgramStoreDamage : public ProgramStoreTest {
 protected:
  // An entry of the key 'a', as it is on disk.
  std::string fresh_entry() {
    store_.save(key_of('a'), program_);
    return content_of(file_of('a'));
  }

  // The entry was replaced: it is a miss, warned of once, and gone.
  void expect_removed(const std::string& reason, const std::string& what) {
    warnings_.clear();
    EXPECT_FALSE(store_.load(key_of('a'))) << what;
    EXPECT_THAT(warnings_, ElementsAre(HasSubstr(reason))) << what;
    EXPECT_FALSE(std::filesystem::exists(std::filesystem::symlink_status(file_of('a')))) << what;
    EXPECT_EQ(store_.entries(), 0u) << what;
    EXPECT_EQ(store_.bytes(), 0u) << what;
    EXPECT_FALSE(store_.load(key_of('a'))) << what;
    EXPECT_EQ(warnings_.size(), 1u) << what;
  }

  CompiledProgram program_ = program_of("the program's bytes", "a warning of the compiler's");
  ProgramStore store_ = open();
};

TEST_F(ProgramStoreDamage, EverySingleBitThatFlipsIsFound) {
  const std::string whole = fresh_entry();
  for (std::size_t bit = 0; bit < 8 * whole.size() && !HasFailure(); ++bit) {
    std::string flipped = fresh_entry();
    ASSERT_EQ(flipped, whole);
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
    put_content(file_of('a'), flipped);
    expect_removed("is removed", "bit " + std::to_string(bit));
  }
}

TEST_F(ProgramStoreDamage, ACutAtAnyLengthIsFound) {
  const std::string whole = fresh_entry();
  for (std::size_t size = 0; size < whole.size() && !HasFailure(); ++size) {
    fresh_entry();
    std::filesystem::resize_file(file_of('a'), size);
    expect_removed("is removed", "cut to " + std::to_string(size));
  }
}

TEST_F(ProgramStoreDamage, BytesOfZeroAfterAPowerCutAreFound) {
  const std::string whole = fresh_entry();
  put_content(file_of('a'), std::string(whole.size(), '\0'));
  expect_removed("does not begin as a program does", "all zero");
  const std::size_t half = fresh_entry().size() / 2;
  put_content(file_of('a'), whole.substr(0, half) + std::string(whole.size() - half, '\0'));
  expect_removed("its digest is wrong", "half zero");
}

TEST_F(ProgramStoreDamage, BytesMoreAreFound) {
  put_content(file_of('a'), fresh_entry() + "x");
  expect_removed("its digest is wrong", "a byte more");
}

TEST_F(ProgramStoreDamage, TheProgramOfAnotherKeyIsFound) {
  fresh_entry();
  store_.save(key_of('b'), program_of("another program"));
  std::filesystem::rename(file_of('b'), file_of('a'));
  EXPECT_FALSE(store_.load(key_of('b')));
  expect_removed("it is the program of another key", "renamed");
}

TEST_F(ProgramStoreDamage, AnotherVersionOfTheFormatIsNotRead) {
  std::string other = fresh_entry();
  other.replace(other.find('1'), 1, "2");
  put_content(file_of('a'), other);
  expect_removed("it is of another version of the format", "version 2");
}

TEST_F(ProgramStoreDamage, ASymlinkIsNotFollowed) {
  put_content(dir_.path() / "elsewhere", fresh_entry());
  std::filesystem::remove(file_of('a'));
  std::filesystem::create_symlink(dir_.path() / "elsewhere", file_of('a'));
  expect_removed("it cannot be opened", "symlink");
  EXPECT_TRUE(std::filesystem::exists(dir_.path() / "elsewhere"));
}

TEST_F(ProgramStoreDamage, AFifoIsNotWaitedFor) {
  fresh_entry();
  std::filesystem::remove(file_of('a'));
  ASSERT_EQ(::mkfifo(file_of('a').c_str(), 0600), 0);
  expect_removed("it is not a regular file of this user's", "FIFO");
}

TEST_F(ProgramStoreDamage, AFolderInItsPlaceIsAMissOfWhichItWarnsOnce) {
  fresh_entry();
  std::filesystem::remove(file_of('a'));
  std::filesystem::create_directory(file_of('a'));
  EXPECT_FALSE(store_.load(key_of('a')));
  EXPECT_THAT(warnings_, ElementsAre(HasSubstr("it is not a regular file"), HasSubstr("is not removed")));
  EXPECT_FALSE(store_.load(key_of('a')));
  store_.save(key_of('a'), program_);
  EXPECT_EQ(store_.entries(), 0u);
  EXPECT_EQ(warnings_.size(), 2u);
}

TEST_F(ProgramStoreDamage, AFileOfAnotherUserIsNotBelieved) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  fresh_entry();
  ASSERT_EQ(::chown(file_of('a').c_str(), 65534, 65534), 0);
  expect_removed("it is not a regular file of this user's", "nobody's");
}

TEST_F(ProgramStoreDamage, AFileThatGrewPastItsBoundIsNotReadIn) {
  fresh_entry();
  std::filesystem::resize_file(file_of('a'), std::uintmax_t{1} << 40);
  expect_removed("pass the bound", "a hole of a tebibyte");
}

TEST_F(ProgramStoreDamage, AFileThatHasGoneIsAMiss) {
  fresh_entry();
  std::filesystem::remove(file_of('a'));
  expect_removed("it cannot be opened: No such file", "gone");
}

TEST_F(ProgramStoreDamage, WhatWasRemovedCanBeSavedAnew) {
  fresh_entry();
  put_content(file_of('a'), "nonsense");
  EXPECT_FALSE(store_.load(key_of('a')));
  store_.save(key_of('a'), program_);
  EXPECT_EQ(first_artifact(store_.load(key_of('a'))), "the program's bytes");
}

class ProgramStoreFormat : public testing::Test {
 protected:
  const std::string key_ = key_of('a');
  // An entry without its digest, and the same with the digest that belongs to it.
  const std::string body_ = [this] {
    std::string bytes = encode_program(key_, program_of("the program's bytes", "output"));
    bytes.resize(bytes.size() - 64);
    return bytes;
  }();
  static std::string with_digest(const std::string& body) { return body + sha256_hex(body); }
};

// A digest shows that we wrote it, and still no length leads the reader astray.
TEST_F(ProgramStoreFormat, ABodyThatEndsAnywhereIsRefusedWithTheRightDigestToo) {
  EXPECT_EQ(first_artifact(decode_program(key_, with_digest(body_))), "the program's bytes");
  for (std::size_t size = 0; size < body_.size(); ++size) {
    EXPECT_THROW(decode_program(key_, with_digest(body_.substr(0, size))), BadBytes) << size;
  }
  EXPECT_THROW(decode_program(key_, with_digest(body_ + "x")), BadBytes);
}

TEST_F(ProgramStoreFormat, NoByteOfABodyWithTheRightDigestCanDoHarm) {
  for (std::size_t at = 0; at < body_.size(); ++at) {
    std::string other = body_;
    other[at] = static_cast<char>(other[at] ^ 0xff);
    try {
      EXPECT_TRUE(made_program(decode_program(key_, with_digest(other)))) << at;
    } catch (const BadBytes&) {
    }
  }
}

TEST_F(ProgramStoreFormat, ManyMoreArtifactsThanARunCanMakeAreRefused) {
  CompiledProgram program = program_of("program");
  while (program.artifacts.size() <= sandbox::kMaxOutputs)
    program.artifacts.push_back({"more", MemoryFile::sealed(""), 0});
  EXPECT_THROW(decode_program(key_, encode_program(key_, program)), BadBytes);
}

}  // namespace
}  // namespace rota::node

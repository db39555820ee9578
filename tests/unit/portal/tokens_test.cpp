#include "portal/tokens.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <fstream>

#include "base/encoding.hpp"
#include "base/temp_dir.hpp"

namespace rota::portal {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

const UtcTime kNow = *from_rfc3339("2026-11-23T09:00:00Z");
const std::string kGood = R"("sha256":")" + std::string(64, 'a') +
                          R"(","role":"submit","user":"ana","created":"2026-11-23T09:00:00Z")";

TEST(MakeToken, Has256BitsAndAPrefixThatScannersCanFind) {
  const std::string token = make_token();
  EXPECT_THAT(token, ::testing::MatchesRegex("rota_[A-Za-z0-9_-]{43}"));
  EXPECT_NE(token, make_token());
}

TEST(TokenFile, IsReadAsItWasWritten) {
  const std::vector<TokenRecord> records{record_of(make_token(), Role::admin, "root", kNow, std::nullopt),
                                         record_of(make_token(), Role::node, "judge-a", kNow, kNow + 24h)};
  EXPECT_EQ(parse_tokens(to_text(records), "tokens"), records);
}

TEST(TokenFile, HoldsNoToken) {
  const std::string token = make_token();
  const std::string text = to_text({record_of(token, Role::admin, "root", kNow, std::nullopt)});
  EXPECT_EQ(text.find(token), std::string::npos);
  EXPECT_EQ(text.find("rota_"), std::string::npos);
}

TEST(TokenFile, CanBeReadByItsOwnerOnly) {
  const TempDir folder("rota-tokens-");
  write_token_file(folder.path() / "tokens", {});
  struct stat status {};
  ASSERT_EQ(::stat((folder.path() / "tokens").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
}

TEST(TokenFile, WithAFaultIsRefusedByFileLineAndKey) {
  const std::string good = R"({"id":"00000001",)" + kGood + "}\n";
  const std::pair<std::string, const char*> faults[] = {
      {"junk", "tokens:2: is not JSON"},
      {"", "tokens:2: is not JSON"},
      {"[]", "tokens:2: is not a JSON object"},
      {R"({"id":"1",)" + kGood + "}", "tokens:2: key \"id\" must be 8 hexadecimal digits"},
      {R"({"id":5,)" + kGood + "}", "key \"id\" must be a string"},
      {"{" + kGood + "}", "tokens:2: key \"id\" is missing"},
      {R"({"id":"00000002","id":"00000003",)" + kGood + "}", "key \"id\" stands there twice"},
      {R"({"id":"00000001",)" + kGood + "}", "tokens:2: key \"id\": another line has it too"},
      {R"({"id":"00000002","note":"x",)" + kGood + "}", "key \"note\" is unknown"},
      {R"({"id":"00000002","expires":"soon",)" + kGood + "}", "key \"expires\" is no time"},
      {R"({"id":"00000002","role":"root","sha256":")" + std::string(64, 'a') +
           R"(","user":"a","created":"x"})",
       "key \"role\" must be"},
      {R"({"id":"00000002","role":"admin","sha256":")" + std::string(64, 'a') +
           R"(","user":"a b","created":"x"})",
       "key \"user\": 'a b' is no user name"},
      {std::string(2000, ' '), "tokens:2: is longer than"},
  };
  for (const auto& [line, message] : faults) {
    const std::string text = good + line + "\n";
    EXPECT_THAT([&] { parse_tokens(text, "tokens"); }, ThrowsMessage<std::runtime_error>(HasSubstr(message)));
  }
}

TEST(TokenFile, OfTooManyTokensIsRefused) {
  std::string text;
  for (std::size_t i = 0; i <= kMaxTokens; ++i)
    text += "{\"id\":\"" + sha256_hex(std::to_string(i)).substr(0, 8) + "\"," + kGood + "}\n";
  EXPECT_THAT([&] { parse_tokens(text, "tokens"); },
              ThrowsMessage<std::runtime_error>(HasSubstr("more than 10000")));
}

class TokensTest : public ::testing::Test {
 protected:
  void write() { write_token_file(file, records); }

  std::string give(Role role, const std::string& user, std::optional<UtcTime> expires = std::nullopt) {
    const std::string token = make_token();
    records.push_back(record_of(token, role, user, kNow, expires));
    write();
    return token;
  }

  TempDir folder{"rota-tokens-"};
  std::filesystem::path file = folder.path() / "tokens";
  std::vector<TokenRecord> records;
  std::vector<std::string> problems;
  std::function<void(const std::string&)> note = [this](const std::string& problem) {
    problems.push_back(problem);
  };
};

TEST_F(TokensTest, KnowWhomATokenSpeaksFor) {
  const std::string ana = give(Role::submit, "ana"), root = give(Role::admin, "root");
  const Tokens tokens(file, note);
  EXPECT_EQ(tokens.identify(ana, kNow)->user, "ana");
  EXPECT_EQ(tokens.identify(root, kNow)->role, Role::admin);
  EXPECT_EQ(tokens.identify(root, kNow)->token, records[1].id);
}

TEST_F(TokensTest, DoNotKnowAnyOther) {
  const std::string ana = give(Role::submit, "ana");
  const Tokens tokens(file, note);
  for (const std::string& wrong :
       {std::string(), ana + "x", ana.substr(0, ana.size() - 1), make_token(), records[0].sha256})
    EXPECT_EQ(tokens.identify(wrong, kNow), std::nullopt);
}

TEST_F(TokensTest, EndWhenTheyExpire) {
  const std::string ana = give(Role::submit, "ana", kNow + 1h);
  const Tokens tokens(file, note);
  EXPECT_TRUE(tokens.identify(ana, kNow + 1h - 1ns).has_value());
  EXPECT_FALSE(tokens.identify(ana, kNow + 1h).has_value());
  EXPECT_FALSE(tokens.is_good(records[0].id, kNow + 1h));
}

TEST_F(TokensTest, AreGivenAndRevokedByChangingTheFile) {
  const std::string ana = give(Role::submit, "ana");
  Tokens tokens(file, note);
  const std::string id = records[0].id;
  records.clear();
  const std::string ben = give(Role::submit, "ben");
  tokens.refresh();
  EXPECT_FALSE(tokens.identify(ana, kNow).has_value());
  EXPECT_FALSE(tokens.is_good(id, kNow));
  EXPECT_TRUE(tokens.identify(ben, kNow).has_value());
}

TEST_F(TokensTest, StayWhereTheFileHasBecomeUnreadable) {
  const std::string ana = give(Role::submit, "ana");
  Tokens tokens(file, note);
  std::ofstream(file) << "junk\n";
  tokens.refresh();
  tokens.refresh();
  EXPECT_THAT(problems, ::testing::ElementsAre(HasSubstr("tokens:1: is not JSON")));
  EXPECT_TRUE(tokens.identify(ana, kNow).has_value());
  std::filesystem::remove(file);
  tokens.refresh();
  EXPECT_EQ(problems.size(), 2u);
  EXPECT_TRUE(tokens.identify(ana, kNow).has_value());
}

TEST_F(TokensTest, NeedAFileAtTheStart) {
  EXPECT_THAT([&] { Tokens(file, note); },
              ThrowsMessage<std::runtime_error>(HasSubstr("tokens: cannot be read")));
}

}  // namespace
}  // namespace rota::portal

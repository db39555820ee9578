#include "portal/token_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/rand.h>
#include <sys/file.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <stdexcept>

#include "base/check.hpp"
#include "base/encoding.hpp"
#include "base/replace_file.hpp"

namespace rota::portal {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kTokenBytes = 32;
constexpr std::size_t kIdBytes = 4;
constexpr std::size_t kMaxLineBytes = 1024;
constexpr std::size_t kMaxUserBytes = 64;

std::string random_bytes(std::size_t count) {
  std::string bytes(count, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(count)) != 1)
    throw std::runtime_error("no random bytes from libcrypto");
  return bytes;
}

// One line as it is read; what is wrong with it names file, line and key.
class Line {
 public:
  Line(const std::string& text, std::string place) : place_(std::move(place)) {
    if (text.size() > kMaxLineBytes) refuse(fmt::format("is longer than {} bytes", kMaxLineBytes));
    try {
      object_ = Json::parse(text, [this](int, Json::parse_event_t event, Json& key) {
        if (event == Json::parse_event_t::key && !keys_.insert(key.get<std::string>()).second)
          refuse(fmt::format("key \"{}\" stands there twice", key.get<std::string>()));
        return true;
      });
    } catch (const Json::exception&) {
      refuse("is not JSON");
    }
    if (!object_.is_object()) refuse("is not a JSON object");
  }

  std::optional<std::string> optional(const char* key) {
    keys_.erase(key);
    const auto found = object_.find(key);
    if (found == object_.end()) return std::nullopt;
    if (!found->is_string()) refuse(fmt::format("key \"{}\" must be a string", key));
    return found->get<std::string>();
  }

  std::string required(const char* key) {
    auto text = optional(key);
    if (!text) refuse(fmt::format("key \"{}\" is missing", key));
    return *text;
  }

  void check_hexadecimal(const char* key, const std::string& text, std::size_t digits) const {
    if (text.size() != digits || text.find_first_not_of("0123456789abcdef") != std::string::npos)
      refuse(fmt::format("key \"{}\" must be {} hexadecimal digits in lower case", key, digits));
  }

  std::optional<UtcTime> time(const char* key, const std::optional<std::string>& text) const {
    if (!text) return std::nullopt;
    const auto time = from_rfc3339(*text);
    if (!time) refuse(fmt::format("key \"{}\" is no time, as in 2027-01-01T00:00:00Z", key));
    return time;
  }

  void refuse_the_rest() const {
    if (!keys_.empty()) refuse(fmt::format("key \"{}\" is unknown", *keys_.begin()));
  }

  [[noreturn]] void refuse(const std::string& why) const { throw std::runtime_error(place_ + ": " + why); }

 private:
  std::string place_;
  Json object_;
  std::set<std::string> keys_;  // that nobody has asked for yet
};

TokenRecord parse_record(const std::string& text, const std::string& place) {
  Line line(text, place);
  TokenRecord record;
  record.id = line.required("id");
  line.check_hexadecimal("id", record.id, 2 * kIdBytes);
  record.sha256 = line.required("sha256");
  line.check_hexadecimal("sha256", record.sha256, 64);
  const auto role = role_of(line.required("role"));
  if (!role) line.refuse("key \"role\" must be submit, node or admin");
  record.role = *role;
  record.user = line.required("user");
  try {
    check_user_name(record.user);
  } catch (const std::invalid_argument& error) {
    line.refuse(fmt::format("key \"user\": {}", error.what()));
  }
  record.created = *line.time("created", line.required("created"));
  record.expires = line.time("expires", line.optional("expires"));
  line.refuse_the_rest();
  return record;
}

}  // namespace

std::string make_token() {
  std::string text = base64_encode(random_bytes(kTokenBytes));
  text.erase(text.find('='));
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  return "rota_" + text;
}

TokenRecord record_of(const std::string& token, Role role, std::string user, UtcTime created,
                      std::optional<UtcTime> expires) {
  std::string id;
  for (const unsigned char byte : random_bytes(kIdBytes)) id += fmt::format("{:02x}", byte);
  return {std::move(id), sha256_hex(token), role, std::move(user), created, expires};
}

void check_user_name(const std::string& user) {
  constexpr const char* kSigns = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-@";
  if (!user.empty() && user.size() <= kMaxUserBytes && user.find_first_not_of(kSigns) == std::string::npos)
    return;
  throw std::invalid_argument(fmt::format("'{}' is no user name: 1 to {} letters, digits and . _ - @",
                                          user.substr(0, kMaxUserBytes), kMaxUserBytes));
}

std::vector<TokenRecord> read_token_file(const std::filesystem::path& file) {
  std::ifstream stream(file);
  if (!stream) throw std::runtime_error(file.string() + ": cannot be read");
  std::ostringstream text;
  text << stream.rdbuf();
  return parse_tokens(text.str(), file.string());
}

std::vector<TokenRecord> parse_tokens(const std::string& text, const std::string& file) {
  std::vector<TokenRecord> records;
  std::set<std::string> seen;
  std::istringstream lines(text);
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    const std::string place = fmt::format("{}:{}", file, number);
    if (records.size() == kMaxTokens)
      throw std::runtime_error(fmt::format("{}: more than {} tokens", place, kMaxTokens));
    records.push_back(parse_record(line, place));
    if (!seen.insert(records.back().id).second)
      throw std::runtime_error(fmt::format("{}: key \"id\": another line has it too", place));
  }
  return records;
}

std::string to_text(const std::vector<TokenRecord>& records) {
  std::string text;
  for (const TokenRecord& record : records) {
    nlohmann::ordered_json line{{"id", record.id},
                                {"sha256", record.sha256},
                                {"role", std::string(to_text(record.role))},
                                {"user", record.user},
                                {"created", to_rfc3339(record.created)}};
    if (record.expires) line["expires"] = to_rfc3339(*record.expires);
    text += line.dump() + "\n";
  }
  return text;
}

void write_token_file(const std::filesystem::path& file, const std::vector<TokenRecord>& records) {
  if (records.size() > kMaxTokens)
    throw std::runtime_error(fmt::format("{}: more than {} tokens; revoke some", file.string(), kMaxTokens));
  replace_file(file, to_text(records), Durability::synced);
}

UniqueFd lock_token_file(const std::filesystem::path& file) {
  const std::filesystem::path folder = file.has_parent_path() ? file.parent_path() : ".";
  UniqueFd lock(check(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC), "open " + folder.string()));
  check(::flock(lock.get(), LOCK_EX), "lock " + folder.string());
  return lock;
}

}  // namespace rota::portal

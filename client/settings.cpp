#include "client/settings.hpp"

#include <fmt/format.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "base/units.hpp"
#include "client/client_error.hpp"
#include "client/console.hpp"
#include "client/exit_status.hpp"
#include "client/harmless.hpp"
#include "net/tls_context.hpp"

namespace rota::client {
namespace {

using Json = nlohmann::json;

struct Setting {
  const char* key;
  const char* variable;
  // A project file comes with whatever was cloned or unpacked: it may not say where this user's files are
  // written.
  bool in_project_file;
  void (*apply)(Settings& settings, const std::string& text);  // throws std::invalid_argument
};

constexpr Setting kSettings[] = {
    {"portal", "ROTA_PORTAL", true,
     [](Settings& s, const std::string& text) { s.portals = parse_portals(text); }},
    {"schedule", "ROTA_SCHEDULE", true,
     [](Settings& s, const std::string& text) { s.schedule = parse_schedule(text); }},
    {"connect_timeout", "ROTA_CONNECT_TIMEOUT", true,
     [](Settings& s, const std::string& text) { s.connect_timeout = parse_duration(text); }},
    // A project that named whom to trust could have a portal of its own in place of the user's.
    {"tls_ca", "ROTA_TLS_CA", false, [](Settings& s, const std::string& text) { s.tls_ca = text; }},
    {"tls_pin", "ROTA_TLS_PIN", false,
     [](Settings& s, const std::string& text) { s.tls_pin = net::to_text(net::parse_fingerprint(text)); }},
    // One that named a file could have any file of the user's sent to its portal.
    {"token_file", "ROTA_TOKEN_FILE", false,
     [](Settings& s, const std::string& text) { s.token_file = text; }},
    {"log", "ROTA_CLIENT_LOG", false, [](Settings& s, const std::string& text) { s.log = text; }},
};

[[noreturn]] void refuse(const std::string& origin, const std::string& why) {
  throw ClientError(kUsage, fmt::format("{}: {}", origin, why));
}

void apply(Settings& settings, const Setting& setting, const std::string& text, const std::string& origin,
           const std::string& place, bool project = false) {
  try {
    setting.apply(settings, text);
  } catch (const std::invalid_argument& error) {
    refuse(place, error.what());
  }
  if (std::string_view(setting.key) != "portal") return;
  settings.portal_origin = origin;
  if (!project)
    settings.own_portals.insert(settings.own_portals.end(), settings.portals.begin(), settings.portals.end());
}

std::string known_keys(bool project) {
  std::string keys;
  for (const auto& setting : kSettings) {
    if (!project || setting.in_project_file) keys += (keys.empty() ? "" : ", ") + std::string(setting.key);
  }
  return keys;
}

const Setting& find_setting(const std::string& key, const std::string& file, bool project) {
  for (const auto& setting : kSettings) {
    if (setting.key != key) continue;
    if (!project || setting.in_project_file) return setting;
    refuse(file, fmt::format(
                     "key \"{}\" is not taken from a project file; put it into your own configuration", key));
  }
  refuse(file, fmt::format("unknown key \"{}\"; known are {}", key, known_keys(project)));
}

Json read_object(const std::filesystem::path& file) {
  std::ifstream stream(file);
  if (!stream) refuse(file.string(), "cannot be read");
  try {
    auto object = Json::parse(stream);
    if (object.is_object()) return object;
  } catch (const Json::exception& error) {
    refuse(file.string(), fmt::format("is not JSON: {}", error.what()));
  }
  refuse(file.string(), "is not one JSON object, as in {\"portal\": \"HOST:PORT\"}");
}

void apply_file(Settings& settings, const std::filesystem::path& file, bool project) {
  const auto object = read_object(file);
  for (const auto& [key, value] : object.items()) {
    const auto& setting = find_setting(key, file.string(), project);
    const auto place = fmt::format("{}: key \"{}\"", file.string(), key);
    if (!value.is_string()) refuse(place, "must be a string");
    apply(settings, setting, value.get<std::string>(), file.string(), place, project);
  }
}

bool is_ours_or_roots(const struct stat& status) {
  return status.st_uid == ::geteuid() || status.st_uid == 0;
}

// A file that somebody else has put into a folder above, such as /tmp, does not say where our sources go; nor
// does their link to one of root's.
bool is_trusted(const std::filesystem::path& path) {
  struct stat name {};
  struct stat file {};
  return ::lstat(path.c_str(), &name) == 0 && is_ours_or_roots(name) && ::stat(path.c_str(), &file) == 0 &&
         is_ours_or_roots(file) && S_ISREG(file.st_mode);
}

std::optional<std::filesystem::path> find_project_file(std::filesystem::path folder) {
  for (;; folder = folder.parent_path()) {
    const auto file = folder / ".rota.json";
    if (is_trusted(file)) return file;
    std::error_code absent;
    if (std::filesystem::exists(std::filesystem::symlink_status(file, absent)))
      say(harmless_line(file.string() + " is not read: it is no plain file of yours or of root"));
    if (!folder.has_relative_path()) return std::nullopt;
  }
}

// An unset and an empty variable mean the same.
std::optional<std::string> variable(const SettingSources& sources, const std::string& name) {
  auto value = sources.environment(name);
  return value && !value->empty() ? value : std::nullopt;
}

// The XDG Base Directory Specification: relative paths in these variables are ignored.
std::filesystem::path xdg_folder(const SettingSources& sources, const std::string& name,
                                 const char* fallback) {
  if (const auto value = variable(sources, name); value && value->front() == '/') return *value;
  const auto home = variable(sources, "HOME");
  return std::filesystem::path(home.value_or("/")) / fallback;
}

}  // namespace

SettingSources SettingSources::of_process(std::map<std::string, std::string> flags) {
  const auto look_up = [](const std::string& name) -> std::optional<std::string> {
    if (const char* value = std::getenv(name.c_str())) return value;
    const passwd* user = name == "HOME" ? ::getpwuid(::getuid()) : nullptr;
    return user != nullptr ? std::optional<std::string>(user->pw_dir) : std::nullopt;
  };
  std::error_code gone;  // the working folder may have been removed: then there is no project file
  return {std::move(flags), look_up, std::filesystem::current_path(gone)};
}

Settings load_settings(const SettingSources& sources) {
  Settings settings;
  settings.log = xdg_folder(sources, "XDG_STATE_HOME", ".local/state") / "rota/client.log";
  settings.cache = xdg_folder(sources, "XDG_CACHE_HOME", ".cache") / "rota";
  const auto user_file = xdg_folder(sources, "XDG_CONFIG_HOME", ".config") / "rota/config.json";
  std::error_code error;
  if (std::filesystem::exists(user_file, error)) apply_file(settings, user_file, false);
  if (const auto file = find_project_file(sources.working_folder)) apply_file(settings, *file, true);
  for (const auto& setting : kSettings) {
    if (const auto value = variable(sources, setting.variable)) {
      apply(settings, setting, *value, setting.variable, setting.variable);
    }
  }
  settings.token = variable(sources, "ROTA_TOKEN").value_or("");
  if (sources.flags.contains("token_file")) settings.token.clear();
  for (const auto& setting : kSettings) {
    const auto flag = sources.flags.find(setting.key);
    if (flag == sources.flags.end()) continue;
    std::string name = "--" + flag->first;
    for (auto& letter : name) letter = letter == '_' ? '-' : letter;
    apply(settings, setting, flag->second, name, name);
  }
  return settings;
}

net::Address parse_portal(const std::string& text) {
  if (text.find(':') == std::string::npos) {
    throw std::invalid_argument("'" + text + "' is not HOST:PORT, as in 127.0.0.1:4000");
  }
  const auto address = net::parse_address(text);
  if (address.port == 0) throw std::invalid_argument("'" + text + "': port 0 cannot be connected to");
  return address;
}

std::vector<net::Address> parse_portals(const std::string& text) {
  std::vector<net::Address> portals;
  for (std::size_t begin = 0; begin <= text.size();) {
    const auto end = std::min(text.find(',', begin), text.size());
    portals.push_back(parse_portal(text.substr(begin, end - begin)));
    begin = end + 1;
  }
  if (portals.size() <= kMaxPortals) return portals;
  throw std::invalid_argument(
      fmt::format("{} portals are named; {} are the most", portals.size(), kMaxPortals));
}

protocol::Schedule parse_schedule(const std::string& text) {
  using protocol::Schedule;
  if (text == "1") return Schedule::random;
  if (text == "2") return Schedule::round_robin;
  for (auto schedule : {Schedule::random, Schedule::round_robin, Schedule::least_loaded}) {
    if (text == protocol::to_text(schedule)) return schedule;
  }
  throw std::invalid_argument("'" + text +
                              "' is no schedule: give random (or 1), round-robin (or 2) or least-loaded");
}

}  // namespace rota::client

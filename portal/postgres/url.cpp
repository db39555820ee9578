#include "portal/postgres/url.hpp"

#include <fmt/format.h>
#include <libpq-fe.h>
#include <sys/stat.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string_view>

#include "base/check.hpp"

namespace rota::portal {
namespace {

struct Free {
  void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};

std::unique_ptr<PQconninfoOption, Free> parsed(const std::string& url) {
  char* problem = nullptr;
  std::unique_ptr<PQconninfoOption, Free> options(PQconninfoParse(url.c_str(), &problem));
  PQfreemem(problem);  // quotes the URL
  if (!options)
    throw std::invalid_argument("the store's URL is none: postgres://USER@HOST[:PORT][,HOST…]/DATABASE");
  return options;
}

// "a,b,c" by 1: "b,c,a". Lists that are not there, or of one for all hosts, stay.
std::string rotated(std::string list, std::size_t by) {
  const auto count = static_cast<std::size_t>(std::count(list.begin(), list.end(), ',')) + 1;
  for (std::size_t i = 0; i < by % count; ++i) {
    const auto comma = list.find(',');
    list = list.substr(comma + 1) + "," + list.substr(0, comma);
  }
  return list;
}

// As key=value form takes it.
std::string as_value(std::string_view value) {
  std::string text = "'";
  for (const char c : value) {
    if (c == '\'' || c == '\\') text += '\\';
    text += c;
  }
  return text + "'";
}

}  // namespace

std::string rotated_store_url(const std::string& url, std::size_t by) {
  std::unique_ptr<PQconninfoOption, Free> options(PQconninfoParse(url.c_str(), nullptr));
  if (!options) return url;
  std::string text;
  for (const auto* option = options.get(); option->keyword != nullptr; ++option) {
    if (option->val == nullptr) continue;
    const std::string_view key = option->keyword;
    const bool is_list = key == "host" || key == "hostaddr" || key == "port";
    text += fmt::format("{}={} ", key, as_value(is_list ? rotated(option->val, by) : option->val));
  }
  return text;
}

std::string read_store_url(const std::filesystem::path& file) {
  struct stat status {};
  check(::stat(file.c_str(), &status), "read the store's URL from " + file.string());
  if ((status.st_mode & 077) != 0)
    throw std::runtime_error("others may read " + file.string() +
                             ", which may hold a password: chmod 600 it");
  std::ifstream stream(file);
  std::string url;
  if (!std::getline(stream, url) || url.empty())
    throw std::runtime_error("no URL stands in the first line of " + file.string());
  return url;
}

std::string shown_store_url(const std::string& url) {
  const auto options = parsed(url);
  std::string host, port, database;
  for (const auto* option = options.get(); option->keyword != nullptr; ++option) {
    const std::string_view key = option->keyword;
    if (option->val == nullptr) continue;
    if (key == "host" || (key == "hostaddr" && host.empty())) host = option->val;
    if (key == "port") port = ":" + std::string(option->val);
    if (key == "dbname") database = "/" + std::string(option->val);
  }
  return "postgres://" + host + port + database;
}

}  // namespace rota::portal

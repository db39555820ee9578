#include "portal/init.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <map>
#include <set>
#include <stdexcept>

#include "base/check.hpp"
#include "base/replace_file.hpp"
#include "net/certificates.hpp"
#include "portal/token_file.hpp"

namespace rota::portal {
namespace {

using namespace init_files;

using Files = std::map<std::string, std::string>;  // name to content

void check_node_name(const std::string& name) {
  constexpr const char* kSigns = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-";
  const bool has_good_signs = name.find_first_not_of(kSigns) == std::string::npos;
  if (!name.empty() && name.size() <= 63 && has_good_signs && name.front() != '-' && name.front() != '.')
    return;
  throw std::invalid_argument("--node '" + name +
                              "': a node's name is a host name, 1 to 63 letters, digits, . and -");
}

void check(const InitSettings& settings) {
  std::set<std::string> names;
  for (const auto& node : settings.nodes) {
    check_node_name(node);
    if (!names.insert(node).second) throw std::invalid_argument("--node " + node + " is given twice");
  }
  if (settings.hosts.empty()) throw std::invalid_argument("give --host NAME: how others reach this portal");
  if (settings.days < 1 || settings.days > 36500) throw std::invalid_argument("--days: give 1 to 36500");
}

void add_pair(Files& files, const std::string& name, const net::KeyPair& pair) {
  files[name + ".crt"] = pair.certificate;
  files[name + ".key"] = pair.key;
}

// One hour back: the clocks of other machines may be behind.
net::Validity validity_of(const InitSettings& settings, UtcTime now) {
  const auto from = std::chrono::floor<std::chrono::seconds>(now) - std::chrono::hours(1);
  return {from, from + std::chrono::days(settings.days)};
}

// The portal's certificate is its proof to nodes as well; a node's is no proof to anybody but whoever connects to it, or
// one node could be a portal to another.
Files certificates(const InitSettings& settings, net::Validity validity) {
  const net::CertificateAuthority authority("rota " + settings.hosts.front().substr(0, 50), validity);
  Files files;
  add_pair(files, "ca", authority.own());
  add_pair(files, "portal",
           authority.sign({.name = "rota portal", .hosts = settings.hosts, .for_clients = true}, validity));
  for (const auto& node : settings.nodes)
    add_pair(files, "node-" + node, authority.sign({.name = "rota node", .hosts = {node}}, validity));
  return files;
}

void add_tokens(Files& files, const InitSettings& settings, UtcTime now) {
  std::vector<TokenRecord> records;
  const auto add = [&](const std::string& file, Role role, const std::string& user) {
    const std::string token = make_token();
    files[file] = token + "\n";
    records.push_back(record_of(token, role, user, now, std::nullopt));
  };
  add(kAdminToken, Role::admin, "admin");
  for (const auto& node : settings.nodes) add("node-" + node + ".token", Role::node, node);
  files[kTokens] = to_text(records);
}

void write(const std::filesystem::path& folder, const Files& files) {
  std::filesystem::create_directories(folder.has_parent_path() ? folder.parent_path() : ".");
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
    throw std::system_error(errno, std::generic_category(), "make " + folder.string());
  for (const auto& [name, content] : files) {
    if (std::filesystem::exists(std::filesystem::symlink_status(folder / name)))
      throw std::runtime_error((folder / name).string() + " is there already; nothing has been written");
  }
  for (const auto& [name, content] : files) replace_file(folder / name, content, Durability::synced);
}

std::string portal_lines(const InitSettings& settings) {
  const std::string folder = settings.folder.string();
  return fmt::format(
      "portal, here:\n"
      "  rota-portal --listen 0.0.0.0:4000 --tls-cert {0}/{1} --tls-key {0}/{2} --tls-ca {0}/{3} --tokens "
      "{0}/{4}\n\n",
      folder, kPortal, kPortalKey, kCa, kTokens);
}

std::string client_lines(const InitSettings& settings, const std::string& pin) {
  const std::string folder = settings.folder.string();
  return fmt::format(
      "client (copy {0}/{1}, and {0}/{2} or a token of `rota-portal token add --tokens {0}/{3} --role submit "
      "--user "
      "NAME`):\n"
      "  rota submit FILE --portal {4}:4000 --tls-ca {1} --token-file {2}\n"
      "  or without {1}: --tls-pin {5}\n\n",
      folder, kCa, kAdminToken, kTokens, settings.hosts.front(), pin);
}

std::string node_lines(const InitSettings& settings, const std::string& node) {
  return fmt::format(
      "node {1} (copy {0}/{2} and {0}/node-{1}.*):\n"
      "  rota-node --join {3}:4000 --tls-ca {2} --token-file node-{1}.token\n"
      "  or, where the portal connects to it (rota-portal … --node {1}:4001):\n"
      "  rota-node --listen 0.0.0.0:4001 --tls-cert node-{1}.crt --tls-key node-{1}.key --tls-client-ca "
      "{2}\n\n",
      settings.folder.string(), node, kCa, settings.hosts.front());
}

}  // namespace

std::string init(const InitSettings& settings, UtcTime now) {
  check(settings);
  Files files = certificates(settings, validity_of(settings, now));
  add_tokens(files, settings, now);
  write(settings.folder, files);
  const std::string pin = net::to_text(net::fingerprint_of_pem(files.at(kPortal)));
  std::string lines = portal_lines(settings) + client_lines(settings, pin);
  for (const auto& node : settings.nodes) lines += node_lines(settings, node);
  return lines + fmt::format("{}/{} signs for the whole cluster: keep it off this machine.\n",
                             settings.folder.string(), kCaKey);
}

}  // namespace rota::portal

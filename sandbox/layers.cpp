#include "sandbox/layers.hpp"

#include <algorithm>
#include <stdexcept>

namespace rota::sandbox {

const std::vector<std::string>& layer_names() {
  static const std::vector<std::string> names{"own-user",
                                              "user-namespace",
                                              "supplementary-groups",
                                              "pid-namespace",
                                              "mount-namespace",
                                              "network-namespace",
                                              "ipc-namespace",
                                              "uts-namespace",
                                              "root",
                                              "work-and-tmp",
                                              "proc",
                                              "capabilities",
                                              "no-new-privs",
                                              "cgroup-namespace",
                                              "resource-limits",
                                              "seccomp",
                                              "landlock",
                                              "memory-cgroup",
                                              "pids-cgroup",
                                              "cpu-cgroup",
                                              "cpu-quota",
                                              "cpu-set",
                                              std::string(kSelfTestLayer)};
  return names;
}

bool is_missing(const Layer& layer, const std::vector<std::string>& allowed) {
  const bool is_allowed = std::find(allowed.begin(), allowed.end(), layer.name) != allowed.end();
  return layer.expected && !layer.active && !is_allowed;
}

std::optional<Layer> find_missing_layer(const std::vector<Layer>& layers,
                                        const std::vector<std::string>& allowed) {
  const auto missing = std::find_if(layers.begin(), layers.end(),
                                    [&](const Layer& layer) { return is_missing(layer, allowed); });
  return missing == layers.end() ? std::nullopt : std::optional(*missing);
}

std::string refusal_of(const Layer& missing) {
  return missing.name + " is missing: " + missing.reason + "; mend that, or name it in --allow-missing " +
         missing.name + " to run without it";
}

void require_layers(const std::vector<Layer>& layers, const std::vector<std::string>& allowed) {
  if (const auto missing = find_missing_layer(layers, allowed))
    throw std::runtime_error(refusal_of(*missing));
}

}  // namespace rota::sandbox

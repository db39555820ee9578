#include "judge-node/key_text.hpp"

#include "judge-node/toolchain.hpp"

namespace rota::node {

// argv[0] comes from the administrator's language files, never from the network.
void KeyText::add(const CompileStep& step, const std::vector<std::string>& mounts) {
  const protocol::Limits& limits = step.limits;
  add(step.argv);
  add(step.environment);
  add(step.outputs);
  add(fmt::format("{} {} {} {} {} {} {} {}", limits.cpu_time.count(), limits.wall_time.count(),
                  limits.memory_bytes, limits.output_bytes, limits.file_bytes, limits.processes,
                  step.heap_percent, static_cast<int>(step.address_space)));
  add(file_identity(host_path_of(step.argv.front(), mounts)));
}

}  // namespace rota::node

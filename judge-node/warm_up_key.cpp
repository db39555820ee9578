#include "judge-node/warm_up_key.hpp"

#include "base/encoding.hpp"
#include "judge-node/key_text.hpp"
#include "judge-node/toolchain.hpp"

namespace rota::node {

std::string warm_up_key(const Language& language, const WarmUp& warm_up) {
  KeyText key;
  key.add(warm_up.id);
  key.add(language.toolchain.version);
  key.add(packages_identity());
  key.add(language.mounts);
  for (const auto& [name, content] : warm_up.files) {
    key.add(name);
    key.add(content);
  }
  for (const CompileStep& step : warm_up.steps) key.add(step, language.mounts);
  return language.id + "." + warm_up.id + "." + sha256_hex(key.text()).substr(0, 32);
}

}  // namespace rota::node

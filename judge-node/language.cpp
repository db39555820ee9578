#include "judge-node/language.hpp"

#include "judge-node/placeholders.hpp"

namespace rota::node {

bool Language::run_needs_source() const {
  return mentions(run.argv, kSourcePlaceholder);
}

}  // namespace rota::node

#include "judge-node/language.hpp"

#include "judge-node/placeholders.hpp"

namespace rota::node {

bool Language::run_needs_source() const {
  return mentions(run.argv, placeholder::kSource) || mentions(run.environment, placeholder::kSource);
}

const std::vector<std::string>& Language::outputs() const {
  static const std::vector<std::string> none;
  return compile.empty() ? none : compile.back().outputs;
}

}  // namespace rota::node

#include "judge-node/compiled_program.hpp"

#include "judge-node/verdict.hpp"

namespace rota::node {

bool made_program(const CompiledProgram& program) {
  return succeeded(program.report) && program.problem.empty();
}

}  // namespace rota::node

#pragma once
// Brings the output files of a run out of its /work, once every process of the run is dead.

#include "sandbox/spec.hpp"

namespace rota::sandbox {

// Opens what spec.outputs asks for beneath the folder, adds it to reply.outputs, and says in the report's detail what
// could not be brought out.
void collect_outputs(int work, const RunSpec& spec, RunReply& reply);

// Appends to the report's detail, with "; " between.
void add_detail(protocol::StepReport& report, const std::string& words);

}  // namespace rota::sandbox

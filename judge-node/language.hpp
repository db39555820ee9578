#pragma once
// One language as the node knows it: how a source file becomes a run. Plain data, read from a file by
// language_reader.hpp. Placeholders in argv and outputs:
//   {source}     the source's own file name in /work
//   {output}     the first of the compile step's outputs
//   {arguments}  a whole element of run's argv: the submission's arguments stand in its place

#include <optional>
#include <string>
#include <vector>

#include "protocol/limits.hpp"

namespace rota::node {

struct CompileStep {
  std::vector<std::string> argv;
  std::vector<std::string> environment;  // "NAME=value"
  std::vector<std::string> outputs;  // files of /work that make the program; empty where the step only checks
  protocol::Limits limits;
};

struct RunStep {
  std::vector<std::string> argv;
  std::vector<std::string> environment;
  protocol::Limits limits;  // defaults; a submission may override them
};

struct Language {
  std::string name;                     // as people write it: "C++"
  std::vector<std::string> aliases;     // other names that a submission may use
  std::vector<std::string> extensions;  // without the dot, case counts
  std::optional<CompileStep> compile;   // absent: runs as it is
  RunStep run;

  // Whether the run reads the source itself (an interpreter's does).
  bool run_needs_source() const;
};

}  // namespace rota::node

#pragma once
// One language as the node knows it: how a source file becomes a run. Plain data, read from files by
// language_reader.hpp; docs/languages.md is the reference of the files. The placeholders of argv and environment are
// listed in placeholders.hpp.

#include <map>
#include <string>
#include <vector>

#include "protocol/limits.hpp"

namespace rota::node {

// What RLIMIT_AS is for a step.
enum class AddressSpace {
  by_host,  // none where a cgroup limits memory, else the memory limit
  memory,   // always the memory limit: malloc(3) fails where memory is scarce
  free      // never any: for runtimes that reserve far more than they use
};

// One command in a box.
struct Step {
  std::vector<std::string> argv;
  std::vector<std::string> environment;  // "NAME=value"
  protocol::Limits limits;               // of a run: defaults, which a submission may override
  unsigned heap_percent = 75;            // {heap_mib} is that share of the memory limit
  AddressSpace address_space = AddressSpace::by_host;
};

struct CompileStep : Step {
  // Files of /work that the next step gets, or that make the program; may hold one '*'. None where the step only checks.
  std::vector<std::string> outputs;
};

struct RunStep : Step {
  // Texts in stderr by which a runtime says that the memory limit has ended it; they count beside an exit code
  // other than 0.
  std::vector<std::string> out_of_memory;
  // The program, an ELF file, is started from where the node keeps it, without a copy in /work. Not for programs that look
  // for their own file.
  bool from_memory = false;
};

// What the source is called in /work.
struct SourceName {
  std::string fixed;                // not empty: that
  std::string public_class_suffix;  // not empty: the source's class (class_of_file()) with this after it
  std::string default_class;        // where the source has none
};

// Something that is prepared once for a toolchain, such as a precompiled header: steps in a box, whose last outputs stand,
// read-only, in the folder {warm} of every compile that wants them.
struct WarmUp {
  std::string id;
  std::map<std::string, std::string>
      files;  // name → content: there before the first step, and kept in {warm} as well
  std::vector<CompileStep> steps;
};

// Another way to compile that is quicker and makes the same program, for sources of which it is known that it does. Where
// it does not end well, the language's own steps are taken as if it had not been tried.
struct FastCompile {
  std::string warm_up;                // must be ready; empty: it needs none
  std::vector<std::string> needs;     // programs and files that must be there
  std::vector<std::string> includes;  // <headers> that the source must include before all else
  std::vector<CompileStep> steps;
};

// What is known of a language's compiler or interpreter on this host; filled in by toolchain_probe.hpp.
struct Toolchain {
  std::string version;  // "12.2.0"; empty where the language names no way to ask
  std::string path;     // of the program that was asked
  std::string problem;  // why the language is not offered; empty where it is
};

struct Language {
  std::string id;                       // the file's name, or the variant's id
  std::string name;                     // as people write it: "C++"
  std::vector<std::string> aliases;     // other names that a submission may use
  std::vector<std::string> extensions;  // without the dot, case counts
  std::vector<std::string> packages;    // Debian's, which bring the toolchain
  std::vector<std::string> version;     // argv of a command that prints the toolchain's version; may be empty
  std::vector<std::string> mounts;      // as rota-box takes them after --bind; '?' before: may be missing
  SourceName source_name;
  // What a submission may ask for; a '*' stands for any part ("-std=*").
  std::vector<std::string> compile_flags, link_flags;
  std::vector<CompileStep> compile;  // one after the other; empty: runs as it is
  RunStep run;
  std::vector<WarmUp> warm_ups;
  std::vector<FastCompile> fast_compile;  // the first that suits is taken
  Toolchain toolchain;

  // Whether the run reads the source itself (an interpreter's does).
  bool run_needs_source() const;

  // What makes the program: those of the last compile step.
  const std::vector<std::string>& outputs() const;
};

}  // namespace rota::node

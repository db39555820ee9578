#include "bench/support/box_runs.hpp"

#include <unistd.h>

#include <stdexcept>

#include "base/check.hpp"

namespace rota::bench {

namespace {

std::vector<std::string> flags_of(const Payloads& payloads, unsigned core) {
  std::vector<std::string> flags = payloads.box_flags();
  flags.insert(flags.end(), {"--core", std::to_string(core)});
  return flags;
}

}  // namespace

BoxRuns::BoxRuns(const Payloads& payloads, unsigned core)
    : box_(flags_of(payloads, core)), output_(sandbox::test::make_memfd("")) {}

protocol::StepReport BoxRuns::run(const sandbox::RunSpec& spec, protocol::Cause expected) {
  box_.client().run(spec);
  protocol::StepReport report = box_.wait_for_reply().report;
  if (report.cause != expected || report.exit_code.value_or(0) != 0) {
    throw std::runtime_error(spec.argv[0] + " ended in the box as it should not have: " +
                             std::string(protocol::to_text(report.cause)) + ", " + report.detail);
  }
  return report;
}

sandbox::RunSpec BoxRuns::spec_of(std::vector<std::string> argv) {
  check(::ftruncate(output_.get(), 0), "empty the output");
  check(::lseek(output_.get(), 0, SEEK_SET), "rewind the output");
  sandbox::RunSpec spec;
  spec.argv = std::move(argv);
  spec.stdout_fd = output_.get();
  spec.stderr_fd = output_.get();
  return spec;
}

std::string BoxRuns::missing_layers() const {
  std::string missing;
  for (const sandbox::Layer& layer : box_.layers()) {
    if (!layer.active) missing += layer.name + ": " + layer.reason + "\n";
  }
  return missing;
}

}  // namespace rota::bench

#include "bench/support/box_runs.hpp"

#include <unistd.h>

#include <stdexcept>

#include "base/check.hpp"

namespace rota::bench {

BoxRuns::BoxRuns(const Payloads& payloads)
    : box_(payloads.box_flags()), output_(sandbox::test::make_memfd("")) {}

void BoxRuns::run(const sandbox::RunSpec& spec) {
  box_.client().run(spec);
  const protocol::StepReport report = box_.wait_for_reply().report;
  if (report.cause != protocol::Cause::exited || report.exit_code != 0) {
    throw std::runtime_error(spec.argv[0] + " failed in the box: " + report.detail);
  }
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

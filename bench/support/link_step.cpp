#include "bench/support/link_step.hpp"

#include <fcntl.h>

#include "base/check.hpp"
#include "base/temp_dir.hpp"
#include "bench/support/box_runs.hpp"
#include "bench/support/spawn.hpp"

namespace rota::bench {
namespace {

double link(BoxRuns& box, int object, std::vector<std::string> flags) {
  std::vector<std::string> argv{"/usr/bin/g++", "main.o", "-o", "program"};
  argv.insert(argv.end(), flags.begin(), flags.end());
  auto spec = box.spec_of(std::move(argv));
  spec.inputs = {{.name = "main.o", .fd = object, .executable = false}};
  spec.limits.cpu_time = spec.limits.wall_time = std::chrono::seconds(30);
  spec.limits.memory_bytes = 1ull << 30;
  spec.limits.file_bytes = 256ull << 20;
  spec.limits.processes = 32;
  return std::chrono::duration<double, std::micro>(box.run(spec).wall_time).count();
}

}  // namespace

Row measure_link(const std::string& source, int runs) {
  const TempDir folder("rota-bench-");
  const std::string object = folder.path() / "main.o";
  spawn_and_wait({"/usr/bin/g++", "-std=gnu++20", "-O2", "-c", source, "-o", object});
  const UniqueFd file(check(::open(object.c_str(), O_RDONLY | O_CLOEXEC), "open " + object));
  const Payloads payloads;
  BoxRuns box(payloads);
  Row row{"compile.link", {}, {}};
  for (int i = -1; i < runs; ++i) {
    const double ours = link(box, file.get(), {"-fuse-ld=mold"});
    const double baseline = link(box, file.get(), {});
    if (i < 0) continue;
    row.ours.push_back(ours);
    row.baseline.push_back(baseline);
  }
  return row;
}

}  // namespace rota::bench

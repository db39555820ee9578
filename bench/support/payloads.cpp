#include "bench/support/payloads.hpp"

namespace rota::bench {
namespace {

namespace fs = std::filesystem;

// They are built to a folder beside the benchmark.
fs::path built_payloads() {
  return fs::read_symlink("/proc/self/exe").parent_path() / "programs";
}

}  // namespace

Payloads::Payloads() : folder_("rota-bench-", "/var/tmp") {
  for (const auto& program : fs::directory_iterator(built_payloads())) {
    fs::copy_file(program.path(), folder_.path() / program.path().filename());
  }
  // The user of judged programs has to get in.
  fs::permissions(folder_.path(), fs::perms::others_read | fs::perms::others_exec, fs::perm_options::add);
}

}  // namespace rota::bench

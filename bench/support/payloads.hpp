#pragma once
// The programs of bench/payloads, in a folder that a box can show at its own place (--bind), so that a run in
// the box and one outside execute the same file by the same path.

#include <string>
#include <vector>

#include "base/temp_dir.hpp"

namespace rota::bench {

class Payloads {
 public:
  // Copies them to below /var/tmp: what stands in /tmp or below /work is hidden in a box by the run's own.
  // Throws std::filesystem::filesystem_error.
  Payloads();

  std::string folder() const { return folder_.path(); }
  std::string path_of(const std::string& name) const { return folder_.path() / name; }
  // What `rota-box serve` has to be told.
  std::vector<std::string> box_flags() const { return {"--bind", folder_.path()}; }

 private:
  TempDir folder_;
};

}  // namespace rota::bench

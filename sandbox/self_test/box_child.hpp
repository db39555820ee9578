#pragma once
// A `rota-box serve` that this process has started as its child, and talks to as a node does.

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "sandbox/client.hpp"

namespace rota::sandbox {

class BoxChild {
 public:
  // Starts that rota-box as `serve` with these flags and waits until it is ready. Throws std::runtime_error
  // with the box's words where it refuses, BoxGone where it dies.
  BoxChild(const std::string& program, const std::vector<std::string>& flags);
  ~BoxChild();  // ends it, by force where it has not ended by itself
  BoxChild(const BoxChild&) = delete;
  BoxChild& operator=(const BoxChild&) = delete;

  pid_t pid() const { return pid_; }
  BoxClient& client() { return *client_; }
  // Why the layer does not stand; nullopt where it does.
  std::optional<std::string> why_not(const std::string& layer) const;

  // Closes our end, waits, and says how it ended where that was not with exit status 0. A box that has not
  // ended after that time is killed.
  std::optional<std::string> close(std::chrono::milliseconds patience);

 private:
  void wait_until_ready();

  pid_t pid_ = -1;
  UniqueFd pidfd_;
  std::optional<BoxClient> client_;
  std::vector<Layer> layers_;
};

}  // namespace rota::sandbox

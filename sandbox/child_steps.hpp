#pragma once
// How a run's processes take their steps: the first that fails is reported as
// {step, errno} and ends the process.

#include <cerrno>

#include "sandbox/control.hpp"
#include "sandbox/step.hpp"

namespace rota::sandbox {

class ChildSteps {
 public:
  explicit ChildSteps(int control) : control_(control) {}

  // result: of a system call, negative where it failed. Gives it back.
  template <typename Result>
  Result take(Step step, Result result) const {
    if (result < 0) fail(step, errno);
    return result;
  }

  [[noreturn]] void fail(Step step, int error) const {
    send_control(control_,
                 {.kind = ControlKind::failed, .index = static_cast<std::uint32_t>(step), .value = error});
    ::_exit(kFailed);
  }

  static constexpr int kFailed = 127;

 private:
  int control_;
};

}  // namespace rota::sandbox

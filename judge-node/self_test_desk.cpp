#include "judge-node/self_test_desk.hpp"

#include <utility>

namespace rota::node {

void SelfTestDesk::ask(const void* asker, Answer answer) {
  askers_[asker] = std::move(answer);
  if (std::exchange(running_, true)) return;
  try {
    test_.repeat([this](const auto& failure) { answer_all(failure.value_or("")); });
  } catch (const std::exception& problem) {
    answer_all(problem.what());
  }
}

void SelfTestDesk::answer_all(const std::string& problem) {
  running_ = false;
  const auto askers = std::exchange(askers_, {});
  for (const auto& [asker, answer] : askers) answer(problem);
}

}  // namespace rota::node

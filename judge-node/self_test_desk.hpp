#pragma once
// Who has asked whether the sandbox is sound. One self-test runs at a time; who asks meanwhile gets its outcome too.

#include <functional>
#include <map>
#include <string>

#include "judge-node/self_test.hpp"

namespace rota::node {

class SelfTestDesk {
 public:
  using Answer = std::function<void(const std::string& problem)>;  // empty: sound

  // The test outlives the desk, and is at nobody else's disposal once ask() is called.
  explicit SelfTestDesk(SelfTest& test) : test_(test) {}

  // Calls back once, unless the asker is forgotten before; one asker's second question replaces its first. What the
  // machine lacks for a test is a problem like any other.
  void ask(const void* asker, Answer answer);
  void forget(const void* asker) { askers_.erase(asker); }

 private:
  void answer_all(const std::string& problem);

  SelfTest& test_;
  std::map<const void*, Answer> askers_;
  bool running_ = false;
};

}  // namespace rota::node

#pragma once
// One attack's runs in one box, one after another: the attack itself (twice, where its head asks for it), then
// a clean run, which has to find the box as if nothing had been. Does no waiting: next() says what to run,
// take() hears what came of it.

#include <optional>
#include <string>
#include <vector>

#include "base/unique_fd.hpp"
#include "sandbox/self_test/attack.hpp"

namespace rota::sandbox {

// What a trial found.
struct Finding {
  std::vector<std::string> problems;  // none: contained
  protocol::StepReport report;        // of the attack's last run
};

class Trial {
 public:
  // programs: the multi-call program of all attacks (borrowed). Throws where the source cannot be opened.
  Trial(const Attack& attack, int programs);

  // The next run, or nullopt when all have been. Borrows descriptors from this object.
  std::optional<RunSpec> next() const;
  void take(const RunReply& reply);

  const Finding& finding() const { return finding_; }

 private:
  enum class Stage { first, attack, clean, done };

  RunSpec attack_spec() const;
  RunSpec clean_spec() const;
  void note(const Settings& expected, const RunReply& reply, const std::string& which);
  void check_clean(const RunReply& reply);

  const Attack& attack_;
  int programs_;
  UniqueFd source_;      // of a script, or of what is compiled
  UniqueFd clean_text_;  // stdout of the clean run
  Stage stage_ = Stage::attack;
  Finding finding_;
};

}  // namespace rota::sandbox

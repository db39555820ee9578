#pragma once
// Prints verdicts as they come, for people or as one JSON object a line, and counts them.

#include <ostream>
#include <string>

#include "sandbox/self_test/runner.hpp"

namespace rota::sandbox {

class Announcer {
 public:
  Announcer(std::ostream& out, bool json) : out_(out), json_(json) {}

  void tell(const Verdict& verdict);
  // What is wrong beside any one attack; counts as one that was not contained.
  void tell_problem(const std::string& problem);
  // The closing line.
  void close();

  bool all_is_well() const { return contained_ > 0 && not_contained_ == 0; }

 private:
  void tell_people(const Verdict& verdict);
  void tell_machines(const Verdict& verdict);

  std::ostream& out_;
  bool json_;
  int contained_ = 0, not_contained_ = 0, not_tested_ = 0;
};

}  // namespace rota::sandbox

#pragma once
// Answers read back from the journal, one at a time, and each once for all who ask meanwhile: an answer may be tens of
// megabytes, asking for it a few bytes, and what is written waits behind what is read.

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "portal/journal.hpp"

namespace rota::portal {

class AnswerLoads {
 public:
  using Done = std::function<void(const std::optional<Journal::Finished>& finished)>;

  // The journal outlives its callbacks, and they this.
  explicit AnswerLoads(Journal& journal) : journal_(journal) {}

  void load(const std::string& job, Done done);

 private:
  void next();
  void loaded(const std::string& job, const std::optional<Journal::Finished>& finished);

  Journal& journal_;
  std::unordered_map<std::string, std::vector<Done>> waiting_;
  std::deque<std::string> order_;  // of those that wait, the first is being read
};

}  // namespace rota::portal

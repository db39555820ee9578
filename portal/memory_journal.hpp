#pragma once
// A journal for as long as the process lives: nothing is written anywhere.

#include <map>
#include <unordered_map>

#include "net/loop.hpp"
#include "net/next_turn.hpp"
#include "portal/journal.hpp"

namespace rota::portal {

class MemoryJournal : public Journal {
 public:
  // max_answer_bytes: the oldest answers go where all together take more.
  explicit MemoryJournal(net::Loop& loop, std::uint64_t max_answer_bytes = 256 << 20);

  const std::string& cluster() const override { return cluster_; }
  std::vector<JournalEntry> recover() override { return {}; }
  void write(std::vector<JournalEntry> entries, std::function<void(const Written&)> done) override;
  void load_submit(const std::string& job,
                   std::function<void(std::shared_ptr<const protocol::Submit>)> done) override;
  bool may_know(const std::string& job) const override { return answers_.contains(job); }
  void load_finished(const std::string& job, std::function<void(std::optional<Finished>)> done) override;
  void forget(UtcTime before, std::uint64_t max_bytes) override;

 private:
  struct Kept {
    Finished finished;
    std::uint64_t bytes = 0;
    std::multimap<UtcTime, std::string>::iterator by_age;
  };
  bool is_known(const JournalEntry& entry) const;
  void keep(JournalEntry entry);
  void keep_answer(JournalEntry entry);
  void drop_answer(const std::string& job);
  void forget_above(std::uint64_t max_bytes);

  std::string cluster_;
  std::uint64_t max_answer_bytes_;
  std::uint64_t answer_bytes_ = 0;
  std::unordered_map<std::string, std::shared_ptr<const protocol::Submit>> submits_;
  std::unordered_map<std::string, Kept> answers_;
  std::multimap<UtcTime, std::string> by_age_;  // jobs with an answer, by its time
  net::NextTurn next_turn_;
};

}  // namespace rota::portal

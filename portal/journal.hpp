#pragma once
// What stands behind the embedded engine's memory: a journal of its jobs, so that a restart of the portal, or a power
// cut, loses none. The engine keeps the metadata of unfinished jobs; what is large (submissions, answers) it reads back
// from here. SqliteJournal keeps it in a file, MemoryJournal for as long as the process lives.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "portal/store.hpp"

namespace rota::portal {

// A job as the journal keeps it.
struct JournalEntry {
  JobInfo info;
  JobState state = JobState::queued;
  std::shared_ptr<const protocol::Submit> submit;  // set where the job is new; else what was written stays
  std::shared_ptr<const protocol::Packet> answer;  // set where state is finished
  UtcTime finished{};
};

// Calls are carried out in order. Callbacks come from a later turn of the loop, and never after the journal has gone;
// what was handed in before is written all the same.
class Journal {
 public:
  virtual ~Journal() = default;

  // UUID, made when the journal is made.
  virtual const std::string& cluster() const = 0;

  // Every unfinished job (without its submit), oldest first. Called once, before anything else; may block. Throws
  // std::runtime_error where the journal as a whole cannot be read.
  virtual std::vector<JournalEntry> recover() = 0;

  // What became of a write. An empty problem: it is durable, but for those of its new jobs (entries with a submit) that
  // `known` names: a job of that id was there already, and stays as it was. Else nothing of it is written, and the caller
  // hands the same entries in again.
  struct Written {
    std::string problem;
    std::vector<std::string> known;
  };
  // Writes the entries in one transaction.
  virtual void write(std::vector<JournalEntry> entries, std::function<void(const Written&)> done) = 0;

  // Of an unfinished job. nullptr: not there.
  virtual void load_submit(const std::string& job,
                           std::function<void(std::shared_ptr<const protocol::Submit>)> done) = 0;

  struct Finished {
    JobInfo info;
    std::shared_ptr<const protocol::Packet> answer;
  };
  // False: it surely has no answer of a job of this id. Asks no disk.
  virtual bool may_know(const std::string&) const { return true; }
  virtual void load_finished(const std::string& job, std::function<void(std::optional<Finished>)> done) = 0;

  // Removes the answers of jobs that ended before `before`, and the oldest where all together take more than max_bytes;
  // in small pieces, while there is nothing else to do.
  virtual void forget(UtcTime before, std::uint64_t max_bytes) = 0;
};

}  // namespace rota::portal

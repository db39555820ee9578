#pragma once
// What is prepared once per toolchain so that compiles are quick, see WarmUp in language.hpp: made in boxes that nobody else
// needs, in the background, and kept in a folder that every box shows, read-only, as /warm. A preparation belongs to the
// toolchain that made it: once a package or program has changed it is passed over, and made anew.
//
//   FOLDER/LANGUAGE.WARM_UP.DIGEST/…  one preparation; complete, since it gets its name by rename(2)
//   FOLDER/.making-XXXXXX             one that is being written, or that a node left behind when it died
//
// Once one is made, others of its language and warm-up are removed: they were made by an older toolchain.

#include <deque>
#include <filesystem>
#include <functional>
#include <optional>
#include <set>
#include <string>

#include "judge-node/box.hpp"
#include "judge-node/compile_run.hpp"
#include "judge-node/event_log.hpp"
#include "judge-node/language_table.hpp"
#include "protocol/packets.hpp"

namespace rota::node {

class WarmUps {
 public:
  static constexpr int kGivesWayAtMost = 3;  // for one preparation
  static constexpr int kTriesAtMost =
      3;  // likewise, where the box is lost or a limit passed, as on a busy machine
  static constexpr const char* kPlace = "/warm";  // of the folder, in the box

  // makes: whether what is missing is made; else what is there is used. They outlive this. Throws where the folder cannot
  // be made.
  WarmUps(const LanguageTable& languages, EventLog& log, std::filesystem::path folder, bool makes);

  // To be called once the toolchains are known: finds what is there, and what is to be made. on_free: a box that had been
  // taken is idle again.
  void start(std::function<void()> on_free);

  // A way to compile the submission quickly, and its {warm}.
  struct Way {
    const FastCompile* fast;
    std::string warm;
  };
  std::optional<Way> way_for(const Language& language, const protocol::Submit& submission);

  // An idle box that no job wants: takes it for the next preparation, if there is one.
  void use(Box& box);

  // Jobs wait: ends the preparation in progress, which begins anew later; not for ever where others of the slots can take
  // jobs, since those of a node that is never idle would never be quick.
  void give_way(unsigned slots);

 private:
  struct Task {
    const Language* language;
    const WarmUp* warm_up;
    std::string key;
    int given_way = 0, accidents = 0;  // how often
  };

  bool is_ready(const Language& language, const WarmUp& warm_up);
  void run_step(Box& box);
  void step_ended(Box& box, sandbox::RunReply reply);
  bool begins_anew(const sandbox::RunReply& reply);
  void start_task();
  void finish(const CompiledProgram& program, std::string problem);
  void keep(const Task& task, const CompiledProgram& program) const;
  void remove_superseded(const Task& task) const;
  void remove_leavings() const;

  const LanguageTable& languages_;
  EventLog& log_;
  std::filesystem::path folder_;
  bool makes_;
  std::set<std::string> ready_, asked_for_;  // keys
  std::deque<Task> tasks_;                   // the first may be in progress
  std::optional<CompileRun> run_;            // of the first
  std::vector<MemoryFile> inputs_;
  std::function<void()> on_free_;
  Box* box_ = nullptr;  // that works on it
  bool gives_way_ = false;
};

}  // namespace rota::node

#pragma once
// One submission's life on this node, sans-IO: it is told what has happened and when, says what comes next,
// and keeps the timeline. It knows no boxes, sockets or clocks.
//
//   accepted ─▶ [compile_started ─▶ compile_finished] ─▶ run_started ─▶ run_finished ─▶ take_result
//
// broken_off() may come at any point before the last; so may cancelled(), after which nothing else is called.

#include <functional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "judge-node/compiled_program.hpp"
#include "judge-node/language.hpp"
#include "protocol/packets.hpp"

namespace rota::node {

struct RunOutcome {
  protocol::StepReport report;
  std::string stdout_bytes;
  std::string stderr_bytes;
};

class Job {
 public:
  // Called for each event as it happens.
  using EventSink = std::function<void(const protocol::Event&)>;

  enum class Next { compile, run, finish };

  // submission.job must be set. limits are those of the run, already within the node's maxima; language
  // outlives the job. host is this node's name.
  Job(protocol::Submit submission, const Language& language, const protocol::Limits& limits, std::string host,
      Instant received, EventSink sink);

  void accepted(Instant now);
  void compile_started(Instant now);  // counts once, however often it is called
  Next compile_finished(Instant now, const CompiledProgram& program, bool cached);
  void run_started(Instant now);
  Next run_finished(Instant now, RunOutcome outcome);
  void cancelled(Instant now);
  void broken_off(const std::string& reason);  // by a failure of this machine outside of the box

  Next next() const { return next_; }
  const std::string& id() const { return submission_.job; }
  const protocol::Submit& submission() const { return submission_; }
  const Language& language() const { return *language_; }
  const protocol::Limits& limits() const { return limits_; }
  const std::string& source_name() const { return source_name_; }                // in /work
  const std::vector<protocol::Event>& events() const { return result_.events; }  // until take_result()

  // Once next() is finish. Records "collected" and hands the result over.
  protocol::Result take_result(Instant now);

 private:
  using Fields = std::map<std::string, protocol::FieldValue>;

  void record(Instant now, const std::string& name, Fields fields = {});
  void record_limits(Instant now, const char* step, const protocol::StepReport& report,
                     const protocol::Limits& limits);
  void refuse_compile(const CompiledProgram& program);

  protocol::Submit submission_;
  const Language* language_;
  protocol::Limits limits_;
  std::string source_name_;
  std::string host_;
  Instant received_;
  EventSink sink_;
  protocol::Result result_;
  Next next_;
  std::uint32_t events_ = 0;  // recorded until now
  bool compile_started_ = false;
};

}  // namespace rota::node

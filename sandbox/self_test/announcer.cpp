#include "sandbox/self_test/announcer.hpp"

#include "sandbox/report_text.hpp"

namespace rota::sandbox {
namespace {

std::string join(const std::vector<std::string>& sentences) {
  std::string text;
  for (const std::string& sentence : sentences) text += (text.empty() ? "" : "; ") + sentence;
  return text;
}

const char* word_for(Verdict::Kind kind) {
  if (kind == Verdict::Kind::contained) return "contained";
  return kind == Verdict::Kind::not_contained ? "NOT CONTAINED" : "not tested";
}

}  // namespace

void Announcer::tell(const Verdict& verdict) {
  if (verdict.kind == Verdict::Kind::contained) ++contained_;
  if (verdict.kind == Verdict::Kind::not_contained) ++not_contained_;
  if (verdict.kind == Verdict::Kind::not_tested) ++not_tested_;
  if (json_) {
    tell_machines(verdict);
  } else {
    tell_people(verdict);
  }
  out_.flush();
}

void Announcer::tell_people(const Verdict& verdict) {
  out_ << word_for(verdict.kind) << "  " << verdict.attack->id();
  if (verdict.kind == Verdict::Kind::not_tested) {
    out_ << ": " << verdict.reason << '\n';
    return;
  }
  out_ << " (" << verdict.took.count() << " ms)";
  if (!verdict.finding.problems.empty()) out_ << ": " << join(verdict.finding.problems);
  out_ << '\n';
}

void Announcer::tell_machines(const Verdict& verdict) {
  std::string reason = verdict.reason;
  if (!verdict.finding.problems.empty()) reason = join(verdict.finding.problems);
  out_ << "{\"attack\":" << quote_json(verdict.attack->id())
       << ",\"verdict\":" << quote_json(word_for(verdict.kind)) << ",\"reason\":" << quote_json(reason)
       << ",\"took_ms\":" << verdict.took.count() << ",\"report\":" << to_json(verdict.finding.report)
       << "}\n";
}

void Announcer::tell_problem(const std::string& problem) {
  ++not_contained_;
  if (json_) {
    out_ << "{\"problem\":" << quote_json(problem) << "}\n";
  } else {
    out_ << "NOT CONTAINED  " << problem << '\n';
  }
}

void Announcer::close() {
  if (json_) {
    out_ << "{\"contained\":" << contained_ << ",\"not_contained\":" << not_contained_
         << ",\"not_tested\":" << not_tested_ << "}\n";
    return;
  }
  out_ << contained_ << " contained, " << not_contained_ << " not";
  if (not_tested_ > 0) out_ << ", " << not_tested_ << " not tested";
  out_ << '\n';
}

}  // namespace rota::sandbox

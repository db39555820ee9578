#include "judge-node/compile_key.hpp"

#include <fmt/format.h>

#include "base/encoding.hpp"
#include "judge-node/toolchain.hpp"

namespace rota::node {
namespace {

// Each part with its length before it, so that no two lists of parts give the same text.
class KeyText {
 public:
  void add(std::string_view part) {
    text_ += fmt::format("{}:", part.size());
    text_ += part;
  }

  void add(const std::vector<std::string>& parts) {
    add(std::to_string(parts.size()));
    for (const std::string& part : parts) add(part);
  }

  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

// argv[0] comes from the administrator's language files, never from the network.
void add(KeyText& key, const CompileStep& step, const std::vector<std::string>& mounts) {
  const protocol::Limits& limits = step.limits;
  key.add(step.argv);
  key.add(step.environment);
  key.add(step.outputs);
  key.add(fmt::format("{} {} {} {} {} {} {} {}", limits.cpu_time.count(), limits.wall_time.count(),
                      limits.memory_bytes, limits.output_bytes, limits.file_bytes, limits.processes,
                      step.heap_percent, static_cast<int>(step.address_space)));
  key.add(file_identity(host_path_of(step.argv.front(), mounts)));
}

}  // namespace

std::string compile_key(const Job& job) {
  const Language& language = job.language();
  const protocol::Submit& submission = job.submission();
  KeyText key;
  key.add(language.id);
  key.add(language.toolchain.version);
  key.add(packages_identity());
  key.add(language.mounts);
  for (const CompileStep& step : language.compile) add(key, step, language.mounts);
  key.add(submission.compile_flags);
  key.add(submission.link_flags);
  key.add(job.source_name());
  key.add(submission.source);
  for (const protocol::ProjectFile& file : submission.files) {
    key.add(file.name);
    key.add(file.content);
  }
  return sha256_hex(key.text());
}

}  // namespace rota::node

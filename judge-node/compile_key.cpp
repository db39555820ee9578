#include "judge-node/compile_key.hpp"

#include "base/encoding.hpp"
#include "judge-node/key_text.hpp"
#include "judge-node/toolchain.hpp"
#include "judge-node/warm_up_key.hpp"

namespace rota::node {
// To be counted up where the node's own part in a compile changes, such as what it does to the compiler's output.
constexpr std::string_view kWhatWeDo = "1";

std::string compile_key(const Job& job) {
  const Language& language = job.language();
  const protocol::Submit& submission = job.submission();
  KeyText key;
  key.add(kWhatWeDo);
  key.add(language.id);
  key.add(language.toolchain.version);
  key.add(packages_identity());
  key.add(present_mounts(language));
  for (const CompileStep& step : language.compile) key.add(step, language.mounts);
  for (const FastCompile& fast : language.fast_compile) {
    key.add(fast.warm_up);
    key.add(fast.includes);
    for (const CompileStep& step : fast.steps) key.add(step, language.mounts);
  }
  for (const WarmUp& warm_up : language.warm_ups) key.add(warm_up_key(language, warm_up));
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

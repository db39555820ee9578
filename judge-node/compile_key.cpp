#include "judge-node/compile_key.hpp"

#include "base/encoding.hpp"
#include "judge-node/key_text.hpp"
#include "judge-node/toolchain.hpp"

namespace rota::node {
std::string compile_key(const Job& job) {
  const Language& language = job.language();
  const protocol::Submit& submission = job.submission();
  KeyText key;
  key.add(language.id);
  key.add(language.toolchain.version);
  key.add(packages_identity());
  key.add(language.mounts);
  for (const CompileStep& step : language.compile) key.add(step, language.mounts);
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

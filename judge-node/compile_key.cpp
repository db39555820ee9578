#include "judge-node/compile_key.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <filesystem>

#include "base/encoding.hpp"

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

// argv[0] comes from the administrator's language table, never from the network.
std::string compiler_identity(const std::string& program) {
  std::error_code problem;
  const std::filesystem::path resolved = std::filesystem::canonical(program, problem);
  struct stat status {};
  if (problem || ::stat(resolved.c_str(), &status) != 0) return "absent";
  return fmt::format("{} {} {}.{:09}", resolved.string(), status.st_size, status.st_mtim.tv_sec,
                     status.st_mtim.tv_nsec);
}

}  // namespace

std::string compile_key(const Language& language, std::string_view file_name, std::string_view source) {
  const CompileStep& step = *language.compile;
  const protocol::Limits& limits = step.limits;
  KeyText key;
  key.add(language.name);
  key.add(step.argv);
  key.add(step.environment);
  key.add(step.outputs);
  key.add(fmt::format("{} {} {} {} {} {}", limits.cpu_time.count(), limits.wall_time.count(),
                      limits.memory_bytes, limits.output_bytes, limits.file_bytes, limits.processes));
  key.add(compiler_identity(step.argv.front()));
  key.add(file_name);
  key.add(source);
  return sha256_hex(key.text());
}

}  // namespace rota::node

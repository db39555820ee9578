#include "judge-node/program_store_format.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/encoding.hpp"
#include "protocol/step_bytes.hpp"
#include "sandbox/spec.hpp"

namespace rota::node {
namespace {

constexpr std::string_view kMagic = "rota program ";
constexpr std::string_view kHead = "rota program 1\n";
constexpr std::size_t kDigits = 64;  // of a key, and of the digest

void put_artifacts(ByteWriter& writer, const std::vector<Artifact>& artifacts) {
  writer.put(static_cast<std::uint32_t>(artifacts.size()));
  for (const Artifact& artifact : artifacts) {
    writer.put_text(artifact.name);
    writer.put_text(artifact.file.read(artifact.file.size()));
  }
}

std::vector<Artifact> get_artifacts(ByteReader& reader) {
  std::vector<Artifact> artifacts;
  const std::size_t count = reader.get_length(sandbox::kMaxOutputs);
  while (artifacts.size() < count) {
    std::string name = reader.get_text(sandbox::kMaxFileNameBytes);
    const std::string_view bytes = reader.get_view(reader.left());
    artifacts.push_back({std::move(name), MemoryFile::sealed(bytes), bytes.size()});
  }
  return artifacts;
}

void require_whole(std::string_view bytes) {
  if (!bytes.starts_with(kMagic)) throw BadBytes("it does not begin as a program does");
  if (!bytes.starts_with(kHead)) throw BadBytes("it is of another version of the format");
  if (bytes.size() < kHead.size() + 2 * kDigits) throw BadBytes("it is cut short");
  const std::size_t size = bytes.size() - kDigits;
  if (sha256_hex(bytes.substr(0, size)) != bytes.substr(size)) throw BadBytes("its digest is wrong");
}

CompiledProgram get_program(ByteReader& reader) {
  CompiledProgram program;
  program.report = protocol::get_report(reader);
  program.limits = protocol::get_limits(reader);
  program.output = reader.get_text(reader.left());
  program.artifacts = get_artifacts(reader);
  reader.require_end();
  if (!made_program(program)) throw BadBytes("its compile made no program");
  return program;
}

}  // namespace

bool is_program_key(const std::string& key) {
  return key.size() == kDigits && std::all_of(key.begin(), key.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

std::string encode_program(const std::string& key, const CompiledProgram& program) {
  ByteWriter writer;
  writer.put_raw(kHead);
  writer.put_raw(key);
  const auto& [report, limits, output, artifacts, problem] =
      program;  // a new field does not go unnoticed here
  protocol::put_report(writer, report);
  protocol::put_limits(writer, limits);
  writer.put_text(output);
  put_artifacts(writer, artifacts);
  writer.put_raw(sha256_hex(writer.bytes()));
  return writer.take_bytes();
}

CompiledProgram decode_program(const std::string& key, std::string bytes) {
  require_whole(bytes);
  bytes.resize(bytes.size() - kDigits);
  ByteReader reader(std::move(bytes));
  reader.get_raw(kHead.size());
  if (reader.get_raw(kDigits) != key) throw BadBytes("it is the program of another key");
  return get_program(reader);
}

}  // namespace rota::node

#include "protocol/packets.hpp"

namespace rota::protocol {

std::uint64_t bytes_of(const Submit& submit) {
  std::uint64_t bytes = submit.source.size() + submit.stdin_bytes.size();
  for (const auto* texts :
       {&submit.arguments, &submit.environment, &submit.compile_flags, &submit.link_flags}) {
    for (const std::string& text : *texts) bytes += text.size();
  }
  for (const ProjectFile& file : submit.files) bytes += file.name.size() + file.content.size();
  return bytes;
}

}  // namespace rota::protocol

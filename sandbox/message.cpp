#include "sandbox/message.hpp"

#include "protocol/step_bytes.hpp"
#include "sandbox/message_fields.hpp"

namespace rota::sandbox {
namespace {

using protocol::kMaxWordsBytes;
using protocol::put_words;

constexpr std::uint8_t kVersion = 4;
constexpr std::size_t kMaxLayers = 64;

enum class Kind : std::uint8_t { run = 1, cancel, ready, refused, reply };

MessageWriter start(Kind kind) {
  MessageWriter writer;
  writer.put(kVersion);
  writer.put(static_cast<std::uint8_t>(kind));
  return writer;
}

Kind read_kind(MessageReader& reader) {
  if (reader.get<std::uint8_t>() != kVersion) throw MessageError("the message is of another version");
  return static_cast<Kind>(reader.get<std::uint8_t>());
}

void put_texts(MessageWriter& writer, const std::vector<std::string>& texts) {
  writer.put(static_cast<std::uint32_t>(texts.size()));
  for (const std::string& text : texts) writer.put_text(text);
}

std::vector<std::string> get_texts(MessageReader& reader, std::size_t count_bound, std::size_t bytes_bound) {
  std::vector<std::string> texts(reader.get_length(count_bound));
  for (std::string& text : texts) text = reader.get_text(bytes_bound);
  return texts;
}

RunRequest get_run(MessageReader& reader) {
  RunRequest request;
  RunSpec& spec = request.spec;
  spec.argv = get_texts(reader, kMaxArgumentBytes, kMaxArgumentBytes);
  spec.environment = get_texts(reader, kMaxArgumentBytes, kMaxArgumentBytes);
  for (int* fd : {&spec.program_fd, &spec.stdin_fd, &spec.stdout_fd, &spec.stderr_fd}) {
    *fd = reader.get_optional_fd();
  }
  spec.inputs.resize(reader.get_length(kMaxInputs));
  for (InputFile& input : spec.inputs) {
    input.name = reader.get_text(kMaxFileNameBytes);
    input.executable = reader.get_bool();
    input.fd = reader.get_fd();
  }
  spec.outputs = get_texts(reader, kMaxOutputs, kMaxFileNameBytes);
  spec.output_file_bytes = reader.get<std::uint64_t>();
  spec.limits = protocol::get_limits(reader);
  spec.address_space_bytes = reader.get<std::uint64_t>();
  spec.free_address_space = reader.get_bool();
  request.fds = reader.take_fds();
  if (const auto problem = find_problem(spec)) throw MessageError(*problem);
  return request;
}

BoxReady get_ready(MessageReader& reader) {
  BoxReady ready;
  ready.layers.resize(reader.get_length(kMaxLayers));
  for (Layer& layer : ready.layers) {
    layer.name = reader.get_text(kMaxWordsBytes);
    layer.active = reader.get_bool();
    layer.reason = reader.get_text(kMaxWordsBytes);
    layer.expected = reader.get_bool();
  }
  reader.require_end();
  return ready;
}

RunReply get_reply(MessageReader& reader) {
  RunReply reply;
  reply.report = protocol::get_report(reader);
  reply.outputs.resize(reader.get_length(kMaxOutputs));
  for (OutputFile& output : reply.outputs) {
    output.name = reader.get_text(kMaxFileNameBytes);
    output.size = reader.get<std::uint64_t>();
    output.file = reader.take_fd();
  }
  reader.require_end();
  return reply;
}

}  // namespace

OutgoingMessage encode(const RunSpec& spec) {
  MessageWriter writer = start(Kind::run);
  put_texts(writer, spec.argv);
  put_texts(writer, spec.environment);
  for (const int fd : {spec.program_fd, spec.stdin_fd, spec.stdout_fd, spec.stderr_fd})
    writer.put_optional_fd(fd);
  writer.put(static_cast<std::uint32_t>(spec.inputs.size()));
  for (const InputFile& input : spec.inputs) {
    writer.put_text(input.name);
    writer.put(static_cast<std::uint8_t>(input.executable));
    writer.put_fd(input.fd);
  }
  put_texts(writer, spec.outputs);
  writer.put(spec.output_file_bytes);
  protocol::put_limits(writer, spec.limits);
  writer.put(spec.address_space_bytes);
  writer.put(static_cast<std::uint8_t>(spec.free_address_space));
  return writer.take();
}

OutgoingMessage encode(const CancelRequest&) {
  return start(Kind::cancel).take();
}

OutgoingMessage encode(const BoxReady& ready) {
  MessageWriter writer = start(Kind::ready);
  writer.put(static_cast<std::uint32_t>(ready.layers.size()));
  for (const Layer& layer : ready.layers) {
    put_words(writer, layer.name);
    writer.put(static_cast<std::uint8_t>(layer.active));
    put_words(writer, layer.reason);
    writer.put(static_cast<std::uint8_t>(layer.expected));
  }
  return writer.take();
}

OutgoingMessage encode(const BoxRefused& refused) {
  MessageWriter writer = start(Kind::refused);
  put_words(writer, refused.reason);
  return writer.take();
}

OutgoingMessage encode(const RunReply& reply) {
  MessageWriter writer = start(Kind::reply);
  protocol::put_report(writer, reply.report);
  writer.put(static_cast<std::uint32_t>(reply.outputs.size()));
  for (const OutputFile& output : reply.outputs) {
    writer.put_text(output.name);
    writer.put(output.size);
    writer.put_fd(output.file.get());
  }
  return writer.take();
}

BoxRequest decode_request(IncomingMessage message) {
  MessageReader reader(std::move(message));
  const Kind kind = read_kind(reader);
  if (kind == Kind::run) return get_run(reader);
  if (kind != Kind::cancel) throw MessageError("unknown kind of request");
  reader.require_end();
  return CancelRequest{};
}

BoxMessage decode_box_message(IncomingMessage message) {
  MessageReader reader(std::move(message));
  const Kind kind = read_kind(reader);
  if (kind == Kind::ready) return get_ready(reader);
  if (kind == Kind::reply) return get_reply(reader);
  if (kind != Kind::refused) throw MessageError("unknown kind of answer");
  BoxRefused refused{reader.get_text(kMaxWordsBytes)};
  reader.require_end();
  return refused;
}

}  // namespace rota::sandbox

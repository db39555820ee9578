#include "tests/fuzz/properties.hpp"

#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

#include "protocol/conversion.hpp"
#include "protocol/framing.hpp"
#include "tests/fuzz/byte_source.hpp"

namespace rota::fuzz {
namespace {

using namespace protocol;

void require(bool holds, const char* property) {
  if (holds) return;
  std::fprintf(stderr, "property does not hold: %s\n", property);
  std::abort();
}

bool is_harmless_line(std::string_view text) {
  for (const char c : text) {
    if ((c >= 0 && c < 0x20) || c == 0x7f) return false;
  }
  return true;
}

// --- decoder

struct Decoded {
  std::vector<std::string> packets;
  bool lost = false;  // a packet passed the bound

  bool operator==(const Decoded&) const = default;
};

void feed(PacketDecoder& decoder, std::string_view piece, Decoded& decoded) {
  if (decoded.lost) return;
  decoder.feed(piece);
  try {
    while (auto packet = decoder.next()) decoded.packets.push_back(std::move(*packet));
  } catch (const ProtocolError& error) {
    require(error.code() == ErrorCode::packet_too_large, "framing fails only by packet_too_large");
    decoded.lost = true;
  }
}

// What the framing's grammar says, in the simplest way.
Decoded expected_packets(std::string_view stream, std::size_t bound) {
  Decoded decoded;
  for (;;) {
    const std::size_t eot = stream.find(kEot);
    decoded.lost = std::min(eot, stream.size()) > bound;
    if (decoded.lost || eot == std::string_view::npos) return decoded;
    decoded.packets.emplace_back(stream.substr(0, eot));
    stream.remove_prefix(eot + 1);
  }
}

// --- conversion

void check_refusal(const ProtocolError& error, std::string_view json) {
  const std::string_view message = error.what();
  require(!message.empty() && message.size() < 2000, "an error's message is bounded");
  require(error.where().size() < 2000, "an error's place is bounded");
  require(is_harmless_line(message) && is_harmless_line(error.where()),
          "an error holds no control characters");
  const Error packet{error.code(), job_of_bad_packet(json), error.where(), error.what()};
  require(from_json(to_json(packet)) == Packet(packet), "every refusal can be told");
}

void check_readable(const Event& event) {
  require(is_harmless_line(to_readable(event)), "a readable event is one harmless line");
  require(from_log_line(to_log_line(event)) == event, "an event comes back from its log line");
}

// --- writing

Event any_event(ByteSource& source) {
  Event event;
  event.time = UtcTime(std::chrono::nanoseconds(source.number<std::int64_t>()));
  event.offset = std::chrono::nanoseconds(source.number<std::int64_t>());
  event.host = source.text();
  event.job = source.text();
  event.name = source.text();
  for (std::size_t i = source.below(20); i > 0; --i) {
    event.fields[source.text()] =
        source.flag() ? FieldValue(source.text()) : FieldValue(source.number<std::int64_t>());
  }
  return event;
}

StepReport any_report(ByteSource& source) {
  StepReport report;
  report.cause = static_cast<Cause>(source.below(8));
  if (source.flag()) report.exit_code = source.number<int>();
  if (source.flag()) report.signal = source.number<int>();
  report.cpu_time = std::chrono::nanoseconds(source.number<std::int64_t>());
  report.memory_bytes = source.number<std::uint64_t>();
  report.memory_basis = source.text();
  report.stdout_cut = source.flag();
  report.detail = source.text();
  return report;
}

Result any_result(ByteSource& source) {
  Result result;
  result.job = source.text();
  result.verdict = static_cast<Verdict>(source.below(10));
  if (source.flag()) result.returncode = source.number<int>();
  result.message = source.text();
  result.stdout_bytes = source.text();
  result.stderr_bytes = source.text();
  result.node = source.text();
  result.language = source.text();
  result.compiler_output = source.text();
  if (source.flag()) result.run = any_report(source);
  for (std::size_t i = source.below(8); i > 0; --i) result.events.push_back(any_event(source));
  return result;
}

Nodes any_nodes(ByteSource& source) {
  Nodes packet;
  for (std::size_t i = source.below(8); i > 0; --i) {
    NodeStatus node{
        .name = source.text(), .address = source.text(), .up = source.flag(), .problem = source.text()};
    node.slots = source.number<std::uint32_t>();
    for (std::size_t j = source.below(4); j > 0; --j) node.languages.push_back(source.text());
    packet.nodes.push_back(node);
  }
  return packet;
}

Packet any_report_packet(ByteSource& source) {
  switch (source.below(7)) {
    case 0:
      return Error{static_cast<ErrorCode>(source.below(19)), source.text(), source.text(), source.text()};
    case 1:
      return any_nodes(source);
    case 2:
      return LogLine{source.text(), any_event(source)};
    case 3:
      return LogsEnd{source.text(), {source.text(), source.text()}};
    case 4:
      return Ping{source.number<std::uint64_t>()};
    case 5:
      return LiveEvent{any_event(source)};
    default:
      return any_result(source);
  }
}

}  // namespace

void check_decoder(std::string_view input) {
  ByteSource source(input);
  const std::size_t bound = source.number<std::uint16_t>();
  const std::size_t pieces = 1 + source.below(8);
  std::vector<std::size_t> sizes;  // of the pieces, over and over again
  for (std::size_t i = 0; i < pieces; ++i) sizes.push_back(1 + source.number<std::uint16_t>() % 2000);
  const std::string_view stream = source.rest();

  PacketDecoder decoder(bound);
  Decoded decoded;
  std::string_view rest = stream;
  for (std::size_t i = 0; !rest.empty(); ++i) {
    const std::size_t size = std::min(rest.size(), sizes[i % pieces]);
    feed(decoder, rest.substr(0, size), decoded);
    rest.remove_prefix(size);
  }
  const Decoded expected = expected_packets(stream, bound);
  require(decoded == expected, "the packets are those of the grammar, however the stream is split");
  const std::size_t last = stream.rfind(kEot);
  const std::size_t pending = stream.size() - (last == std::string_view::npos ? 0 : last + 1);
  require(decoded.lost || decoder.pending_bytes() == pending, "what follows the last EOT is pending");
}

void check_conversion(std::string_view input) {
  std::optional<Packet> packet;
  try {
    packet = from_json(input);
  } catch (const ProtocolError& error) {
    check_refusal(error, input);
  }
  if (packet) {
    const std::string json = to_json(*packet);
    require(json.find(kEot) == std::string::npos, "no EOT inside a packet");
    require(from_json(json) == *packet, "a packet comes back from its JSON");
    if (const auto* live = std::get_if<LiveEvent>(&*packet)) check_readable(live->event);
  }
  try {
    check_readable(from_log_line(input));
  } catch (const ProtocolError& error) {
    check_refusal(error, input);
  }
}

void check_writing(std::string_view input) {
  ByteSource source(input);
  const Packet packet = any_report_packet(source);
  const std::string json = to_json(packet);
  const Packet fitted = from_json(json);  // throws, and so ends the process, where it is refused
  require(fitted.index() == packet.index(), "a report stays what it is");
  require(from_json(to_json(fitted)) == fitted, "what fits is written as it is");
}

}  // namespace rota::fuzz

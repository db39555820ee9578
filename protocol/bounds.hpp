#pragma once
// How much of everything one packet may hold. PROTOCOL.md states these per field; framing.hpp's
// kMaxPacketBytes rests on them: the largest result that they allow is smaller than a packet may be
// (tests/unit/protocol shows it).

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace rota::protocol {

inline constexpr std::size_t kMaxSourceBytes = 16 << 20;
inline constexpr std::size_t kMaxFiles = 128;           // beside the source
inline constexpr std::size_t kMaxFilesBytes = 8 << 20;  // all of them together
inline constexpr std::size_t kMaxStdinBytes = 16 << 20;
inline constexpr std::size_t kMaxCompilerOutputBytes = 4 << 20;
inline constexpr std::size_t kMaxMessageBytes = 64 << 10;

inline constexpr std::size_t kMaxArguments = 256;
inline constexpr std::size_t kMaxArgumentsBytes = 64 << 10;  // all arguments together

inline constexpr std::size_t kMaxFlags = 64;
inline constexpr std::size_t kMaxFlagBytes = 256;

inline constexpr std::size_t kMaxNameBytes = 255;  // of hosts, clients, addresses, queries
inline constexpr std::size_t kMaxLanguageBytes = 64;
inline constexpr std::size_t kMaxLanguages = 256;   // that one node takes
inline constexpr std::size_t kMaxAccepted = 2048;   // names, aliases and extensions of them
inline constexpr std::size_t kMaxNodes = 4096;      // in one packet
inline constexpr std::size_t kMaxNodesInFull = 64;  // with what each has

inline constexpr std::size_t kMaxEvents = 1024;             // in one result
inline constexpr std::size_t kMaxEventFields = 16;          // of one event
inline constexpr std::size_t kMaxEventNameBytes = 64;       // of an event or of one of its fields
inline constexpr std::size_t kMaxEventTextBytes = 4 << 10;  // all text values of one event together

inline constexpr std::uint32_t kMaxSlots = 4096;
inline constexpr std::size_t kMaxHeldJobs = 16'384;  // of one cluster at one node
inline constexpr std::size_t kMaxLabels = 32;
inline constexpr std::size_t kMaxLabelBytes = 64;

// Of a job's time in the queue, and of all its time.
inline constexpr std::chrono::hours kMaxJobTime{24 * 30};

// Largest integer that every JSON reader keeps exactly (RFC 8259 section 6); bound of counts and durations.
inline constexpr std::int64_t kMaxExactInteger = (std::int64_t{1} << 53) - 1;

// JSON values in one packet, whatever they are: bounds the memory that a
// hostile packet can make a parser take.
inline constexpr std::size_t kMaxValues = 128 << 10;

inline constexpr std::size_t kMaxNesting = 16;  // objects and arrays within one another, the packet counted

}  // namespace rota::protocol

#pragma once
// What holds for every input, as functions of bytes: libFuzzer calls them (the *_fuzzer.cpp
// programs), and the unit tests call them for the files in corpus/. A property that does not
// hold ends the process with a message.

#include <string_view>

namespace rota::fuzz {

// The decoder gives the same packets for the stream as a whole and for any split of it. The first bytes say
// where it is split and which bound a packet has; the rest is the stream.
void check_decoder(std::string_view input);

// A packet is taken or refused by ProtocolError with a bounded, harmless message; what is taken converts to
// JSON and back to the same packet.
void check_conversion(std::string_view input);

// Structs of any content convert to JSON that is taken again.
void check_writing(std::string_view input);

}  // namespace rota::fuzz

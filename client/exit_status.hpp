#pragma once
// The exit statuses of `rota`. A judged program's own status passes through, so that `rota run FILE` can
// stand in a script where the program itself stood; the numbers below are ours, and a program that uses one
// of them is told apart by the verdict line or --json.

#include "protocol/packets.hpp"

namespace rota::client {

struct Failure;

// 64 to 78 follow sysexits.h, 124 follows timeout(1), 128 + signal follows the shell.
inline constexpr int kUsage = 64;              // the call or a setting makes no sense, here or to the portal
inline constexpr int kCompileError = 65;       // the compiler refused the source
inline constexpr int kNoInput = 66;            // a file cannot be read
inline constexpr int kUnavailable = 75;        // our failure: no portal, no node, connection lost, IE
inline constexpr int kLimitExceeded = 124;     // TLE, MLE, OLE
inline constexpr int kCancelled = 130;         // CANCELLED, as by our own Ctrl-C
inline constexpr int kForbiddenSyscall = 159;  // SV: 128 + SIGSYS

// 0 only for AC with return code 0.
int exit_status_of(const protocol::Result& result);

// Of an error packet: kUsage where the submission or query itself was refused, kUnavailable where trying
// again may help.
int exit_status_of(protocol::ErrorCode code);

// kUsage where trying again is of no use.
int exit_status_of(const Failure& failure);

// The table above as text for --help.
const char* exit_status_help();

}  // namespace rota::client

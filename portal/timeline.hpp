#pragma once
// The portal's part of a job's timeline.

#include <map>
#include <string>

#include "base/time.hpp"
#include "portal/store.hpp"

namespace rota::portal {

// An event of this portal about the job, numbered after those that it has; not added to it.
protocol::Event event_of(const JobInfo& job, const std::string& host, Instant now, const char* name,
                         std::map<std::string, protocol::FieldValue> fields);

// Adds the portal's events to the node's, in order of time (both sides are in order already, where the two hosts' clocks
// agree), within the bound of a result: of too many the node's last go.
void merge_timelines(protocol::Result& result, const JobInfo& job);

// Of all its texts, roughly what it takes.
std::uint64_t bytes_of(const protocol::Event& event);

// How many attempts came to nothing: the requeued events.
std::uint32_t failures_of(const JobInfo& job);

// A job may be refused very often: what lies between its first events and the last ones goes.
void keep_short(JobInfo& job);

// "attempt 1 at node-a: connection lost; attempt 2 at node-b: …", from the job's requeued events.
std::string history_of(const JobInfo& job);

}  // namespace rota::portal

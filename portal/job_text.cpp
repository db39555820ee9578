#include "portal/job_text.hpp"

// The protocol's own lists of fields: an event is written once, and read as strictly as from a peer.
#include "protocol/packet_fields.hpp"

namespace rota::portal {
namespace {

using protocol::Is;
using protocol::required;

}  // namespace

template <typename Fields>
void describe(Fields& fields, Is<JobInfo> auto& job) {
  fields.field("id", job.id, protocol::kJobId, required);
  fields.field("user", job.user, protocol::kName);
  fields.field("need", job.need, protocol::kName);
  fields.field("labels", job.labels, protocol::kLabels);
  fields.field("schedule", job.schedule, protocol::ChoiceRule{}, required);
  fields.field("priority", job.priority, protocol::IntegerRule{0, protocol::kMaxPriority}, required);
  fields.field("received", job.received, protocol::TimeRule{}, required);
  fields.field("queue_until", job.queue_until, protocol::TimeRule{});
  fields.field("answer_until", job.answer_until, protocol::TimeRule{});
  fields.field("bytes", job.bytes, protocol::kCount);
  fields.field("waits_for_nodes", job.waits_for_nodes, protocol::kFlag);
  fields.field("attempt", job.attempt, protocol::kNumber);
  fields.field("node", job.node, protocol::kName);
  fields.field("events", job.events, protocol::ListRule<protocol::StructRule>{{}, protocol::kMaxEvents});
}

std::string to_text(const JobInfo& job) {
  protocol::JsonText json;
  protocol::write(protocol::StructRule{}, job, protocol::Fit::yes, json);
  return json.take();
}

JobInfo job_from_text(std::string_view text) {
  auto json = protocol::parse_json(text);
  JobInfo job;
  protocol::read(protocol::StructRule{}, json, protocol::Place(), job);
  return job;
}

}  // namespace rota::portal

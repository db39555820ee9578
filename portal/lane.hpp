#pragma once
// What a job wants of its node, as text: equal for equal wishes, so that jobs of one lane can be served by the same nodes.

#include <string>

#include "portal/store.hpp"

namespace rota::portal {

std::string lane_of(const JobInfo& job);
JobInfo job_of_lane(const std::string& lane);  // need and labels only

}  // namespace rota::portal

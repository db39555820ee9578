#include "portal/lane.hpp"

namespace rota::portal {

std::string lane_of(const JobInfo& job) {
  std::string lane = job.need;
  for (const std::string& label : job.labels) lane += '\n' + label;
  return lane;
}

JobInfo job_of_lane(const std::string& lane) {
  JobInfo job;
  auto end = lane.find('\n');
  job.need = lane.substr(0, end);
  while (end != std::string::npos) {
    const auto begin = end + 1;
    end = lane.find('\n', begin);
    job.labels.push_back(lane.substr(begin, end == std::string::npos ? end : end - begin));
  }
  return job;
}

}  // namespace rota::portal

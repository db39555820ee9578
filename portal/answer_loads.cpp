#include "portal/answer_loads.hpp"

#include <utility>

namespace rota::portal {

void AnswerLoads::load(const std::string& job, Done done) {
  auto& waiting = waiting_[job];
  waiting.push_back(std::move(done));
  if (waiting.size() > 1) return;
  order_.push_back(job);
  if (order_.size() == 1) next();
}

void AnswerLoads::next() {
  journal_.load_finished(order_.front(),
                         [this, job = order_.front()](const std::optional<Journal::Finished>& finished) {
                           loaded(job, finished);
                         });
}

void AnswerLoads::loaded(const std::string& job, const std::optional<Journal::Finished>& finished) {
  const auto waiting = std::move(waiting_.extract(job).mapped());
  order_.pop_front();
  if (!order_.empty()) next();
  for (const Done& done : waiting) done(finished);
}

}  // namespace rota::portal

#pragma once
// What every benchmark ends with: rows that set our figures beside a baseline's of the same run, as a table for
// people or as one JSON object a line.

#include <cstddef>
#include <string>
#include <vector>

namespace rota::bench {

// Durations in microseconds, one for each run.
using Samples = std::vector<double>;

// The value below which the given part (0 to 1) of the samples lies, by the
// nearest rank; samples must not be empty.
double quantile(Samples samples, double part);

inline double median(const Samples& samples) {
  return quantile(samples, 0.5);
}

// Runs of ours and of the baseline, taken in turns on the same machine: a ratio of medians is worth more than
// either, since a noisy neighbour slows both.
struct Row {
  std::string name;  // "path.cached_cpp"
  Samples ours;
  Samples baseline;
};

// Runs a second of ours and of the baseline, in pairs of neighbouring slices of time. Its ratio is the median of
// the pairs' ratios; unlike a Row's, higher is better.
struct RateRow {
  std::string name;  // "throughput.two_workers"
  Samples ours;
  Samples baseline;
};

// Another sandbox, between ours and the bare program, all three in turns.
struct PeerRow {
  std::string name;  // "peer.bwrap.static_true"
  Samples peer;
  Samples baseline;
  Samples ours;
};

enum class Format { table, json };

// To stdout. As JSON, with medians, and runs as the number of pairs:
//   {"name":…,"ratio":…,"ours_us":…,"baseline_us":…,"added_us":…,
//    "ours_p95_us":…,"baseline_p95_us":…,"p95_ratio":…,"runs":…}
void print(const std::vector<Row>& rows, Format format);

// {"name":…,"ratio":…,"higher_is_better":true,"ours_per_s":…,"baseline_per_s":…,"slices":…}
void print(const std::vector<RateRow>& rows, Format format);

// ratio is the peer's to the bare program's, ratio_to_ours tells how many times faster ours is:
//   {"name":…,"ratio":…,"ratio_to_ours":…,"peer_us":…,"baseline_us":…,"ours_us":…,"runs":…}
void print(const std::vector<PeerRow>& rows, Format format);

}  // namespace rota::bench

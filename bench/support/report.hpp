#pragma once
// What every benchmark ends with: rows that set our time beside a baseline's of the same run, as a table for
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

enum class Format { table, json };

// To stdout. As JSON, with medians, and runs as the number of pairs:
//   {"name":…,"ratio":…,"ours_us":…,"baseline_us":…,"ours_p95_us":…,"baseline_p95_us":…,"runs":…}
void print(const std::vector<Row>& rows, Format format);

}  // namespace rota::bench

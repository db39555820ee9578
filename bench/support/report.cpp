#include "bench/support/report.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

namespace rota::bench {
namespace {

struct Figures {
  double ratio, ours, baseline, ours_p95, baseline_p95;
};

Figures figures_of(const Row& row) {
  const double ours = median(row.ours);
  const double baseline = median(row.baseline);
  return {ours / baseline, ours, baseline, quantile(row.ours, 0.95), quantile(row.baseline, 0.95)};
}

void print_json(const Row& row) {
  const Figures figures = figures_of(row);
  fmt::print(R"({{"name":"{}","ratio":{:.3f},"ours_us":{:.1f},"baseline_us":{:.1f},)", row.name,
             figures.ratio, figures.ours, figures.baseline);
  fmt::print(R"("ours_p95_us":{:.1f},"baseline_p95_us":{:.1f},"runs":{}}})", figures.ours_p95,
             figures.baseline_p95, row.ours.size());
  fmt::print("\n");
}

void print_table_row(const Row& row) {
  const Figures figures = figures_of(row);
  fmt::print("{:<28} {:>7.2f} {:>12.0f} {:>12.0f} {:>12.0f} {:>12.0f} {:>6}\n", row.name, figures.ratio,
             figures.ours, figures.baseline, figures.ours_p95, figures.baseline_p95, row.ours.size());
}

}  // namespace

double quantile(Samples samples, double part) {
  const auto rank = static_cast<std::size_t>(std::ceil(part * static_cast<double>(samples.size())));
  const auto place = samples.begin() + static_cast<std::ptrdiff_t>(std::max<std::size_t>(rank, 1) - 1);
  std::nth_element(samples.begin(), place, samples.end());
  return *place;
}

void print(const std::vector<Row>& rows, Format format) {
  if (format == Format::table) {
    fmt::print("{:<28} {:>7} {:>12} {:>12} {:>12} {:>12} {:>6}\n", "medians", "ratio", "ours us",
               "baseline us", "ours p95", "base p95", "runs");
  }
  for (const Row& row : rows) format == Format::json ? print_json(row) : print_table_row(row);
}

}  // namespace rota::bench

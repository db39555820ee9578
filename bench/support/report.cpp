#include "bench/support/report.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

namespace rota::bench {
namespace {

struct Figures {
  double ratio, ours, baseline, ours_p95, baseline_p95;

  double added() const { return ours - baseline; }
  double p95_ratio() const { return ours_p95 / baseline_p95; }
};

Figures figures_of(const Row& row) {
  const double ours = median(row.ours);
  const double baseline = median(row.baseline);
  return {ours / baseline, ours, baseline, quantile(row.ours, 0.95), quantile(row.baseline, 0.95)};
}

void print_json(const Row& row) {
  const Figures figures = figures_of(row);
  fmt::print(R"({{"name":"{}","ratio":{:.3f},"ours_us":{:.1f},"baseline_us":{:.1f},"added_us":{:.1f},)",
             row.name, figures.ratio, figures.ours, figures.baseline, figures.added());
  fmt::print(R"("ours_p95_us":{:.1f},"baseline_p95_us":{:.1f},"p95_ratio":{:.3f},"runs":{}}})",
             figures.ours_p95, figures.baseline_p95, figures.p95_ratio(), row.ours.size());
  fmt::print("\n");
}

void print_table_row(const Row& row) {
  const Figures figures = figures_of(row);
  fmt::print("{:<28} {:>7.2f} {:>9.0f} {:>11.0f} {:>9.0f} {:>9.2f} {:>9.0f} {:>9.0f} {:>6}\n", row.name,
             figures.ratio, figures.ours, figures.baseline, figures.added(), figures.p95_ratio(),
             figures.ours_p95, figures.baseline_p95, row.ours.size());
}

void print_header(const std::vector<Row>&) {
  fmt::print("{:<28} {:>7} {:>9} {:>11} {:>9} {:>9} {:>9} {:>9} {:>6}\n", "medians", "ratio", "ours us",
             "baseline us", "added us", "p95 ratio", "ours p95", "base p95", "runs");
}

double ratio_of(const RateRow& row) {
  Samples ratios;
  for (std::size_t i = 0; i < row.ours.size(); ++i) ratios.push_back(row.ours[i] / row.baseline[i]);
  return median(ratios);
}

void print_json(const RateRow& row) {
  fmt::print(
      R"({{"name":"{}","ratio":{:.3f},"higher_is_better":true,"ours_per_s":{:.1f},"baseline_per_s":{:.1f},)",
      row.name, ratio_of(row), median(row.ours), median(row.baseline));
  fmt::print("\"slices\":{}}}\n", row.ours.size());
}

void print_table_row(const RateRow& row) {
  fmt::print("{:<28} {:>7.2f} {:>9.0f} {:>11.0f} {:>49}\n", row.name, ratio_of(row), median(row.ours),
             median(row.baseline), row.ours.size());
}

void print_header(const std::vector<RateRow>&) {
  fmt::print("\n{:<28} {:>7} {:>9} {:>11} {:>49}\n", "higher is better", "ratio", "ours /s", "baseline /s",
             "slices");
}

void print_json(const PeerRow& row) {
  const double peer = median(row.peer), baseline = median(row.baseline), ours = median(row.ours);
  fmt::print(R"({{"name":"{}","ratio":{:.3f},"ratio_to_ours":{:.3f},"peer_us":{:.1f},"baseline_us":{:.1f},)",
             row.name, peer / baseline, peer / ours, peer, baseline);
  fmt::print("\"ours_us\":{:.1f},\"runs\":{}}}\n", ours, row.peer.size());
}

void print_table_row(const PeerRow& row) {
  const double peer = median(row.peer), baseline = median(row.baseline), ours = median(row.ours);
  fmt::print("{:<28} {:>7.2f} {:>9.2f} {:>11.0f} {:>11.0f} {:>9.0f} {:>27}\n", row.name, peer / baseline,
             peer / ours, peer, baseline, ours, row.peer.size());
}

void print_header(const std::vector<PeerRow>&) {
  fmt::print("\n{:<28} {:>7} {:>9} {:>11} {:>11} {:>9} {:>27}\n", "peers' medians", "ratio", "to ours",
             "peer us", "baseline us", "ours us", "runs");
}

template <typename AnyRow>
void print_rows(const std::vector<AnyRow>& rows, Format format) {
  if (rows.empty()) return;
  if (format == Format::table) print_header(rows);
  for (const AnyRow& row : rows) format == Format::json ? print_json(row) : print_table_row(row);
}

}  // namespace

double quantile(Samples samples, double part) {
  const auto rank = static_cast<std::size_t>(std::ceil(part * static_cast<double>(samples.size())));
  const auto place = samples.begin() + static_cast<std::ptrdiff_t>(std::max<std::size_t>(rank, 1) - 1);
  std::nth_element(samples.begin(), place, samples.end());
  return *place;
}

void print(const std::vector<Row>& rows, Format format) {
  print_rows(rows, format);
}

void print(const std::vector<RateRow>& rows, Format format) {
  print_rows(rows, format);
}

void print(const std::vector<PeerRow>& rows, Format format) {
  print_rows(rows, format);
}

}  // namespace rota::bench

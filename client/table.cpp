#include "client/table.hpp"

#include <utf8.h>

#include <algorithm>

#include "client/harmless.hpp"

namespace rota::client {
namespace {

std::size_t width_of(const std::string& cell) {
  return static_cast<std::size_t>(utf8::unchecked::distance(cell.begin(), cell.end()));
}

}  // namespace

std::string format_table(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  auto clean = rows;
  for (auto& row : clean) {
    if (row.size() > widths.size()) widths.resize(row.size());
    for (std::size_t column = 0; column < row.size(); ++column) {
      row[column] = harmless_line(row[column]);
      widths[column] = std::max(widths[column], width_of(row[column]));
    }
  }
  std::string text;
  for (const auto& row : clean) {
    std::string line;
    for (std::size_t column = 0; column < row.size(); ++column) {
      line += row[column] + std::string(widths[column] - width_of(row[column]) + 2, ' ');
    }
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return text;
}

}  // namespace rota::client

#pragma once
// Plain columns for a terminal.

#include <string>
#include <vector>

namespace rota::client {

// Each row as one line, columns padded to their widest cell (in characters) with two blanks between, no
// blanks at a line's end. Cells are made harmless. Rows may be of different length.
std::string format_table(const std::vector<std::vector<std::string>>& rows);

}  // namespace rota::client

#pragma once
// A command-line option, or setting of a file, that is an amount in the grammar of units.hpp. Header only:
// whoever includes it links CLI11.

#include <CLI/App.hpp>
#include <stdexcept>
#include <string>
#include <string_view>

#include "base/units.hpp"

namespace rota {

// parse: parse_duration or parse_size. What it refuses is a usage error that names the option.
template <typename Amount>
CLI::Option* add_amount_option(CLI::App& app, const std::string& flag, Amount& amount,
                               Amount (*parse)(std::string_view), const std::string& help) {
  const auto take = [&amount, parse, flag](const std::string& text) {
    try {
      amount = parse(text);
    } catch (const std::invalid_argument& error) {
      throw CLI::ValidationError(flag, error.what());
    }
  };
  return app.add_option_function<std::string>(flag, take, help);
}

}  // namespace rota

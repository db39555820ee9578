#pragma once
// Which layers there are, and what is to be done about one that is missing: rota refuses rather than works behind
// weaker walls than its operator believes to have.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sandbox/spec.hpp"

namespace rota::sandbox {

// That the attack programs are there to try the others with: the one layer that is a node's and not a box's.
inline constexpr std::string_view kSelfTestLayer = "self-test";

// Exit status of `rota-box self-test` where they are not: EX_UNAVAILABLE of sysexits.h. The last line it prints says
// where they should be.
inline constexpr int kNoAttackPrograms = 69;

// The names of all layers, in the order in which `rota-box doctor` lists them: what --allow-missing takes.
const std::vector<std::string>& layer_names();

// Expected, not active, and not among the allowed.
bool is_missing(const Layer& layer, const std::vector<std::string>& allowed);

// The first of those, or nullopt where all stands that should.
std::optional<Layer> find_missing_layer(const std::vector<Layer>& layers,
                                        const std::vector<std::string>& allowed);

// What an operator is told: which layer, why, and the two ways out.
std::string refusal_of(const Layer& missing);

// Throws std::runtime_error with refusal_of() the first that is missing.
void require_layers(const std::vector<Layer>& layers, const std::vector<std::string>& allowed);

}  // namespace rota::sandbox

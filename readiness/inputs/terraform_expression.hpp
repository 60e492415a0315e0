// SPDX-License-Identifier: Apache-2.0
// What an expression of Terraform comes to, where only variables, locals and literals are in it:
// references, texts that are filled in, `==`, `!=`, `!` and `a ? b : c`. Whatever else there is
// makes it unknown, never a guess. Pure; bounded in depth and size.
#pragma once

#include "documents/tree.hpp"

#include <functional>
#include <optional>
#include <string_view>

namespace deployctl::readiness {

/// Of "var", "local" or "module", and a name. Nothing, or an unknown node: it is not known; that
/// node's text is what stands for it then.
using LookUp =
    std::function<std::optional<documents::Node>(std::string_view of, std::string_view name)>;

/// As `text` is written. New texts are kept in `tree`.
std::optional<documents::Node> evaluate_terraform(
    std::string_view text, const LookUp& look_up, documents::Tree& tree
);

}  // namespace deployctl::readiness

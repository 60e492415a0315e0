// SPDX-License-Identifier: Apache-2.0
#include "model/output_names.hpp"

namespace deployctl {

std::optional<OutputName> read_output_name(std::string_view placeholder) {
    constexpr std::string_view opening = "${infra.";
    if (!placeholder.starts_with(opening) || !placeholder.ends_with('}')) {
        return std::nullopt;
    }
    const auto inner = placeholder.substr(opening.size(), placeholder.size() - opening.size() - 1);
    const auto dot = inner.find('.');
    if (dot == 0 || dot == inner.npos || dot + 1 == inner.size()) {
        return std::nullopt;
    }
    return OutputName{std::string(inner.substr(0, dot)), std::string(inner.substr(dot + 1))};
}

std::string to_text(const OutputName& name) {
    return "infra." + name.stack + "." + name.output;
}

}  // namespace deployctl

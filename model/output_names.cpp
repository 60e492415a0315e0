// SPDX-License-Identifier: Apache-2.0
#include "model/output_names.hpp"

#include "model/placeholders.hpp"

#include <utility>

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

std::vector<OutputName> outputs_in(const std::vector<std::string>& argv) {
    std::vector<OutputName> names;
    for (const auto& word : argv) {
        for (const auto& placeholder : placeholders_in(word)) {
            if (auto name = read_output_name(placeholder)) {
                names.push_back(std::move(*name));
            }
        }
    }
    return names;
}

std::string to_text(const OutputName& name) {
    return "infra." + name.stack + "." + name.output;
}

}  // namespace deployctl

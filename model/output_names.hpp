// SPDX-License-Identifier: Apache-2.0
// `${infra.STACK.OUTPUT}` in texts of deploy.yaml: an output of a stack. Pure and free of threads.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace deployctl {

struct OutputName {
    std::string stack;
    std::string output;
};

/// Of "${infra.data.url}"; nothing of any other text.
std::optional<OutputName> read_output_name(std::string_view placeholder);
/// Those that the words of a command want, in their order.
std::vector<OutputName> outputs_in(const std::vector<std::string>& argv);
/// "infra.data.url": its name among placeholders.
std::string to_text(const OutputName& name);

}  // namespace deployctl

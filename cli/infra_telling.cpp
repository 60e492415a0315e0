// SPDX-License-Identifier: Apache-2.0
#include "cli/infra_telling.hpp"

#include "cli/output/style.hpp"

#include <ostream>
#include <utility>

namespace deployctl::cli {

void InfraTelling::take(const Value& fact) {
    const auto& style = session_.terminal.err_style;
    const auto type = fact.text("/type");
    const auto which = type == "apply_complete"                     ? Sign::done
                       : type == "apply_errored" || type == "error" ? Sign::failed
                       : type == "apply_start"                      ? Sign::running
                                                                    : Sign::attention;
    const auto words = fact.text("/text");
    session_.terminal.err << sign(style, which) << " " << printable(stack_) << "  "
                          << printable(words.empty() ? fact.text("/address") : words) << "  "
                          << printable(fact.text("/action")) << "\n"
                          << std::flush;
    untold_.push_back(fact);
}

Task<> InfraTelling::journal() {
    if (operation.id.empty()) {
        co_return;
    }
    const auto facts = std::exchange(untold_, {});
    for (const auto& fact : facts) {
        const OperationEvent event{
            0, session_.parts.clock().now(), "infra." + fact.text("/type"), fact
        };
        co_await session_.parts.operations().note_operation(operation.id, operation.runner, event);
    }
}

int InfraTelling::stops() {
    while (session_.parts.interrupts().take()) {
        ++stops_;
        session_.terminal.err << (stops_ == 1
                                      ? "stopping: the tool ends what it is at, and saves its "
                                        "state; again: at once\n"
                                      : "stopping at once\n")
                              << std::flush;
    }
    return stops_;
}

}  // namespace deployctl::cli

// SPDX-License-Identifier: Apache-2.0
// What may be said of an order on the command line.
#include "cli/preparation.hpp"

namespace deployctl::cli {

ValueReader one_strategy(Order& order) {
    return one_of<std::optional<StrategyKind>, StrategyKind>(
        order.strategy,
        {{"canary", StrategyKind::canary},
         {"blue-green", StrategyKind::blue_green},
         {"rolling", StrategyKind::rolling}}
    );
}

void declare_order(Form& form, Order& order) {
    form.add_argument("TAG", "the version to bring out, as the registry knows it", into(order.tag));
    form.add_option(
        "--steps", "5,25,50", "canary weights instead of the configured ones", into(order.steps)
    );
    form.add_option(
        "--on-failure",
        "POLICY",
        "what a failing gate or pod leads to",
        one_of<std::optional<OnFailure>, OnFailure>(
            order.on_failure, {{"rollback", OnFailure::rollback}, {"hold", OnFailure::hold}}
        )
    );
    form.add_option(
        "--on-interrupt",
        "POLICY",
        "at Ctrl-C, and for 5s at SIGTERM, where nobody is asked: stay as it is, traffic to "
        "stable, or all the way back",
        one_of<std::optional<OnInterrupt>, OnInterrupt>(
            order.on_interrupt,
            {{"hold", OnInterrupt::hold},
             {"shift", OnInterrupt::shift},
             {"rollback", OnInterrupt::rollback}}
        )
    );
    auto& wanted = order.unconfigured;
    form.add_option(
        "--workload", "KIND/NAME", "without a configuration: deploy/web", into(wanted.workload)
    );
    form.add_option(
        "--image",
        "IMAGE",
        "without a configuration: the image, without its tag",
        into(wanted.image)
    );
    form.add_option(
        "--container",
        "NAME",
        "without a configuration: where a pod has several",
        into(wanted.container)
    );
}

}  // namespace deployctl::cli

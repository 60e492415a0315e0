// SPDX-License-Identifier: Apache-2.0
#include "cli/recovery_figures.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;

namespace {

Operation ended(OperationState state, Value result) {
    Operation operation;
    operation.kind = "dr.drill";
    operation.state = state;
    operation.result = std::move(result);
    return operation;
}

Value measured(int rto, bool met) {
    return Value::map({{"rto_seconds", rto}, {"rto_met", met}});
}

}  // namespace

TEST_CASE("figures of recoveries count what was measured, and what is under way not", "[cli]") {
    const auto figures = cli::figures_of({
        ended(OperationState::done, measured(60, true)),
        ended(OperationState::done, measured(900, false)),
        ended(OperationState::done, measured(120, true)),
        ended(OperationState::failed, Value::map()),
        ended(OperationState::running, measured(5000, true)),
    });
    CHECK(
        to_text(figures) ==
        "3 of 4 came to their end; rto met by 2 of 3, median 2m00s, longest 15m00s; rpo never "
        "measured"
    );
    const auto value = to_value(figures);
    CHECK(value.number("/rto/met") == 2);
    CHECK(value.real("/rto/median_seconds") == 120);
    CHECK(value.at("/rpo/median_seconds").is_null());
}

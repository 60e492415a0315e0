// SPDX-License-Identifier: Apache-2.0
#include "cli/recovery_figures.hpp"

#include "model/text.hpp"

#include <algorithm>

namespace deployctl::cli {

namespace {

ObjectiveFigures of_objective(const std::vector<Operation>& operations, const std::string& name) {
    ObjectiveFigures figures;
    std::vector<double> measured;
    for (const auto& operation : operations) {
        const auto& result = operation.result;
        if (result.at("/" + name + "_seconds").is_null()) {
            continue;
        }
        measured.push_back(result.real("/" + name + "_seconds"));
        figures.met += result.flag("/" + name + "_met") ? 1 : 0;
    }
    std::ranges::sort(measured);
    figures.measured = static_cast<int>(measured.size());
    if (!measured.empty()) {
        figures.median_seconds = measured[measured.size() / 2];
        figures.longest_seconds = measured.back();
    }
    return figures;
}

Value to_value(const ObjectiveFigures& figures) {
    const bool is_known = figures.measured > 0;
    return Value::map({
        {"measured", figures.measured},
        {"met", figures.met},
        {"median_seconds", is_known ? Value(figures.median_seconds) : Value()},
        {"longest_seconds", is_known ? Value(figures.longest_seconds) : Value()},
    });
}

std::string to_text(const std::string& name, const ObjectiveFigures& figures) {
    if (figures.measured == 0) {
        return name + " never measured";
    }
    const auto span = [](double length) {
        return to_short_text(seconds(static_cast<std::int64_t>(length)));
    };
    return name + " met by " + std::to_string(figures.met) + " of " +
           std::to_string(figures.measured) + ", median " + span(figures.median_seconds) +
           ", longest " + span(figures.longest_seconds);
}

}  // namespace

RecoveryFigures figures_of(const std::vector<Operation>& operations) {
    std::vector<Operation> ended;
    std::ranges::copy_if(operations, std::back_inserter(ended), [](const Operation& one) {
        return one.state != OperationState::running;
    });
    RecoveryFigures figures;
    figures.ended = static_cast<int>(ended.size());
    figures.good =
        static_cast<int>(std::ranges::count(ended, OperationState::done, &Operation::state));
    figures.rto = of_objective(ended, "rto");
    figures.rpo = of_objective(ended, "rpo");
    return figures;
}

Value to_value(const RecoveryFigures& figures) {
    return Value::map({
        {"ended", figures.ended},
        {"good", figures.good},
        {"rto", to_value(figures.rto)},
        {"rpo", to_value(figures.rpo)},
    });
}

std::string to_text(const RecoveryFigures& figures) {
    return std::to_string(figures.good) + " of " + std::to_string(figures.ended) +
           " came to their end; " + to_text("rto", figures.rto) + "; " +
           to_text("rpo", figures.rpo);
}

}  // namespace deployctl::cli

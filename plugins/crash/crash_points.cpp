// SPDX-License-Identifier: Apache-2.0
#include "plugins/crash/crash_points.hpp"

#include "model/error.hpp"
#include "model/text.hpp"

#include <csignal>
#include <iomanip>
#include <string_view>

namespace deployctl::plugins {

namespace {

constexpr std::string_view list_word = "list:";
constexpr std::string_view stop_word = "stop:";

bool is_point(std::string_view text) {
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos || colon == 0) {
        return false;
    }
    return whole_number<int>(text.substr(colon + 1)).value_or(0) > 0;
}

}  // namespace

CrashPoints::CrashPoints(const std::string& order, const Clock& clock) : clock_(clock) {
    if (order.starts_with(stop_word)) {
        await(order.substr(stop_word.size()));
        signal_ = SIGSTOP;
        return;
    }
    if (!order.starts_with(list_word)) {
        await(order);
        signal_ = SIGKILL;
        return;
    }
    const auto path = order.substr(list_word.size());
    list_.open(path, std::ios::trunc);
    if (!list_) {
        throw Error(
            ExitCode::usage,
            "the list of crash points cannot be written to " + path,
            "name another file in DEPLOYCTL_CRASH_AT=list:FILE, or unset it"
        );
    }
}

void CrashPoints::await(const std::string& point) {
    if (!is_point(point)) {
        throw Error(
            ExitCode::usage,
            "DEPLOYCTL_CRASH_AT names no crash point: " + point,
            "NAME:N, stop:NAME:N or list:FILE; unset it where this is no test"
        );
    }
    awaited_ = point;
}

void CrashPoints::pass(const std::string& name) {
    const auto point = name + ":" + std::to_string(++passed_[name]);
    if (list_.is_open()) {
        const auto at = clock_.boot_time().since_boot;
        const auto whole = std::chrono::floor<seconds>(at);
        list_ << whole.count() << '.' << std::setw(6) << std::setfill('0') << (at - whole).count()
              << ' ' << point << std::endl;
    } else if (point == awaited_) {
        std::raise(signal_);
    }
}

}  // namespace deployctl::plugins

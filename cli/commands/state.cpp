// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/verbs.hpp"
#include "cli/output/fields.hpp"
#include "cli/output/result.hpp"
#include "cli/wiring.hpp"
#include "cli/writable.hpp"
#include "state/maintenance.hpp"

#include <algorithm>
#include <filesystem>
#include <memory>

namespace deployctl::cli::commands {

namespace {

std::string mode_text(const std::filesystem::path& path) {
    const auto mode = static_cast<unsigned>(std::filesystem::status(path).permissions()) & 0777U;
    std::string text = "0";
    for (const unsigned shift : {6U, 3U, 0U}) {
        text += static_cast<char>('0' + ((mode >> shift) & 7U));
    }
    return text;
}

void print_fields(Session& session, Value value, const std::string& path) {
    Result result;
    result.value = std::move(value);
    result.names = {path};
    result.text = [&result](const Style& style) { return fields(result.value, style); };
    print(session, result);
}

ExitCode info(Session& session) {
    const std::filesystem::path path = state_path(session.globals.place);
    RolloutFilter filter;
    filter.at_most = 1'000'000;
    const auto rollouts = wait_for(session.parts, session.parts.journal().list(filter));
    const auto active = std::ranges::count_if(rollouts, [](const RolloutRecord& rollout) {
        return !is_terminal(rollout.state);
    });
    const bool is_there = std::filesystem::exists(path);
    auto value = Value::map({
        {"file", path.string()},
        {"exists", is_there},
        {"bytes", nullptr},
        {"mode", nullptr},
        {"rollouts", rollouts.size()},
        {"active", active},
    });
    if (is_there) {
        value.set("/bytes", std::filesystem::file_size(path));
        value.set("/mode", mode_text(path));
    }
    print_fields(session, std::move(value), path.string());
    return ExitCode::done;
}

ExitCode check(Session& session) {
    constexpr int all = 100'000'000;
    const auto path = state_path(session.globals.place);
    const auto report = state::verify_chain(path, all);
    print_fields(
        session,
        Value::map({
            {"file", path},
            {"events_checked", report.checked},
            {"faults", Value::Array(report.faults.begin(), report.faults.end())},
        }),
        path
    );
    return report.faults.empty() ? ExitCode::done : ExitCode::state_unreadable;
}

ExitCode back_up(Session& session, const std::string& copy) {
    const auto path = state_path(session.globals.place);
    std::error_code ignored;  // what cannot be looked at cannot be written either, and is said so
    if (std::filesystem::exists(std::filesystem::symlink_status(copy, ignored))) {
        throw Error(
            ExitCode::usage,
            "the copy cannot be written to " + printable(copy) + ": it exists already",
            "name another file, or remove that one first"
        );
    }
    need_writable(copy, "FILE");
    state::back_up(path, copy);
    print_fields(session, Value::map({{"file", path}, {"copy", copy}}), copy);
    return ExitCode::done;
}

}  // namespace

Run state_info(Form& form) {
    form.add_example("deployctl state info", "where it is and what it holds");
    return info;
}

Run state_check(Form& form) {
    form.describe(
        "Every event's hash, its link to the one before, and the head. Exit code 11 where one is "
        "wrong."
    );
    form.add_example("deployctl state check --state copy.db", "of another file");
    return check;
}

Run state_backup(Form& form) {
    const auto copy = std::make_shared<std::string>();  // shared with the form's reader
    form.add_argument("FILE", "where the copy goes; must not exist", into(*copy));
    form.add_example("deployctl state backup state-copy.db", "a whole copy of one moment");
    return [copy](Session& session) { return back_up(session, *copy); };
}

}  // namespace deployctl::cli::commands

// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/verbs.hpp"
#include "cli/output/fields.hpp"
#include "cli/output/result.hpp"
#include "cli/wiring.hpp"
#include "cli/writable.hpp"
#include "state/failure.hpp"
#include "state/journal_export.hpp"
#include "state/journal_import.hpp"
#include "state/maintenance.hpp"
#include "state/pruning.hpp"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <memory>
#include <optional>

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
    std::error_code unknown;  // what cannot be looked at is said when it is opened
    if (std::filesystem::status(path, unknown).type() == std::filesystem::file_type::not_found) {
        throw state::no_journal(path, "to check");
    }
    auto report = state::verify_chain(path, all);
    std::ranges::move(state::faulty_cells(path), std::back_inserter(report.faults));
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

void need_new_file(const std::string& path, const std::string& what) {
    if (path.empty() || path == "-") {
        throw Error(
            ExitCode::usage,
            "the " + what + " needs a file of its own" +
                (path.empty() ? ", and FILE is empty" : ": it is no text for the standard output"),
            "name a file that is not there yet"
        );
    }
    std::error_code ignored;  // what cannot be looked at cannot be written either, and is said so
    if (std::filesystem::exists(std::filesystem::symlink_status(path, ignored))) {
        throw Error(
            ExitCode::usage,
            "the " + what + " cannot be written to " + printable(path) + ": it exists already",
            "name another file, or remove that one first"
        );
    }
    need_writable(path, "FILE");
}

ExitCode back_up(Session& session, const std::string& copy) {
    const auto path = state_path(session.globals.place);
    need_new_file(copy, "copy");
    state::back_up(path, copy);
    print_fields(session, Value::map({{"file", path}, {"copy", copy}}), copy);
    return ExitCode::done;
}

ExitCode write_export(Session& session, const std::string& copy) {
    const auto path = state_path(session.globals.place);
    const auto& app = session.globals.place.app;
    if (copy == "-") {
        state::export_journal(path, app, session.terminal.out);
        return ExitCode::done;
    }
    need_new_file(copy, "export");
    const auto carried = state::export_to_file(path, app, copy);
    print_fields(
        session,
        Value::map({
            {"file", path},
            {"export", copy},
            {"app", app.empty() ? Value() : Value(app)},
            {"rollouts", carried.rollouts},
            {"events", carried.events},
        }),
        copy
    );
    return ExitCode::done;
}

struct ImportOptions {
    std::string exported;
    bool dry_run = false;
};

ExitCode read_import(Session& session, const ImportOptions& options) {
    const auto path = state_path(session.globals.place);
    const auto imported = state::import_journal(
        options.exported,
        path,
        options.dry_run ? state::ImportEffect::show : state::ImportEffect::write,
        session.parts.clock().now()
    );
    const bool is_empty = imported.rollouts == 0;
    print_fields(
        session,
        Value::map({
            {"file", path},
            {"export", options.exported},
            {"rollouts", imported.rollouts},
            {"events", imported.events},
            {"first_number", is_empty ? Value() : Value(imported.first_number)},
            {"last_number", is_empty ? Value() : Value(imported.last_number)},
            {"dry_run", options.dry_run},
        }),
        path
    );
    return ExitCode::done;
}

struct PruneOptions {
    std::optional<int> keep;
    std::optional<int> keep_days;
    bool dry_run = false;
};

state::PruneRule rule_of(const PruneOptions& options, const std::string& app) {
    if (!options.keep && !options.keep_days) {
        throw Error(
            ExitCode::usage,
            "nothing says what to keep",
            "give --keep N, --keep-days N, or both: then a rollout stays where either says so"
        );
    }
    state::PruneRule rule;
    rule.keep = options.keep;
    if (options.keep_days) {
        constexpr int longest = 36'500;  // more cannot be counted in microseconds for ever
        rule.keep_for = std::chrono::days(std::min(*options.keep_days, longest));
    }
    rule.app = app;
    rule.effect =
        options.dry_run ? state::PruneRule::Effect::show : state::PruneRule::Effect::remove;
    return rule;
}

ExitCode prune(Session& session, const PruneOptions& options) {
    const auto path = state_path(session.globals.place);
    const auto rule = rule_of(options, session.globals.place.app);
    const auto pruned = state::prune(path, rule, session.parts.clock().now());
    Value::Array numbers;
    for (const auto& rollout : pruned.rollouts) {
        numbers.emplace_back(rollout.number);
    }
    print_fields(
        session,
        Value::map({
            {"file", path},
            {"rollouts", pruned.rollouts.size()},
            {"events", pruned.events},
            {"operations", pruned.operations},
            {"numbers", std::move(numbers)},
            {"dry_run", options.dry_run},
        }),
        path
    );
    return ExitCode::done;
}

}  // namespace

Run state_info(Form& form) {
    form.add_example("deployctl state info", "where it is and what it holds");
    return info;
}

Run state_check(Form& form) {
    form.describe(
        "Every event's hash, its link to the one before, and the head; and that every cell holds "
        "what belongs there. Exit code 11 where one is wrong, or where there is no journal."
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

Run state_export(Form& form) {
    const auto copy = std::make_shared<std::string>();  // shared with the form's reader
    form.describe(
        "One row a line, as JSON, in a stable order; the last line tells whether all are there. "
        "--app takes one app's rollouts alone."
    );
    form.add_argument(
        "FILE", "where the lines go; must not exist; - is the standard output", into(*copy)
    );
    form.add_example("deployctl state export state.ndjson", "everything");
    form.add_example("deployctl state export - --app checkout", "one app, to the standard output");
    return [copy](Session& session) { return write_export(session, *copy); };
}

Run state_import(Form& form) {
    const auto options = std::make_shared<ImportOptions>();  // shared with the form's reader
    form.describe(
        "The lines and the chain of events are checked first; what is damaged, or was written by a "
        "newer deployctl, is refused with its line, and nothing of it is taken. A target that the "
        "journal has already is refused, too. Rollouts are numbered after those that are there."
    );
    form.add_argument("FILE", "what `state export` wrote", into(options->exported));
    form.add_flag("--dry-run", options->dry_run, "check all of it and change nothing");
    form.add_example("deployctl state import state.ndjson --dry-run", "whether it would go in");
    form.add_example("deployctl state import state.ndjson --state new.db", "into a new journal");
    return [options](Session& session) { return read_import(session, *options); };
}

Run state_prune(Form& form) {
    const auto options = std::make_shared<PruneOptions>();  // shared with the form's reader
    form.describe(
        "Takes ended rollouts away, from the oldest of an app on, up to the first one that is "
        "kept. What has not ended, the newest one, and what a rollback needs always stay. The "
        "chain "
        "of events goes on from an anchor, and `state check` still finds it whole. Operations "
        "(backups, drills, ...) go by the same rule, each kind of work for itself. The file does "
        "not shrink: what is free in it is used again, and `state backup` makes a small copy."
    );
    form.add_option("--keep", "N", "keep the newest N of each app", into_count(options->keep));
    form.add_option(
        "--keep-days",
        "N",
        "keep those that have ended in the last N days",
        into_count(options->keep_days)
    );
    form.add_flag("--dry-run", options->dry_run, "show which would go and change nothing");
    form.add_example("deployctl state prune --keep 50 --dry-run", "which ones would go");
    form.add_example(
        "deployctl state prune --keep 20 --keep-days 90 --app checkout",
        "one app: older than 90 days, and not among the newest 20"
    );
    return [options](Session& session) { return prune(session, *options); };
}

}  // namespace deployctl::cli::commands

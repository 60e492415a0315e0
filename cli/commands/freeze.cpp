// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/verbs.hpp"
#include "cli/deploy_file.hpp"
#include "cli/freezing.hpp"
#include "cli/output/freeze_json.hpp"
#include "cli/output/freeze_listing.hpp"
#include "cli/output/result.hpp"
#include "cli/targeting.hpp"

#include <memory>

namespace deployctl::cli::commands {

namespace {

/// Whose freezes are meant.
struct Scope {
    std::string app;
    std::string environment;  ///< as it was named; empty: all
    FreezeSettings settings;
};

Scope scope_of(const Session& session) {
    const auto& place = session.globals.place;
    const auto configuration = read_deploy_file(place);
    Scope scope;
    scope.app = place.app;
    scope.environment = place.environment;
    const bool is_configured =
        configuration && (place.app.empty() || place.app == configuration->app.name);
    if (is_configured) {
        scope.app = configuration->app.name;
        scope.settings = configuration->freeze;
    }
    if (is_configured && !place.environment.empty()) {
        static_cast<void>(choose_environment(*configuration, place));  // one that is there
    }
    if (scope.app.empty()) {
        throw Error(
            ExitCode::usage,
            "which app? There is no configuration that names it",
            "--app NAME, or -C DIR where its deploy.yaml is"
        );
    }
    return scope;
}

std::vector<Freeze> freezes_of(Session& session, const Scope& scope) {
    return wait_for(session.parts, session.parts.journal().freezes(scope.app));
}

void need_reason(const std::string& reason, const std::string& verb) {
    if (reason.empty()) {
        throw Error(
            ExitCode::usage,
            "freeze " + verb + " needs a reason: others will ask why",
            "--reason \"what happened\""
        );
    }
}

std::string environment_text(const std::string& environment) {
    return environment.empty() ? "every environment" : environment;
}

struct AddOptions {
    bool now = false;
    std::string until;
    std::optional<Duration> length;
    std::string reason;
};

Error no_such_time(
    const std::string& option,
    const std::string& text,
    const std::string& what,
    const calendar::TimeZone& zone
) {
    return Error(
        ExitCode::usage,
        option + " `" + text + "` is " + what,
        "write it as 2026-12-18T08:00 (" + zone.name() + ") or 2026-12-18T08:00:00Z"
    );
}

WallTime read_time(
    const std::string& option, const std::string& text, const calendar::TimeZone& zone
) {
    const auto time = calendar::read_moment(text, zone);
    if (!time) {
        throw no_such_time(option, text, "no time", zone);
    }
    return *time;
}

std::optional<WallTime> end_of(
    const AddOptions& options, WallTime now, const calendar::TimeZone& zone
) {
    if (!options.until.empty() && options.length) {
        throw Error(ExitCode::usage, "--until and --for both say when it ends", "leave one out");
    }
    if (options.length) {
        if (*options.length <= Duration{}) {
            throw Error(ExitCode::usage, "--for must be longer than 0s", "--for 2h");
        }
        return now + *options.length;
    }
    if (options.until.empty()) {
        return std::nullopt;
    }
    const auto until = read_time("--until", options.until, zone);
    if (until <= now) {
        throw no_such_time("--until", options.until, "over already", zone);
    }
    return until;
}

/// A freeze stops no rollout that is under way.
std::string warning_of_active(Session& session, const Freeze& freeze, const Style& style) {
    RolloutFilter filter;
    filter.which = RolloutFilter::Which::active;
    filter.app = freeze.app;
    filter.environment = freeze.environment;
    std::string text;
    for (const auto& rollout : wait_for(session.parts, session.parts.journal().list(filter))) {
        const auto number = std::to_string(rollout.number);
        text += sign(style, Sign::attention) + " rollout " + number +
                " is under way and goes on: `deployctl rollout pause " + number +
                "` lets it stand still\n";
    }
    return text;
}

ExitCode add(const AddOptions& options, Session& session) {
    need_reason(options.reason, "add");
    if (!options.now) {
        throw Error(
            ExitCode::usage,
            "freeze add begins at once: say so with --now",
            "times that are known before belong into deploy.yaml: deployctl config explain "
            "freeze.windows"
        );
    }
    const auto scope = scope_of(session);
    const auto zone = zone_of(scope.settings);
    const auto now = session.parts.clock().now();
    Freeze freeze;
    freeze.until = end_of(options, now, zone);
    freeze.id = session.parts.ids().next();
    freeze.app = scope.app;
    freeze.environment = scope.environment;
    freeze.by = session.parts.runners().self().identity;
    freeze.reason = options.reason;
    freeze.since = now;
    freeze = wait_for(session.parts, session.parts.store().keep_freeze(freeze));
    Result result;
    result.value = to_value(freeze, now);
    result.names = {std::to_string(freeze.number)};
    result.text = [&](const Style& style) {
        const auto end =
            freeze.until
                ? calendar::to_text(*freeze.until, now, zone) + " (" + zone.name() + ")"
                : "`deployctl freeze remove " + std::to_string(freeze.number) + " --reason TEXT`";
        return sign(style, Sign::done) + " freeze " + std::to_string(freeze.number) + ": " +
               printable(freeze.app) + " in " + printable(environment_text(freeze.environment)) +
               " is frozen until " + end + "\n" + warning_of_active(session, freeze, style);
    };
    print(session, result);
    return ExitCode::done;
}

bool is_named(const Freeze& freeze, const std::string& reference) {
    constexpr std::size_t shortest_prefix = 6;
    return std::to_string(freeze.number) == reference ||
           (reference.size() >= shortest_prefix && freeze.id.starts_with(reference));
}

Freeze find_one(Session& session, const Scope& scope, const std::string& reference) {
    std::vector<Freeze> found;
    for (auto& freeze : freezes_of(session, scope)) {
        if (is_named(freeze, reference)) {
            found.push_back(std::move(freeze));
        }
    }
    if (found.size() != 1) {
        throw Error(
            ExitCode::usage,
            found.empty() ? "there is no freeze " + reference + " of " + scope.app
                          : "several freezes of " + scope.app + " begin with " + reference,
            "`deployctl freeze list --all` shows them; windows of deploy.yaml are changed there"
        );
    }
    return std::move(found.front());
}

ExitCode remove_one(const std::string& reference, const std::string& reason, Session& session) {
    need_reason(reason, "remove");
    const auto scope = scope_of(session);
    const auto now = session.parts.clock().now();
    auto freeze = find_one(session, scope, reference);
    if (is_over(freeze, now)) {
        throw Error(
            ExitCode::usage,
            "freeze " + std::to_string(freeze.number) + " " +
                (freeze.removed ? "was removed by " + freeze.removed->by + " already"
                                : "has ended by itself"),
            "nothing was changed"
        );
    }
    freeze.removed = FreezeRemoval{session.parts.runners().self().identity, reason, now};
    freeze = wait_for(session.parts, session.parts.store().keep_freeze(freeze));
    Result result;
    result.value = to_value(freeze, now);
    result.names = {std::to_string(freeze.number)};
    result.text = [&](const Style& style) {
        return sign(style, Sign::done) + " freeze " + std::to_string(freeze.number) + " of " +
               printable(freeze.app) + " is removed; the record of it stays\n";
    };
    print(session, result);
    return ExitCode::done;
}

ExitCode list(bool also_over, Session& session) {
    const auto scope = scope_of(session);
    const auto now = session.parts.clock().now();
    FreezeListing listing(scope.settings, scope.environment, now);
    for (const auto& window : scope.settings.windows) {
        listing.add(window);
    }
    for (const auto& freeze : freezes_of(session, scope)) {
        if (also_over || !is_over(freeze, now)) {
            listing.add(freeze);
        }
    }
    Result result;
    result.value = Value::map(
        {{"app", scope.app}, {"timezone", scope.settings.timezone}, {"items", listing.items}}
    );
    result.names = listing.names;
    result.text = [&](const Style& style) {
        return listing.items.empty() ? printable(scope.app) + " has no freezes\n"
                                     : listing.draw(style) + "Times are those of " +
                                           printable(scope.settings.timezone) + "\n";
    };
    print(session, result);
    return ExitCode::done;
}

ExitCode check(const std::string& at, Session& session) {
    const auto scope = scope_of(session);
    const auto& place = session.globals.place;
    const auto configuration = read_deploy_file(place);
    const auto environment = configuration && place.environment.empty()
                                 ? choose_environment(*configuration, place).name
                                 : place.environment;
    const auto now =
        at.empty() ? session.parts.clock().now() : read_time("--at", at, zone_of(scope.settings));
    const auto found = find_freeze(scope.settings, freezes_of(session, scope), environment, now);
    const auto& outlook = found.outlook;
    Result result;
    result.value = to_value(outlook);
    result.value.set("/app", scope.app);
    result.value.set("/environment", environment.empty() ? Value() : Value(environment));
    result.value.set("/at", to_rfc3339(now));
    result.names = {outlook.is_frozen() ? "frozen" : "open"};
    result.text = [&](const Style& style) {
        const auto which = printable(scope.app + (environment.empty() ? "" : " in " + environment));
        if (outlook.is_frozen()) {
            return sign(style, Sign::failed) + " " + which + " is " + printable(found.text) + "\n";
        }
        return sign(style, Sign::done) + " " + which +
               " is open; freeze: " + (found.text.empty() ? "none" : printable(found.text)) + "\n";
    };
    print(session, result);
    return outlook.is_frozen() ? ExitCode::blocked : ExitCode::done;
}

}  // namespace

Run freeze_add(Form& form) {
    const auto options = std::make_shared<AddOptions>();  // shared with the form's readers
    form.add_flag("--now", options->now, "from this moment on");
    form.add_option("--until", "TIME", "when it ends by itself", into(options->until));
    form.add_option("--for", "DURATION", "how long it lasts", into(options->length));
    form.add_option("--reason", "TEXT", "why, for the record; needed", into(options->reason));
    form.describe(
        "Stops the line: no rollout of the app starts in the environment, or in any where none is "
        "named, until the time that is given, or until it is removed. Rollouts under way, and "
        "going back, are not stopped. It is kept in the journal, and holds for everybody who uses "
        "that journal."
    );
    form.add_example(
        "deployctl freeze add --now -e production --for 2h --reason \"database is slow\"",
        "no rollouts to production for two hours"
    );
    form.add_example(
        "deployctl freeze add --now --until 2026-12-18T08:00 --reason \"incident 4711\"",
        "nowhere, until then, on the clocks of freeze.timezone"
    );
    return [options](Session& session) { return add(*options, session); };
}

Run freeze_remove(Form& form) {
    const auto reference = std::make_shared<std::string>();  // shared with the form's readers
    const auto reason = std::make_shared<std::string>();
    form.add_argument("ID", "its number, or how its id begins", into(*reference));
    form.add_option("--reason", "TEXT", "why, for the record; needed", into(*reason));
    form.describe("The freeze and its removal stay in the journal: `freeze list --all`.");
    form.add_example("deployctl freeze remove 12 --reason \"database is up\"", "open again");
    return
        [reference, reason](Session& session) { return remove_one(*reference, *reason, session); };
}

Run freeze_list(Form& form) {
    const auto all = std::make_shared<bool>(false);  // shared with the form's reader
    form.add_flag("--all", *all, "also those that were removed or have ended");
    form.add_example("deployctl freeze list -e production", "what is closed, and what comes");
    form.add_example("deployctl freeze list --all -o json", "who stopped the line, when and why");
    return [all](Session& session) { return list(*all, session); };
}

Run freeze_check(Form& form) {
    const auto at = std::make_shared<std::string>();  // shared with the form's reader
    form.add_option("--at", "TIME", "ask about this time instead of now", into(*at));
    form.describe("Exit code 0 where a rollout may start, 4 where it is frozen.");
    form.add_example("deployctl freeze check -e production", "may a rollout start now?");
    form.add_example(
        "deployctl freeze check -e production --at 2026-12-24T12:00", "and on that day?"
    );
    return [at](Session& session) { return check(*at, session); };
}

}  // namespace deployctl::cli::commands

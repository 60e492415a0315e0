// SPDX-License-Identifier: Apache-2.0
// promote: a version goes on to the next environment, or through the whole line, by the digest that
// stands in the one before; one operation, each leg an ordinary rollout.
#include "cli/commands/line_verbs.hpp"
#include "cli/deploy_file.hpp"
#include "cli/line_finding.hpp"
#include "cli/line_running.hpp"
#include "cli/output/line_view.hpp"
#include "cli/standings.hpp"
#include "promotion/line_json.hpp"

#include <memory>
#include <ostream>

namespace deployctl::cli::commands {

namespace {

struct Options {
    promotion::Request request;
    LineChoices line;
    std::string resume;
    bool dry_run = false;
    bool override_freeze = false;
};

void check(const Options& options) {
    const auto& request = options.request;
    const auto& from = request.from;
    if ((request.version + from + request.to + request.through).empty()) {
        throw Error(
            ExitCode::usage,
            "say what is promoted: a TAG, or the environment that it is in",
            "deployctl promote v2.31.0, or deployctl promote --from staging --to production"
        );
    }
    if (!request.to.empty() && !request.through.empty()) {
        throw Error(ExitCode::usage, "--to is one environment, --through all up to it: choose one");
    }
    if (options.override_freeze && options.line.run.reason.empty()) {
        throw Error(
            ExitCode::usage,
            "--override-freeze needs a reason: it is recorded who did it and why",
            "--reason \"what cannot wait\""
        );
    }
}

/// What the registry adds to the facts: the tag's digest where the line begins there, and that it
/// has the digest which every leg will ask for.
promotion::Draft draw(
    Session& session, const Configuration& configuration, const promotion::Request& request
) {
    const auto places = places_that_matter(configuration, request);
    const auto facts = find_facts(session, configuration, places);
    const auto& app = configuration.app;
    const bool begins =
        !request.version.empty() && promotion::source_of(configuration, request, facts).empty();
    const auto told = begins ? ask_registry(session, app, request.version, "") : Registered{};
    auto draft = promotion::draw_promotion(configuration, request, facts, told.digest);
    auto trouble = told.trouble;
    if (!begins && !draft.line.legs.empty() && !draft.line.legs.front().digest.empty()) {
        trouble = ask_registry(session, app, "", draft.line.legs.front().digest).trouble;
    }
    if (!trouble.empty()) {
        draft.refusals.push_back(trouble);
    }
    return draft;
}

ExitCode go_on(Session& session, const Options& options, const Operation& operation) {
    auto& terminal = session.terminal;
    terminal.err << sign(terminal.err_style, Sign::running) << " going on with "
                 << printable(told(operation)) << "\n"
                 << std::flush;
    return resume_line(session, operation, options.line);
}

std::optional<Operation> find_open(
    Session& session, const Options& options, const std::string& app
) {
    return options.dry_run
               ? std::nullopt
               : unfinished_line(session, promotion::LineKind::promotion, app, options.line);
}

/// By its version, or by saying nothing at all.
bool means(const promotion::Request& wish, const Operation& open) {
    const bool says_nothing =
        wish.version.empty() && wish.from.empty() && wish.to.empty() && wish.through.empty();
    return says_nothing || open.subject == wish.version;
}

/// Another end that somebody names is another promotion.
bool goes_as_far(const promotion::Request& wish, const Operation& open) {
    const auto& end = wish.to.empty() ? wish.through : wish.to;
    const auto line = promotion::read_line(open.plan);
    return end.empty() || line.legs.empty() || line.legs.back().place.environment == end;
}

ExitCode run(Options options, Session& session) {
    need_writable_files(session, options.line.run);
    if (!options.resume.empty()) {
        return go_on(session, options, find_line(session, options.resume, options.line));
    }
    check(options);
    if (options.override_freeze) {
        options.line.order.freeze.override_reason = options.line.run.reason;
    }
    const auto configuration = need_deploy_file(session.globals.place);
    const auto open = find_open(session, options, configuration.app.name);
    const bool is_as_far = open && goes_as_far(options.request, *open);
    if (is_as_far && means(options.request, *open)) {
        return go_on(session, options, *open);
    }
    auto draft = draw(session, configuration, options.request);
    if (is_as_far && draft.line.version == open->subject) {
        return go_on(session, options, *open);
    }
    options.line.replaced = open;
    const auto mode = options.dry_run ? Mode::dry_run : Mode::for_real;
    return start_line(session, std::move(draft), options.line, mode);
}

}  // namespace

Run promote(Form& form) {
    const auto options = std::make_shared<Options>();  // shared with the form's readers
    auto& request = options->request;
    form.add_optional_argument(
        "TAG", "the version (default: what stands in --from)", into(request.version)
    );
    form.add_option(
        "--from",
        "ENV",
        "where it stands (default: the last environment that has it)",
        into(request.from)
    );
    form.add_option(
        "--to", "ENV", "to this one alone (default: the next one of the order)", into(request.to)
    );
    form.add_option(
        "--through", "ENV", "to all environments up to this one", into(request.through)
    );
    form.add_option(
        "--resume",
        "ID",
        "go on with a promotion, waves or a group that lost its runner",
        into(options->resume)
    );
    declare_run(form, options->line.run);
    declare_takeover(form, options->line.run);
    form.add_flag(
        "--dry-run", options->dry_run, "show the line, and every reason why not, and stop"
    );
    form.add_flag(
        "--override-freeze",
        options->override_freeze,
        "in an emergency: start it in a freeze; needs --reason, and is recorded"
    );
    form.describe(
        "By `promotion` of deploy.yaml: in its order, each environment once what it requires has "
        "the same digest and has had it for `soak`. The digest is the one that was promoted there "
        "last, by the journal, else the one that runs; nothing is built again, and a tag that was "
        "moved since changes nothing. Each leg is a rollout by its environment's strategy. The "
        "line stops at the first one that is not promoted, with its exit code; what stands then "
        "stays. After a crash the same command, or --resume, goes on where it was; with another "
        "version, or another --to or --through, another promotion is begun in its place."
    );
    form.add_example("deployctl promote v2.31.0", "to the next environment");
    form.add_example("deployctl promote --from staging --to production", "what stands in staging");
    form.add_example(
        "deployctl promote v2.31.0 --through production --dry-run", "the whole line, only shown"
    );
    form.add_example("deployctl promote --resume 7", "its runner was killed");
    return [options](Session& session) { return run(*options, session); };
}

}  // namespace deployctl::cli::commands

// SPDX-License-Identifier: Apache-2.0
// rollout group: several services as one release, each by its own deploy.yaml; all of them, or
// none.
#include "cli/clusters.hpp"
#include "cli/commands/line_verbs.hpp"
#include "cli/deploy_file.hpp"
#include "cli/leg_place.hpp"
#include "cli/line_finding.hpp"
#include "cli/line_running.hpp"
#include "cli/standings.hpp"
#include "cli/targeting.hpp"
#include "promotion/group.hpp"

#include <memory>

namespace deployctl::cli::commands {

namespace {

struct Options {
    LineChoices line;
    bool dry_run = false;
};

/// By its own file, in its own folder.
promotion::Member member_in(Session& session, const std::string& dir, const std::string& tag) {
    LegPlace place(session, session.globals.place.environment, dir);
    auto& there = place.session();
    const auto configuration = need_deploy_file(there.globals.place);
    promotion::Member member;
    member.app = configuration.app.name;
    if (is_spread(configuration, there.globals.place)) {
        member.trouble = "its environment is on several clusters, and a group is on one";
        return member;
    }
    const auto environment = choose_environment(configuration, there.globals.place);
    member.place = {environment.name, "", environment.context, environment.kube_namespace};
    const auto told = ask_registry(there, configuration.app, tag, "");
    member.digest = told.digest;
    member.trouble = told.trouble;
    member.has_it = told.trouble.empty() &&
                    is_there(find_stand(there, configuration, member.place), {tag, told.digest});
    return member;
}

ExitCode run(const Options& options, Session& session) {
    need_writable_files(session, options.line.run);
    const auto configuration = need_deploy_file(session.globals.place);
    if (!configuration.group) {
        throw Error(
            ExitCode::usage,
            deploy_file(session.globals.place) + " has no `group`",
            "`rollout start` brings one service out"
        );
    }
    const auto& group = *configuration.group;
    const auto& tag = options.line.order.tag;
    const auto mode = options.dry_run ? Mode::dry_run : Mode::for_real;
    if (mode == Mode::for_real) {
        const auto open =
            unfinished_line(session, promotion::LineKind::group, group.name, options.line);
        const auto& environment = session.globals.place.environment;
        if (open && open->subject == tag && open->environment == environment) {
            return resume_line(session, *open, options.line);
        }
        if (open) {
            throw Error(
                ExitCode::locked,
                "the group's " + open->subject + " in " + open->environment + " has not ended",
                "`deployctl promote --resume " + std::to_string(open->number) + "` goes on with it"
            );
        }
    }
    std::map<std::string, promotion::Member> members;
    for (const auto& [name, settings] : group.members) {
        members[name] = member_in(session, settings.dir, tag);
    }
    return start_line(session, promotion::draw_group(group, members, tag), options.line, mode);
}

}  // namespace

Run rollout_group(Form& form) {
    const auto options = std::make_shared<Options>();  // shared with the form's readers
    form.add_argument(
        "TAG", "the version to bring out, the same of each member", into(options->line.order.tag)
    );
    declare_run(form, options->line.run);
    declare_takeover(form, options->line.run);
    form.add_flag(
        "--dry-run", options->dry_run, "show the order, and every reason why not, and stop"
    );
    form.describe(
        "By `group` of deploy.yaml: each member by the deploy.yaml of its own folder, behind those "
        "that it needs, and then the gates of the group. Before anything is changed every member "
        "must be able to start. Where one is not promoted, or a gate does not pass, those that "
        "were "
        "brought out go back to what they were, the last one first: exit code 6, or 7 where one "
        "does "
        "not come back. After a crash the same command goes on where it was."
    );
    form.add_example("deployctl rollout group v2.31.0 -e production", "all of them, or none");
    form.add_example("deployctl rollout group v2.31.0 -e production --dry-run", "only the order");
    return [options](Session& session) { return run(*options, session); };
}

}  // namespace deployctl::cli::commands

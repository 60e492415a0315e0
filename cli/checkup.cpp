// SPDX-License-Identifier: Apache-2.0
#include "cli/checkup.hpp"

#include "cli/clock_skew.hpp"
#include "cli/deploy_file.hpp"
#include "cli/targeting.hpp"
#include "cli/wiring.hpp"
#include "engine/preflight.hpp"
#include "model/text.hpp"
#include "plugins/kubectl/kubectl.hpp"
#include "state/maintenance.hpp"

#include <filesystem>

namespace deployctl::cli {

namespace {

using Mark = Finding::Mark;
using plugins::kubectl::Connection;

/// One thing to look at; what it throws is what it found.
template <class Look>
Finding look_at(const char* subject, Look look) {
    try {
        return look();
    } catch (const ConfigError& error) {
        const auto count = error.diagnostics().size();
        return {
            subject,
            Mark::bad,
            count_of(static_cast<std::int64_t>(count), "mistake") + " in the configuration",
            "deployctl config validate"
        };
    } catch (const Error& error) {
        return {subject, Mark::bad, error.what(), error.help()};
    } catch (const std::filesystem::filesystem_error& error) {
        return {subject, Mark::bad, error.what(), "choose another file with --state"};
    }
}

Finding check_configuration(const Session& session) {
    const auto path = deploy_file(session.globals.place);
    if (path.empty()) {
        return {
            "configuration",
            Mark::skipped,
            "there is no deploy.yaml here",
            "deployctl config init --from k8s/"
        };
    }
    const auto configuration = read_deploy_file(session.globals.place);
    return {
        "configuration",
        Mark::good,
        path + ": app " + configuration->app.name + ", " +
            count_of(static_cast<std::int64_t>(configuration->environments.size()), "environment"),
        ""
    };
}

/// Whoever has found the way to the cluster has asked kubectl already; `version` is what it said.
Finding check_kubectl(Session& session, const std::string& version) {
    Connection connection;
    connection.program = plugins::kubectl::find_kubectl();
    if (!version.empty()) {
        return {"kubectl", Mark::good, version + " at " + connection.program, ""};
    }
    const auto told = wait_for(
        session.parts, plugins::kubectl::check_version(session.parts.process(), connection)
    );
    return {"kubectl", Mark::good, told.text + " at " + connection.program, ""};
}

Finding check_server(Session& session, ClusterChoice& choice) {
    choice = wait_for(session.parts, session.parts.settle(choice));
    const auto identity = wait_for(session.parts, session.parts.cluster(choice).identify());
    return {
        "cluster",
        Mark::good,
        choice.context + ", namespace " + choice.kube_namespace + ": " + identity.server_version,
        ""
    };
}

/// Those that any rollout may need: the most demanding strategy, with an autoscaler.
Plan most_demanding_plan(const ClusterChoice& choice) {
    Plan plan;
    plan.target.kube_namespace = choice.kube_namespace;
    plan.strategy = StrategyKind::canary;
    plan.workload = "any";
    plan.candidate = "any-canary";
    plan.scene.workload = "any";
    plan.scene.services = {"any"};
    plan.scene.autoscaler = "any";
    plan.gates["any"] = GateSettings{};
    plan.course.steps = {
        {"prepare", HoldAutoscaler{"any", 1}, {}},
        {"prepare", CreateCandidate{}, {}},
        {"prepare", CreatePreviewService{"any-preview", "any"}, {}},
        {"prepare", PointService{"any", Pointing::stable}, {}},
        {"verify", PassGates{{"any"}}, {"any"}},
    };
    return plan;
}

Finding check_permissions(Session& session, const ClusterChoice& choice) {
    const auto needed = engine::needed_permissions(most_demanding_plan(choice));
    const auto missing =
        wait_for(session.parts, session.parts.cluster(choice).missing_permissions(needed));
    if (missing.empty()) {
        return {
            "permissions",
            Mark::good,
            "all " + std::to_string(needed.size()) + " that rollouts need",
            ""
        };
    }
    std::vector<std::string> names;
    for (const auto& permission : missing) {
        names.push_back(
            permission.verb + " " + permission.resource +
            (permission.group.empty() ? "" : "." + permission.group)
        );
    }
    return {
        "permissions",
        Mark::bad,
        "missing in " + choice.kube_namespace + ": " + join(names, ", "),
        "ask for a Role with these verbs; `kubectl auth can-i` shows what there is",
    };
}

Finding check_clock(Session& session, const ClusterChoice& choice) {
    const auto answer = wait_for(session.parts, session.parts.ask_server(choice, "/version"));
    const auto date = answer.headers.find("date");
    const auto server = date == answer.headers.end() ? std::nullopt : read_http_date(date->second);
    if (!server) {
        return {"clock", Mark::skipped, "the server does not say what time it is", ""};
    }
    const auto skew = std::chrono::abs(session.parts.clock().now() - *server);
    const auto text = to_short_text(std::chrono::floor<seconds>(skew)) + " from the server's";
    return skew < seconds(5) ? Finding{"clock", Mark::good, text, ""}
                             : Finding{
                                   "clock",
                                   Mark::doubtful,
                                   text + ": times in the journal will mislead",
                                   "set the clock, by NTP"
                               };
}

Finding check_journal(Session& session) {
    const std::filesystem::path path = state_path(session.globals.place);
    if (!std::filesystem::exists(path)) {
        return {"journal", Mark::good, path.string() + " will be made by the first rollout", ""};
    }
    const auto report = state::verify_chain(path);
    if (!report.faults.empty()) {
        return {
            "journal",
            Mark::bad,
            report.faults.front(),
            "keep the file aside, and `rollout rollback --from-cluster` for what is active"
        };
    }
    using std::filesystem::perms;
    const auto open = perms::group_all | perms::others_all;
    if ((std::filesystem::status(path).permissions() & open) != perms::none) {
        return {
            "journal",
            Mark::doubtful,
            path.string() + " can be read by others",
            "chmod 600 " + path.string()
        };
    }
    return {
        "journal",
        Mark::good,
        path.string() + ", " + std::to_string(report.checked) + " events checked",
        ""
    };
}

Finding check_disk(Session& session) {
    constexpr std::uintmax_t enough = 64UL << 20U;
    auto folder = std::filesystem::absolute(state_path(session.globals.place)).parent_path();
    while (!std::filesystem::exists(folder) && folder.has_relative_path()) {
        folder = folder.parent_path();
    }
    const auto free = std::filesystem::space(folder).available;
    const auto text = std::to_string(free >> 20U) + " MiB free in " + folder.string();
    return free >= enough ? Finding{"disk", Mark::good, text, ""}
                          : Finding{
                                "disk",
                                Mark::bad,
                                text + ", 64 are needed",
                                "make room, or name another file with --state"
                            };
}

ClusterChoice choose_cluster(const Session& session) {
    const auto& place = session.globals.place;
    return cluster_of(choose_environment(read_deploy_file(place).value_or(Configuration{}), place));
}

void check_cluster(Session& session, std::vector<Finding>& findings) {
    ClusterChoice choice;
    const auto server = look_at("cluster", [&] {
        choice = choose_cluster(session);
        return check_server(session, choice);
    });
    findings.push_back(look_at("kubectl", [&] { return check_kubectl(session, choice.kubectl); }));
    findings.push_back(server);
    if (findings.back().mark != Mark::good) {
        findings.push_back(
            {"permissions", Mark::skipped, "not asked: the cluster is not reached", ""}
        );
        findings.push_back({"clock", Mark::skipped, "not compared: the cluster is not reached", ""}
        );
        return;
    }
    findings.push_back(look_at("permissions", [&] { return check_permissions(session, choice); }));
    findings.push_back(look_at("clock", [&] { return check_clock(session, choice); }));
}

}  // namespace

std::vector<Finding> check_up(Session& session) {
    std::vector<Finding> findings;
    findings.push_back(look_at("configuration", [&] { return check_configuration(session); }));
    check_cluster(session, findings);
    findings.push_back(look_at("journal", [&] { return check_journal(session); }));
    findings.push_back(look_at("disk", [&] { return check_disk(session); }));
    return findings;
}

}  // namespace deployctl::cli

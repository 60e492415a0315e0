// SPDX-License-Identifier: Apache-2.0
#include "readiness/checks/pipelines.hpp"

#include "readiness/checks/commands.hpp"
#include "readiness/inputs/deliveries.hpp"
#include "readiness/inputs/github.hpp"
#include "readiness/patterns.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace deployctl::readiness {

namespace {

using documents::Node;

std::span<const Node> one_or_many(const Node& node) {
    return node.is_list() ? node.items : std::span<const Node>(&node, node.exists() ? 1 : 0);
}

bool any_text(const Subject& job, const std::function<bool(std::string_view)>& is_one) {
    bool found = false;
    for (const auto* const key : {"steps", "script", "before_script", "uses"}) {
        look_through(job.node->at(key), [&](const Node& node) {
            found = found || (node.is_scalar() && is_one(node.text));
            return !found;
        });
    }
    return found;
}

bool is_deploy_text(std::string_view text) {
    static const RE2 calls(
        R"((^|[\s./])deploy[\w-]*\.sh\b|\bmake\s+([\w-]+\s+)*[\w-]*deploy|)"
        R"(azure/k8s-deploy|google-github-actions/deploy-|amazon-ecs-deploy|helm-deploy)"
    );
    return is_found(calls, text) || delivers(text);
}

bool is_for_a_test(const Subject& job) {
    return any_text(job, begins_test_cluster) && !any_text(job, names_cluster);
}

/// Pages of documentation and drafts are no production, and neither is a test's own cluster.
bool is_deploy_job(const Subject& job) {
    static const RE2 names(R"((?i)(^|[-_ ])(deploy|rollout|promote)([-_ ]|$))");
    static const RE2 others(R"((?i)docs|pages|website|storybook|preview)");
    if (is_found(others, job.name)) {
        return false;
    }
    return is_found(names, job.name) || (any_text(job, is_deploy_text) && !is_for_a_test(job));
}

bool is_test_text(std::string_view text) {
    static const RE2 commands(
        R"(\b(go test|pytest|npm (run )?test|npm t|yarn (run )?test|pnpm (run )?test|mvn\b.*\b(test|verify)|)"
        R"(gradlew?\b.*\b(test|check)|cargo test|make ([\w-]+ )*(test|check|ci|verify|quality)[\w-]*|)"
        R"(ctest|tox|nox|phpunit|rspec|dotnet test|jest|vitest|bats|unittest)\b)"
    );
    return is_found(commands, text);
}

bool is_test_job(const Subject& job) {
    static const RE2 names(
        R"((?i)(^|[-_ /])(unit|tests?|checks?|verify|ci|quality|e2e|integration)([-_ .]|$))"
    );
    return is_found(names, job.name) || is_found(names, job.node->text_at("uses")) ||
           any_text(job, is_test_text);
}

using Jobs = std::map<std::string_view, const Subject*>;

/// Of one pipeline; of more jobs than anybody has, the first.
Jobs jobs_beside(const Subject& job, const Facts& facts) {
    constexpr std::size_t most = 1000;
    Jobs jobs;
    for (const auto* other :
         facts.related(*job.parent, "jobs")
             .first(std::min(most, facts.related(*job.parent, "jobs").size()))) {
        jobs.emplace(other->name, other);
    }
    return jobs;
}

/// What is looked through for one job; more is nobody's pipeline.
constexpr std::size_t most_needs = 50;
constexpr std::size_t most_waited_for = 200;

/// By names; GitLab also writes `{job: name}`.
std::vector<std::string_view> needs_of(const Subject& job) {
    std::vector<std::string_view> names;
    const auto needs = one_or_many(job.node->at("needs"));
    for (const auto& need : needs.first(std::min(most_needs, needs.size()))) {
        names.push_back(need.is_map() ? need.text_at("job") : need.text);
    }
    return names;
}

bool waits_for_tests(const Subject& job, const Jobs& jobs, std::set<const Subject*>& seen) {
    for (const auto name : needs_of(job)) {
        const auto found = jobs.find(name);
        if (found == jobs.end() || seen.size() > most_waited_for ||
            !seen.insert(found->second).second) {
            continue;
        }
        if (is_test_job(*found->second) || waits_for_tests(*found->second, jobs, seen)) {
            return true;
        }
    }
    return false;
}

/// The place of a job's stage in the order of stages.
std::ptrdiff_t stage_of(const Subject& job) {
    static constexpr std::array<std::string_view, 3> usual = {"build", "test", "deploy"};
    const auto name = job.node->text_at("stage", "test");
    const auto& stages = job.parent->node->at("stages").items;
    if (stages.empty()) {
        return std::ranges::find(usual, name) - usual.begin();
    }
    return std::ranges::find(stages, name, &Node::text) - stages.begin();
}

bool comes_after_tests(const Subject& job, const Jobs& jobs) {
    return std::ranges::any_of(jobs, [&](const auto& other) {
        return is_test_job(*other.second) && stage_of(*other.second) < stage_of(job);
    });
}

std::optional<Answer> deploy_needs_tests(const Subject& job, const Facts& facts) {
    if (!is_deploy_job(job)) {
        return std::nullopt;
    }
    const auto jobs = jobs_beside(job, facts);
    std::set<const Subject*> seen;
    const bool is_of_gitlab = job.kind == "gitlab-job";
    const bool staged =
        is_of_gitlab && !job.node->at("needs").exists() && comes_after_tests(job, jobs);
    // A workflow that another one calls comes after what that one's job needs.
    const bool after_another = !is_of_gitlab && (is_started_by(*job.parent->node, "workflow_run") ||
                                                 is_started_by(*job.parent->node, "workflow_call"));
    if (staged || after_another || any_text(job, is_test_text) ||
        waits_for_tests(job, jobs, seen)) {
        return guessed(holds());
    }
    return guessed(fails("no job with tests comes before it"));
}

std::optional<Answer> deploy_has_environment(const Subject& job, const Facts& /*facts*/) {
    if (!is_deploy_job(job)) {
        return std::nullopt;
    }
    if (job.node->at("uses").exists()) {
        return std::nullopt;  // GitHub takes none there: it is the called workflow's to say
    }
    return job.node->at("environment").exists() ? guessed(holds())
                                                : guessed(fails("environment is not set"));
}

std::optional<Answer> deploy_is_serialised(const Subject& job, const Facts& /*facts*/) {
    if (!is_deploy_job(job)) {
        return std::nullopt;
    }
    if (job.kind == "gitlab-job") {
        return job.node->at("resource_group").exists()
                   ? guessed(holds())
                   : guessed(fails("resource_group is not set"));
    }
    const auto& own = job.node->at("concurrency");
    const auto& group = own.exists() ? own : job.parent->node->at("concurrency");
    if (!group.exists()) {
        return guessed(fails("concurrency is not set"));
    }
    if (group.flag_at("cancel-in-progress")) {
        return guessed(fails_at(
            group.at("cancel-in-progress"), "the next run kills a rollout that is half done"
        ));
    }
    return guessed(holds());
}

/// A job that is skipped skips what needs it.
bool is_kept_from_pull_requests(
    const Subject& job, const Jobs& jobs, std::set<const Subject*>& seen
) {
    static const RE2 guards(R"(github\.(ref|event_name|event\.pull_request|base_ref)|ref_name)");
    if (is_found(guards, job.node->text_at("if"))) {
        return true;
    }
    const auto needs = needs_of(job);
    return std::ranges::any_of(needs, [&](std::string_view name) {
        const auto found = jobs.find(name);
        return found != jobs.end() && seen.size() <= most_waited_for &&
               seen.insert(found->second).second &&
               is_kept_from_pull_requests(*found->second, jobs, seen);
    });
}

std::optional<Answer> deploy_not_from_pull_requests(const Subject& job, const Facts& facts) {
    if (!is_deploy_job(job)) {
        return std::nullopt;
    }
    const auto& workflow = *job.parent->node;
    if (!is_started_by(workflow, "pull_request") &&
        !is_started_by(workflow, "pull_request_target")) {
        return guessed(holds());
    }
    std::set<const Subject*> seen;
    return is_kept_from_pull_requests(job, jobs_beside(job, facts), seen)
               ? guessed(holds())
               : guessed(fails("a pull request starts it as well", "if: github.ref == ..."));
}

std::optional<Answer> wrong_step(const Node& step) {
    if (step.at("run").exists() == step.at("uses").exists()) {
        return fails_at(
            step,
            step.at("run").exists() ? "a step with run and uses" : "a step without run or uses"
        );
    }
    return std::nullopt;
}

std::optional<Answer> wrong_job(const Node& job, const Node& jobs) {
    if (!job.at("uses").exists() && !job.at("runs-on").exists()) {
        return fails_at(job, "a job without runs-on");
    }
    for (const auto& need : one_or_many(job.at("needs"))) {
        if (jobs.find(need.text) == nullptr) {
            return fails_at(need, "there is no job " + std::string(need.text));
        }
    }
    for (const auto& step : job.at("steps").items) {
        if (auto wrong = wrong_step(step)) {
            return wrong;
        }
    }
    return std::nullopt;
}

std::optional<Answer> workflow_structure(const Subject& workflow, const Facts& /*facts*/) {
    const auto& root = *workflow.node;
    const auto& jobs = root.at("jobs");
    if (!root.at("on").exists()) {
        return fails("no event starts it");
    }
    if (!jobs.is_map() || jobs.entries.empty()) {
        return fails("it has no jobs");
    }
    for (const auto& [name, spot, job] : jobs.entries) {
        if (auto wrong = wrong_job(job, jobs)) {
            return wrong;
        }
    }
    return holds();
}

bool is_known_stage(const Node& pipeline, std::string_view stage) {
    static constexpr std::array<std::string_view, 5> always = {
        ".pre", "build", "test", "deploy", ".post"
    };
    const auto& stages = pipeline.at("stages").items;
    const bool is_usual = std::ranges::find(always, stage) != always.end();
    return stages.empty() ? is_usual
                          : std::ranges::find(stages, stage, &Node::text) != stages.end() ||
                                stage.starts_with('.');
}

std::optional<Answer> gitlab_job_structure(const Subject& job, const Facts& /*facts*/) {
    const auto& node = *job.node;
    const auto& pipeline = *job.parent->node;
    const bool is_open = pipeline.at("include").exists();
    const bool does =
        node.at("script").exists() || node.at("trigger").exists() || node.at("run").exists();
    if (!does) {
        return is_open ? not_known("what it extends may be included") : fails("it has no script");
    }
    const auto& stage = node.at("stage");
    if (stage.is_scalar() && !is_known_stage(pipeline, stage.text)) {
        return is_open ? not_known("its stage may be included")
                       : fails_at(stage, "there is no stage " + std::string(stage.text));
    }
    for (const auto name : needs_of(job)) {
        if (!name.empty() && pipeline.find(name) == nullptr) {
            return is_open ? not_known("what it needs may be included")
                           : fails_at(node.at("needs"), "there is no job " + std::string(name));
        }
    }
    return holds();
}

std::optional<Answer> tests_block(const Subject& job, const Facts& /*facts*/) {
    if (!is_test_job(job)) {
        return std::nullopt;
    }
    for (const auto* const key : {"continue-on-error", "allow_failure"}) {
        if (job.node->flag_at(key)) {
            return guessed(fails_at(job.node->at(key), std::string(key) + ": true"));
        }
    }
    for (const auto& step : job.node->at("steps").items) {
        if (step.flag_at("continue-on-error") && is_test_text(step.text_at("run"))) {
            return guessed(fails_at(step.at("continue-on-error"), "continue-on-error: true"));
        }
    }
    return guessed(holds());
}

std::optional<Answer> pipeline_tests(const Subject& /*repository*/, const Facts& facts) {
    bool is_asked = false;
    for (const auto* const kind : {"workflow-job", "gitlab-job"}) {
        for (const auto* job : facts.of(kind)) {
            is_asked = true;
            if (is_test_job(*job)) {
                return guessed(holds(job->path));
            }
        }
    }
    return is_asked ? std::optional(guessed(fails("no job of a pipeline runs tests")))
                    : std::nullopt;
}

std::optional<Answer> pull_requests_are_checked(const Subject& /*repository*/, const Facts& facts) {
    const auto workflows = facts.of("workflow");
    if (workflows.empty()) {
        return std::nullopt;
    }
    for (const auto* workflow : workflows) {
        for (const auto* const event : {"pull_request", "merge_group", "pull_request_target"}) {
            if (is_started_by(*workflow->node, event)) {
                return holds(workflow->path);
            }
        }
    }
    return fails("no workflow runs on pull requests");
}

constexpr std::array<NamedCheck, 9> checks = {{
    {"deploy-needs-tests", deploy_needs_tests},
    {"deploy-has-environment", deploy_has_environment},
    {"deploy-is-serialised", deploy_is_serialised},
    {"deploy-not-from-pull-requests", deploy_not_from_pull_requests},
    {"workflow-structure", workflow_structure},
    {"gitlab-job-structure", gitlab_job_structure},
    {"tests-block", tests_block},
    {"pipeline-tests", pipeline_tests},
    {"pull-requests-are-checked", pull_requests_are_checked},
}};

}  // namespace

std::span<const NamedCheck> pipeline_checks() {
    return checks;
}

}  // namespace deployctl::readiness

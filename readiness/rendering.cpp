// SPDX-License-Identifier: Apache-2.0
#include "readiness/rendering.hpp"

#include "readiness/chart_origins.hpp"
#include "readiness/kustomize_fetches.hpp"
#include "readiness/origins.hpp"
#include "readiness/unrendered.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>

#include <algorithm>
#include <deque>
#include <map>
#include <re2/re2.h>
#include <tuple>

namespace deployctl::readiness {

namespace {

using boost::asio::experimental::awaitable_operators::operator&&;
using documents::Node;

constexpr Duration longest_run = seconds(60);
constexpr Duration longest_of_all = minutes(10);
constexpr std::size_t most_runs = 500;
constexpr std::size_t longest_words = 300;

std::string joined(const std::vector<std::string>& words, std::string_view between) {
    std::string text;
    for (const auto& word : words) {
        text += (text.empty() ? std::string_view() : between);
        text += word;
    }
    return text;
}

std::string named(std::string_view folder) {
    return folder.empty() ? "." : std::string(folder);
}

/// Helm reaches the network for a chart with a repository, and for no other.
std::string refusal_of_charts(const Kustomization& layer, const RenderTools& tools) {
    const auto& charts = layer.root->at("helmCharts");
    if (!charts.exists() && !layer.root->at("helmChartInflationGenerator").exists()) {
        return {};
    }
    const bool fetches = std::any_of(charts.items.begin(), charts.items.end(), [](const Node& one) {
        return one.at("repo").exists();
    });
    if (fetches || !charts.exists()) {
        return "inflates a Helm chart from a repository, which is not fetched";
    }
    return tools.helm.empty() ? "inflates Helm charts, and there is no helm here" : "";
}

using Reasons = std::map<std::string_view, std::string, std::less<>>;  ///< by folder

/// A reason against one is a reason against all that use it, by whatever way: a search from there,
/// since a walk from each root may be too long to end.
Reasons reasons_against(const Kustomizations& all, const Facts& facts, const RenderTools& tools) {
    Reasons reasons;
    std::multimap<std::string_view, std::string_view> users;
    std::deque<std::string_view> next;
    for (const auto& [folder, layer] : all) {
        for (const auto& used : layer.uses) {
            users.emplace(used, folder);
        }
        auto why = refusal_of_charts(layer, tools);
        why = why.empty() ? reason_not_to_run(layer, all, facts) : why;
        if (!why.empty()) {
            reasons.emplace(folder, std::move(why));
            next.push_back(folder);
        }
    }
    for (; !next.empty(); next.pop_front()) {
        const auto [begin, end] = users.equal_range(next.front());
        for (auto user = begin; user != end; ++user) {
            if (reasons.emplace(user->second, reasons.at(next.front())).second) {
                next.push_back(user->second);
            }
        }
    }
    return reasons;
}

std::string refusal(
    const std::string& root, const Reach& reach, const Reasons& reasons, const RenderTools& tools
) {
    if (!reach.ring.empty()) {
        return "kustomizations use each other: " + joined(reach.ring, " -> ") + " -> " +
               reach.ring.front();
    }
    if (tools.kubectl.empty()) {
        return "there is no kubectl here to render it";
    }
    const auto found = reasons.find(root);
    return found == reasons.end() ? "" : found->second;
}

bool inflates(const Reach& reach) {
    return std::any_of(reach.layers.begin(), reach.layers.end(), [](const Layer& layer) {
        return layer.kustomization->root->at("helmCharts").exists();
    });
}

RenderJob kustomize_job(const std::string& root, const Reach& reach, const RenderTools& tools) {
    RenderJob job;
    job.name = named(root);
    job.folder = root;
    job.argv = {tools.kubectl, "kustomize", tools.base + "/" + root};
    if (inflates(reach)) {
        job.argv.insert(job.argv.end(), {"--enable-helm", "--helm-command", tools.helm});
    }
    return job;
}

void add_kustomize_jobs(const Facts& facts, const RenderTools& tools, RenderPlan& plan) {
    const auto reasons = reasons_against(plan.kustomizations, facts, tools);
    for (const auto& root : render_roots(plan.kustomizations)) {
        const auto reach = reach_of(plan.kustomizations, root);
        auto job = kustomize_job(root, reach, tools);
        job.refused = refusal(root, reach, reasons, tools);
        plan.jobs.push_back(std::move(job));
    }
}

void add_chart_jobs(const std::string& folder, const RenderTools& tools, RenderPlan& plan) {
    const auto& chart = plan.charts.at(folder);
    for (const auto& name : rendering_names(folder, chart)) {
        RenderJob job;
        job.name = name;
        job.folder = folder;
        job.is_chart = true;
        job.refused = tools.helm.empty() ? "there is no helm here to render the chart" : "";
        // What runs only when somebody types `helm test` is no part of what is deployed.
        job.argv = {tools.helm, "template", "release", tools.base + "/" + folder, "--skip-tests"};
        if (!chart.values.empty()) {
            job.argv.insert(job.argv.end(), {"--values", tools.base + "/" + name});
        }
        plan.jobs.push_back(std::move(job));
    }
}

/// Each is a process, so that a tree of thousands of roots would keep a machine busy for hours.
void limit(std::vector<RenderJob>& jobs) {
    std::size_t runs = 0;
    for (auto& job : jobs) {
        if (job.refused.empty() && ++runs > most_runs) {
            job.refused = "more than " + std::to_string(most_runs) + " renderings, not rendered";
        }
        if (!job.refused.empty()) {
            job.argv.clear();
        }
    }
}

/// The line that tells of the error: warnings come before it.
std::string_view telling_line(std::string_view text) {
    const auto first = text.substr(0, text.find('\n'));
    while (!text.empty()) {
        const auto line = text.substr(0, text.find('\n'));
        if (!line.empty() && line.find("arning") == line.npos) {
            return line;
        }
        text.remove_prefix(std::min(line.size() + 1, text.size()));
    }
    return first;
}

/// Its words, without the places and times of this machine.
std::string tools_words(const CommandResult& result, const RenderTools& tools) {
    static const RE2 log_line("^[EWIF][0-9]{4} [^\\]]*\\] (?:\"[^\"]*\" err=)?");
    static const RE2 temporary("/tmp/[^ '\",:]*");
    if (result.end == CommandResult::End::timed_out) {
        return "rendering took too long";
    }
    std::string words(telling_line(result.error_output));
    RE2::Replace(&words, log_line, "");
    RE2::GlobalReplace(&words, RE2::QuoteMeta(tools.base) + "/?", "");
    RE2::GlobalReplace(&words, temporary, "a temporary folder");
    words.resize(std::min(words.size(), longest_words));
    return words.empty() ? "the tool ended without words" : words;
}

AssessedFile not_rendered(
    const RenderJob& job, std::string why, const RenderPlan& plan, const Facts& facts
) {
    AssessedFile file;
    file.path = job.name + " (rendered)";
    file.kind = "kubernetes";
    file.rendering = job.name;
    file.tree = documents::Tree(
        job.is_chart ? lost_with(plan.charts, job.folder)
                     : lost_with(reach_of(plan.kustomizations, job.folder), facts)
    );
    file.trouble.what = std::move(why);
    return file;
}

/// Should a tool find something to fetch all the same: it reaches nobody. What it may reach
/// without a proxy is not inherited either; in a network of its own there is not even this machine.
Command command_of(const RenderJob& job, const std::vector<std::string>& prefix) {
    Command command;
    command.argv = prefix;
    command.argv.insert(command.argv.end(), job.argv.begin(), job.argv.end());
    command.timeout = longest_run;
    command.environment = {
        {"GIT_ALLOW_PROTOCOL", "none"},
        {"NO_PROXY", ""},
        {"no_proxy", ""},
    };
    for (const auto* name : {"HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"}) {
        command.environment[name] = "http://127.0.0.1:9";
    }
    return command;
}

using Commands = std::vector<Command>;
using Results = std::vector<CommandResult>;

Task<Results> run_at_once(Process* process, Commands commands) {
    Results results;
    if (commands.size() == 1) {
        auto result = co_await process->run(std::move(commands.front()));
        results.push_back(std::move(result));
        co_return results;
    }
    const auto middle = commands.begin() + static_cast<std::ptrdiff_t>(commands.size() / 2);
    Commands others(middle, commands.end());
    commands.erase(middle, commands.end());
    auto both =
        run_at_once(process, std::move(commands)) && run_at_once(process, std::move(others));
    auto ended = co_await std::move(both);
    results = std::move(std::get<0>(ended));
    for (auto& result : std::get<1>(ended)) {
        results.push_back(std::move(result));
    }
    co_return results;
}

CommandResult out_of_time() {
    CommandResult result;
    result.end = CommandResult::End::not_started;
    result.error_output = "not rendered: all renderings together take too long";
    return result;
}

/// How much of the time for all of them is left.
Duration time_left(const Clock* clock, BootTime begin) {
    return clock == nullptr ? longest_run : longest_of_all - (clock->boot_time() - begin);
}

/// A few at a time: each is a process of some 50 MB.
Task<Results> run_side_by_side(RenderTools tools, Commands commands) {
    constexpr std::size_t at_once = 4;
    const auto begin = tools.clock == nullptr ? BootTime() : tools.clock->boot_time();
    Results results;
    while (results.size() < commands.size()) {
        const auto left = time_left(tools.clock, begin);
        if (left <= Duration::zero()) {
            results.resize(commands.size(), out_of_time());
            break;
        }
        const auto first = commands.begin() + static_cast<std::ptrdiff_t>(results.size());
        const auto count = std::min(at_once, commands.size() - results.size());
        Commands some(first, first + static_cast<std::ptrdiff_t>(count));
        for (auto& command : some) {
            command.timeout = std::min(command.timeout, left);
        }
        const auto ended = co_await run_at_once(tools.process, std::move(some));
        results.insert(results.end(), ended.begin(), ended.end());
    }
    co_return results;
}

/// What makes a program run in an empty network, where this machine lets anybody do so.
Task<std::vector<std::string>> network_of_its_own(RenderTools tools) {
    std::vector<std::string> prefix;
    if (tools.unshare.empty()) {
        co_return prefix;
    }
    prefix = {tools.unshare, "--user", "--map-root-user", "--net", "--"};
    Command trial;
    trial.argv = prefix;
    trial.argv.push_back("true");
    const auto result = co_await tools.process->run(std::move(trial));
    if (result.end != CommandResult::End::exited || result.exit_code != 0) {
        prefix.clear();
    }
    co_return prefix;
}

Task<Results> run_all(const std::vector<RenderJob>* jobs, RenderTools tools) {
    Commands commands;
    const bool is_needed =
        std::ranges::any_of(*jobs, [](const RenderJob& job) { return job.refused.empty(); });
    if (!is_needed) {
        co_return Results();
    }
    const auto prefix = co_await network_of_its_own(tools);
    for (const auto& job : *jobs) {
        if (job.refused.empty()) {
            commands.push_back(command_of(job, prefix));
        }
    }
    auto results = co_await run_side_by_side(tools, std::move(commands));
    co_return results;
}

}  // namespace

RenderPlan plan_renderings(const Facts& facts, const RenderTools& tools) {
    RenderPlan plan;
    plan.kustomizations = read_kustomizations(facts.files());
    plan.charts = read_charts(facts.files());
    add_kustomize_jobs(facts, tools, plan);
    for (const auto& [folder, chart] : plan.charts) {
        if (chart.rendered_with == folder) {
            add_chart_jobs(folder, tools, plan);
        }
    }
    std::ranges::sort(plan.jobs, {}, &RenderJob::name);
    limit(plan.jobs);
    return plan;
}

AssessedFile rendered_file(
    const RenderJob& job,
    const CommandResult& result,
    const RenderPlan& plan,
    const Facts& facts,
    const RenderTools& tools
) {
    if (!job.refused.empty()) {
        return not_rendered(job, job.refused, plan, facts);
    }
    if (result.end != CommandResult::End::exited || result.exit_code != 0) {
        return not_rendered(job, tools_words(result, tools), plan, facts);
    }
    auto text = tools.read(result.output);
    if (!text.trouble.what.empty()) {
        return not_rendered(job, "what was rendered: " + text.trouble.what, plan, facts);
    }
    AssessedFile file;
    file.path = job.name + " (rendered)";
    file.kind = "kubernetes";
    file.rendering = job.name;
    file.tree =
        job.is_chart
            ? with_template_places(text.tree, job.folder, facts.files())
            : with_origins(text.tree, reach_of(plan.kustomizations, job.folder), facts.files());
    return file;
}

Task<std::vector<AssessedFile>> render(const Facts* facts, RenderTools tools) {
    const auto plan = plan_renderings(*facts, tools);
    const auto results = co_await run_all(&plan.jobs, tools);
    std::vector<AssessedFile> files;
    auto next = results.begin();
    for (const auto& job : plan.jobs) {
        const auto result = job.refused.empty() ? *next++ : CommandResult();
        files.push_back(rendered_file(job, result, plan, *facts, tools));
    }
    co_return files;
}

}  // namespace deployctl::readiness

// SPDX-License-Identifier: Apache-2.0
#include "readiness/rendering.hpp"

#include "readiness/inputs/kubernetes_objects.hpp"
#include "readiness/inputs/paths.hpp"
#include "readiness/origins.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>

#include <algorithm>
#include <array>
#include <re2/re2.h>
#include <tuple>

namespace deployctl::readiness {

namespace {

using boost::asio::experimental::awaitable_operators::operator&&;
using documents::Node;

constexpr Duration longest_run = seconds(60);
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
std::string refusal(const Kustomization& layer, const RenderTools& tools) {
    if (!layer.elsewhere.empty()) {
        return "uses " + layer.elsewhere.front() + ", which is outside and is not fetched";
    }
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

std::string refusal(const Reach& reach, const RenderTools& tools) {
    if (!reach.ring.empty()) {
        return "kustomizations use each other: " + joined(reach.ring, " -> ") + " -> " +
               reach.ring.front();
    }
    if (tools.kubectl.empty()) {
        return "there is no kubectl here to render it";
    }
    for (const auto& layer : reach.layers) {
        auto why = refusal(*layer.kustomization, tools);
        if (!why.empty()) {
            return why;
        }
    }
    return {};
}

bool inflates(const Reach& reach) {
    return std::any_of(reach.layers.begin(), reach.layers.end(), [](const Layer& layer) {
        return layer.kustomization->root->at("helmCharts").exists();
    });
}

RenderJob kustomize_job(const std::string& root, const Reach& reach, const RenderTools& tools) {
    RenderJob job{named(root), root, {}, refusal(reach, tools)};
    if (job.refused.empty()) {
        job.argv = {tools.kubectl, "kustomize", tools.base + "/" + root};
        if (inflates(reach)) {
            job.argv.insert(job.argv.end(), {"--enable-helm", "--helm-command", tools.helm});
        }
    }
    return job;
}

bool is_values_file(std::string_view path, std::string_view chart) {
    const auto name = base_name(path);
    const bool yaml = name.ends_with(".yaml") || name.ends_with(".yml");
    const auto folder = folder_of(path);
    const bool beside = folder == chart && name.starts_with("values");
    const bool below = base_name(folder) == "values" && folder_of(folder) == chart;
    return yaml && (beside || below);
}

/// A chart inside of another is rendered with it, and a library makes nothing by itself.
bool is_chart(const AssessedFile& file) {
    return base_name(file.path) == "Chart.yaml" && file.rendering.empty() &&
           file.path.find("charts/") != 0 && file.path.find("/charts/") == file.path.npos &&
           !file.tree.roots().empty() && file.tree.roots().front().text_at("type") != "library";
}

void add_chart_jobs(
    const AssessedFile& chart,
    const Facts& facts,
    const RenderTools& tools,
    std::vector<RenderJob>& jobs
) {
    const std::string folder(folder_of(chart.path));
    for (const auto& file : facts.files()) {
        if (!is_values_file(file.path, folder)) {
            continue;
        }
        RenderJob job{file.path, folder, {}, {}};
        if (tools.helm.empty()) {
            job.refused = "there is no helm here to render the chart";
        } else {
            const auto path = tools.base + "/";
            job.argv = {tools.helm, "template", "release", path + folder, "--values"};
            job.argv.push_back(path + file.path);
        }
        jobs.push_back(std::move(job));
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

std::string as_text(const Node& object) {
    std::string text = "kind: " + std::string(object.text_at("kind")) + "\n";
    const auto& pods = pod_template(object).at("spec");
    for (const auto& list : container_lists) {
        for (auto left = pods.at(list.key).items.size(); left > 0; --left) {
            text += "image:\n";
        }
    }
    return text;
}

/// A file of templates is named after what it makes, as a rule.
std::string as_text(std::string_view template_path) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 10> kinds = {{
        {"deployment", "Deployment\nimage:"},
        {"statefulset", "StatefulSet\nimage:"},
        {"daemonset", "DaemonSet\nimage:"},
        {"cronjob", "CronJob\nimage:"},
        {"hpa", "HorizontalPodAutoscaler"},
        {"pdb", "PodDisruptionBudget"},
        {"networkpolicy", "NetworkPolicy"},
        {"ingress", "Ingress"},
        {"configmap", "ConfigMap"},
        {"service", "Service"},
    }};
    const auto name = base_name(template_path);
    for (const auto& [word, kind] : kinds) {
        if (name.starts_with(word)) {
            return "kind: " + std::string(kind) + "\n";
        }
    }
    return {};
}

/// What a root is made of in the repository, as text for `Input::lost`: it would have made as many.
std::string what_is_lost(const RenderJob& job, const Facts& facts) {
    const auto all = read_kustomizations(facts.files());
    std::string text;
    for (const auto& layer : reach_of(all, job.folder).layers) {
        for (const auto& used : layer.kustomization->uses) {
            const auto* const file = facts.file(used);
            for (const auto& root : file == nullptr ? std::vector<Node>() : file->tree.roots()) {
                for (const auto* object : objects_of(root)) {
                    text += as_text(*object);
                }
            }
        }
    }
    for (const auto& file : facts.files()) {
        if (folder_of(file.path) == job.folder + (job.folder.empty() ? "" : "/") + "templates") {
            text += as_text(file.path);
        }
    }
    return text;
}

AssessedFile not_rendered(const RenderJob& job, std::string why, const Facts& facts) {
    AssessedFile file;
    file.path = job.name + " (rendered)";
    file.kind = "kubernetes";
    file.rendering = job.name;
    file.tree = documents::Tree(what_is_lost(job, facts));
    file.trouble.what = std::move(why);
    return file;
}

/// Should a tool find something to fetch all the same: it reaches nobody.
Command command_of(const RenderJob& job) {
    Command command;
    command.argv = job.argv;
    command.timeout = longest_run;
    command.environment = {
        {"GIT_ALLOW_PROTOCOL", "none"},
        {"HTTP_PROXY", "http://127.0.0.1:9"},
        {"HTTPS_PROXY", "http://127.0.0.1:9"},
    };
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

/// A few at a time: each is a process of some 50 MB.
Task<Results> run_side_by_side(Process* process, Commands commands) {
    constexpr std::size_t at_once = 4;
    Results results;
    while (results.size() < commands.size()) {
        const auto begin = commands.begin() + static_cast<std::ptrdiff_t>(results.size());
        const auto count = std::min(at_once, commands.size() - results.size());
        Commands some(begin, begin + static_cast<std::ptrdiff_t>(count));
        const auto ended = co_await run_at_once(process, std::move(some));
        results.insert(results.end(), ended.begin(), ended.end());
    }
    co_return results;
}

}  // namespace

std::vector<RenderJob> render_jobs(const Facts& facts, const RenderTools& tools) {
    std::vector<RenderJob> jobs;
    const auto all = read_kustomizations(facts.files());
    for (const auto& root : render_roots(all)) {
        jobs.push_back(kustomize_job(root, reach_of(all, root), tools));
    }
    for (const auto& file : facts.files()) {
        if (is_chart(file)) {
            add_chart_jobs(file, facts, tools, jobs);
        }
    }
    std::sort(jobs.begin(), jobs.end(), [](const RenderJob& one, const RenderJob& other) {
        return one.name < other.name;
    });
    return jobs;
}

AssessedFile rendered_file(
    const RenderJob& job, const CommandResult& result, const Facts& facts, const RenderTools& tools
) {
    if (!job.refused.empty()) {
        return not_rendered(job, job.refused, facts);
    }
    if (result.end != CommandResult::End::exited || result.exit_code != 0) {
        return not_rendered(job, tools_words(result, tools), facts);
    }
    auto text = tools.read(result.output);
    if (!text.trouble.what.empty()) {
        return not_rendered(job, "what was rendered: " + text.trouble.what, facts);
    }
    const auto all = read_kustomizations(facts.files());
    AssessedFile file;
    file.path = job.name + " (rendered)";
    file.kind = "kubernetes";
    file.rendering = job.name;
    file.tree = with_origins(text.tree, reach_of(all, job.folder), facts.files());
    return file;
}

Task<std::vector<AssessedFile>> render(const Facts* facts, RenderTools tools) {
    const auto jobs = render_jobs(*facts, tools);
    std::vector<Command> commands;
    for (const auto& job : jobs) {
        if (job.refused.empty()) {
            commands.push_back(command_of(job));
        }
    }
    const auto results = co_await run_side_by_side(tools.process, std::move(commands));
    std::vector<AssessedFile> files;
    auto next = results.begin();
    for (const auto& job : jobs) {
        const auto result = job.refused.empty() ? *next++ : CommandResult();
        files.push_back(rendered_file(job, result, *facts, tools));
    }
    co_return files;
}

}  // namespace deployctl::readiness

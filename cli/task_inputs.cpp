// SPDX-License-Identifier: Apache-2.0
#include "cli/task_inputs.hpp"

#include "documents/json.hpp"
#include "documents/yaml.hpp"
#include "model/environments.hpp"
#include "model/error.hpp"
#include "model/placeholders.hpp"
#include "ports/scripts.hpp"

#include <algorithm>

namespace deployctl::cli {

namespace {

constexpr std::size_t most_manifest_bytes = 1UL << 20U;

Value read_job(Files& files, const std::string& path) {
    const auto file = files.read(path, most_manifest_bytes);
    if (file.kind != FileAnswer::Kind::read) {
        throw Error(
            ExitCode::usage,
            "the Job of a hook, " + path + ", cannot be read: " + file.failure,
            "its path begins in the working folder"
        );
    }
    auto read = documents::read_objects(file.text, path);
    if (has_errors(read.diagnostics)) {
        throw ConfigError(std::move(read.diagnostics));
    }
    const bool is_one_job = read.objects.size() == 1 && read.objects.front().text("/kind") == "Job";
    if (!is_one_job || read.objects.front().text("/metadata/name").empty()) {
        throw Error(ExitCode::usage, path + " is not the manifest of one Job with a name");
    }
    return read.objects.front();
}

void read_jobs(
    Files& files,
    const std::vector<HookSettings>& hooks,
    const engine::PlanRequest& request,
    std::map<std::string, Value>& jobs
) {
    const Placeholders names{
        {"app", request.target.app},
        {"env", request.target.environment},
        {"namespace", request.target.kube_namespace},
        {"version", request.tag},
    };
    for (const auto& hook : hooks) {
        const bool is_here = holds_in(hook.environments, request.target.environment);
        if (!hook.job.empty() && is_here) {
            jobs[hook.job] = read_job(files, fill_in(hook.job, names));
        }
    }
}

}  // namespace

Task<engine::TaskInputs> read_task_inputs(Parts* parts, const engine::PlanRequest* request) {
    auto inputs = request->beside.tasks;  // with its stacks, which are planned first
    auto& files = parts->outside().files;
    const auto& hooks = request->configuration.hooks;
    for (const auto* list : {&hooks.pre_deploy, &hooks.post_verify, &hooks.on_rollback}) {
        read_jobs(files, *list, *request, inputs.jobs);
    }
    co_return inputs;
}

engine::PreflightResult freeze_hooks(Files& files, TasksByName& tasks) {
    engine::PreflightResult result;
    for (auto& [name, task] : tasks) {
        auto* program = std::get_if<ProgramWork>(&task.work);
        if (program == nullptr || !is_script(program->run.front())) {
            continue;
        }
        const auto script = read_script(files, program->run.front());
        if (script.kind == FileAnswer::Kind::read) {
            program->script_hash = documents::sha256_hex(script.text);
            continue;
        }
        result.refusals.push_back(
            "hook `" + name + "`: " + program->run.front() + " cannot be read: " + script.failure +
            "; its path begins in the working folder"
        );
    }
    return result;
}

}  // namespace deployctl::cli

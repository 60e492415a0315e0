// SPDX-License-Identifier: Apache-2.0
// An outside world in which nobody answers: what a simulated rollout has beyond its cluster, but
// for metrics and tasks, which tests script. One thread.
#pragma once

#include "ports/outside.hpp"
#include "simcluster/scripted_metrics.hpp"
#include "simcluster/scripted_tasks.hpp"

namespace deployctl::simcluster {

struct SilentHttp final : Http {
    Task<HttpAnswer> send(HttpRequest) override { co_return silence(); }

    Task<HttpAnswer> stream(HttpRequest, std::function<void(std::string)>) override {
        co_return silence();
    }

private:
    static HttpAnswer silence() {
        HttpAnswer answer;
        answer.kind = HttpAnswer::Kind::not_sent;
        answer.failure = "nobody listens in a simulation";
        return answer;
    }
};

struct SilentProcess final : Process {
    Task<CommandResult> run(Command) override {
        CommandResult result;
        result.end = CommandResult::End::not_started;
        result.error_output = "no programs run in a simulation";
        co_return result;
    }
};

struct SilentFiles final : Files {
    FileAnswer read(const std::string&, std::size_t) override {
        return {FileAnswer::Kind::missing, "", {}, nowhere};
    }

    Task<FoundFile> newest(std::string) override {
        co_return FoundFile{FoundFile::Kind::missing, "", 0, {}, nowhere};
    }

private:
    static constexpr const char* nowhere = "there are no files in a simulation";
};

struct SilentRegistry final : Registry {
    Task<TagAnswer> resolve(ImageRef) override {
        co_return TagAnswer{TagAnswer::Kind::unreachable, "", "no registry is in a simulation"};
    }
};

struct SilentAssessor final : Assessor {
    Task<AssessorAnswer> assess(AssessorQuestion) override {
        co_return AssessorAnswer{"", "there are no files in a simulation"};
    }
};

struct SilentOutside {
    ScriptedMetrics metrics;
    SilentHttp http;
    SilentProcess process;
    SilentFiles files;
    SilentRegistry registry;
    SilentAssessor assessor;
    ScriptedTasks tasks;

    Outside outside() { return {metrics, http, process, files, registry, assessor, tasks}; }
};

}  // namespace deployctl::simcluster

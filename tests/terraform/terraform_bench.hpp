// SPDX-License-Identifier: Apache-2.0
// A stack of the real Terraform in a folder of a test, as a task of a rollout. One thread.
#pragma once

#include "documents/json.hpp"
#include "plugins/system/host_runners.hpp"
#include "plugins/system/system_clock.hpp"
#include "plugins/terraform/root_module.hpp"
#include "plugins/terraform/stack_tasks.hpp"
#include "simcluster/run.hpp"
#include "tests/plugins/scratch_folder.hpp"

#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

namespace deployctl::tests {

class TerraformBench {
public:
    TerraformBench() { std::filesystem::create_directories(root()); }

    void write(const std::string& name, const std::string& text) const {
        std::ofstream(folder_.path() + "/" + name) << text;
    }

    std::string read(const std::string& name) const {
        std::ifstream file(folder_.path() + "/" + name);
        return {std::istreambuf_iterator<char>(file), {}};
    }

    std::string root() const { return folder_.path() + "/root"; }

    std::string path() const { return folder_.path(); }

    std::string notes() const { return folder_.path() + "/notes/infra/web/dev/data"; }

    /// What the stack has to do now, with no mark on it but the plan's own.
    plugins::terraform::PlannedChanges plan() const {
        plugins::SystemClock clock;
        plugins::HostRunners runners;
        plugins::terraform::StackFolder folder(notes());
        folder.take();
        plugins::terraform::StackOrder order;
        order.stack = "data";
        order.settings = settings();
        plugins::terraform::Stack stack(order, folder, {clock, runners});
        plugins::terraform::PlannedChanges planned;
        planned.halt = simcluster::run(stack.prepare());
        return planned.halt ? planned : simcluster::run(stack.plan());
    }

    StackSettings settings() const {
        StackSettings stack;
        stack.dir = root();
        stack.workspace = workspace;
        stack.timeout = timeout;
        return stack;
    }

    TaskOrder order(const std::vector<std::string>& agreed) const {
        StackWork work;
        work.stack = "data";
        work.settings = settings();
        work.configuration_hash = plugins::terraform::hash_of_module(root());
        work.changes = agreed;
        TaskOrder order;
        order.name = "apply-data";
        order.task.work = work;
        order.rollout = "rollout-1";
        order.target = {"web", "dev", "", ""};
        return order;
    }

    TaskReport run(const TaskOrder& order) const {
        plugins::SystemClock clock;
        plugins::HostRunners runners;
        plugins::StackTasks tasks(clock, runners, folder_.path() + "/notes");
        return simcluster::run(tasks.run(order));
    }

    Duration timeout = minutes(3);
    std::string workspace = "dev";

private:
    ScratchFolder folder_;
};

inline std::vector<std::string> lines(const plugins::terraform::PlannedChanges& planned) {
    return plugins::terraform::lines_of(planned.plan.changes);
}

}  // namespace deployctl::tests

// SPDX-License-Identifier: Apache-2.0
// A stack of a script in Terraform's place, as a task of a release: planned, applied once, and
// empty in the second plan, unless a test says otherwise. One thread.
#pragma once

#include "plugins/system/host_runners.hpp"
#include "plugins/system/system_clock.hpp"
#include "plugins/terraform/root_module.hpp"
#include "plugins/terraform/stack_tasks.hpp"
#include "simcluster/run.hpp"
#include "tests/plugins/fake_terraform.hpp"

#include <functional>
#include <string>
#include <vector>

namespace deployctl::tests {

using namespace plugins;
using namespace plugins::terraform;

inline std::string plan_of(const std::string& changes) {
    return R"({"format_version":"1.2","resource_changes":[)" + changes + "]}";
}

inline std::string change(const std::string& address, const std::string& action) {
    return R"({"address":")" + address +
           R"(","mode":"managed","type":"terraform_data","change":{"actions":[")" + action +
           R"("],"after":{"input":"x"}}})";
}

inline std::string stateful(const std::string& action) {
    return R"({"address":"aws_db_instance.main","mode":"managed","type":"aws_db_instance","change":{"actions":[")" +
           action + R"("],"after":{}}})";
}

inline std::string hook(const std::string& type, const std::string& address) {
    return R"({"type":")" + type + R"(","hook":{"resource":{"addr":")" + address +
           R"("},"action":"create"}})" + "\n";
}

inline std::string state(int serial, int resources, const std::string& lineage = "l-1") {
    std::string instances;
    for (int i = 0; i < resources; ++i) {
        instances += (i == 0 ? "" : ",") + std::string("{}");
    }
    return R"({"serial":)" + std::to_string(serial) + R"(,"lineage":")" + lineage +
           R"(","resources":[{"mode":"managed","instances":[)" + instances + "]}]}";
}

inline const std::string lock_diagnostic =
    R"({"type":"diagnostic","diagnostic":{"severity":"error","summary":"Error acquiring the state lock","detail":"held\nLock Info:\n  ID:        lock-7\n  Operation: OperationTypeApply\n  Who:       ada@laptop\n  Created:   today\n"}})"
    "\n";

/// The second plan is empty.
inline const std::string ends_well =
    "echo '" + plan_of("") + "' > $here/show.out; echo 0 > $here/plan.code\n";

/// A task of a release over one stack, as the engine gives it.
struct StackBench {
    StackBench() {
        tool.answers("plan", "", 2);
        tool.answers("show", plan_of(change("a.b", "create")));
        tool.answers("state-pull", state(3, 2));
        tool.answers(
            "output",
            R"({"url":{"sensitive":false,"value":"u"},"pw":{"sensitive":true,"value":"hunter2"}})"
        );
        tool.answers("apply", hook("apply_start", "a.b") + hook("apply_complete", "a.b"));
        tool.write("apply.sh", ends_well);
    }

    TaskOrder order() const {
        StackWork work;
        work.stack = "data";
        work.program = tool.program();
        work.settings.dir = tool.root();
        work.settings.timeout = timeout;
        work.configuration_hash = hash_of_module(tool.root());
        work.changes = agreed.empty()
                           ? lines_of(read_plan(plan_of(change("a.b", "create")))->changes)
                           : agreed;
        work.reverts = reverts;
        TaskOrder order;
        order.name = "apply-data";
        order.task.work = work;
        order.rollout = "rollout-1";
        order.target = {"web", "dev", "", ""};
        order.attempt.is_repeat = is_repeat;
        order.tell = tell;
        return order;
    }

    TaskReport report() {
        SystemClock clock;
        HostRunners runners;
        StackTasks tasks(clock, runners, tool.notes());
        return simcluster::run(tasks.run(order()));
    }

    std::string folder() const { return tool.notes() + "/infra/web/dev/data"; }

    /// As a runner left it that was killed in the middle of an apply.
    void was_cut_off(std::int64_t pid, const std::string& lock = "") {
        StackFolder notes(folder());
        StackRun before;
        before.owner = "rollout-1";
        before.dir = tool.root();
        before.changes = order().task.work.index() == 3
                             ? std::get<StackWork>(order().task.work).changes
                             : std::vector<std::string>{};
        before.process = child_of(HostRunners().self(), pid);
        before.lock_id = lock;
        notes.note(before);
    }

    /// As init leaves it where the lock of a state outlives its holder.
    void has_lasting_locks() const {
        StackFolder notes(folder());
        std::ofstream(folder() + "/data/terraform.tfstate") << R"({"backend":{"type":"http"}})";
    }

    /// Who asks while the apply runs is told so of its lock; then `asked` is there.
    void holds_lock(const std::string& operation, const std::string& created) const {
        const auto diagnostic =
            R"({"type":"diagnostic","diagnostic":{"severity":"error","summary":"Error acquiring the state lock","detail":"held\\nLock Info:\\n  ID:        lock-7\\n  Operation: )" +
            operation + "\\\\n  Who:       ada@" + HostRunners().self().host +
            R"(\\n  Created:   %s\\n"}}\n)";
        tool.write(
            "plan.sh",
            "case \"$*\" in *-refresh=false*) printf '" + diagnostic + "' \"$(" + created +
                ")\"; touch $here/asked; sleep 0.2; exit 1 ;; esac\n"
        );
    }

    /// Of the apply that was cut off.
    std::string noted_lock() const {
        const auto noted = StackFolder(folder()).run();
        return noted ? noted->lock_id : "no run";
    }

    bool has_called(const std::string& words) const {
        return tool.calls().find(words) != std::string::npos;
    }

    FakeTerraform tool;
    Duration timeout = minutes(2);
    std::vector<std::string> agreed;
    bool reverts = false;
    bool is_repeat = false;
    std::function<void(Value)> tell;
};

inline constexpr std::int64_t nobody = 999'999'999;

}  // namespace deployctl::tests

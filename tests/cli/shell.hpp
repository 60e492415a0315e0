// SPDX-License-Identifier: Apache-2.0
// A shell for tests of the command line: words in, exit code and both outputs out, on the simulated
// cluster in virtual time. Each call is a program of its own; journal and cluster stay. One thread.
#pragma once

#include "cli/parts.hpp"
#include "cli/session.hpp"
#include "simcluster/builders.hpp"
#include "simcluster/scripted_interrupts.hpp"
#include "simcluster/scripted_runners.hpp"
#include "simcluster/scripted_tasks.hpp"
#include "simcluster/serial_ids.hpp"
#include "simcluster/sim_cluster.hpp"
#include "simcluster/virtual_clock.hpp"
#include "state/mem_operations.hpp"
#include "state/mem_store.hpp"
#include "tests/fakes/fake_assessor.hpp"
#include "tests/fakes/fake_files.hpp"
#include "tests/fakes/fake_http.hpp"
#include "tests/fakes/fake_keys.hpp"
#include "tests/fakes/fake_metrics.hpp"
#include "tests/fakes/fake_process.hpp"
#include "tests/fakes/fake_registry.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace deployctl::tests {

using namespace simcluster;

class FakeParts final : public cli::Parts {
public:
    FakeParts();

    Clock& clock() override { return time; }

    Store& journal() override {
        if (journal_is_damaged) {
            throw Error(ExitCode::state_unreadable, "state.db: file is not a database");
        }
        return *entries;
    }

    Store& store() override { return *entries; }

    Operations& operations() override { return *deeds; }

    Registry& registry() override { return images; }

    Process& process() override { return programs; }

    Outside outside() override {
        return {measurements, web, programs, files, images, assessor, tasks};
    }

    Ids& ids() override { return numbers; }

    Runners& runners() override { return people; }

    Interrupts& interrupts() override { return signals; }

    Task<cli::ClusterChoice> settle(cli::ClusterChoice choice) override;
    Cluster& cluster(const cli::ClusterChoice& choice) override;
    Task<HttpAnswer> ask_server(cli::ClusterChoice choice, std::string path) override;
    void drive(Task<> task) override;

    /// Another namespace, or that of another context, as a cluster of its own.
    SimCluster& world_in(const std::string& kube_namespace);

    /// The state file is gone.
    void lose_journal();
    /// A rollout of before, that has ended well.
    void has_promoted(const std::string& app, const std::string& env, const std::string& tag);

    VirtualClock time;
    SimCluster world;
    std::unique_ptr<state::MemStore> entries;
    std::unique_ptr<state::MemOperations> deeds;
    FakeRegistry images;
    FakeMetrics measurements;
    FakeHttp web;
    FakeFiles files;
    FakeProcess programs;
    FakeAssessor assessor;
    ScriptedTasks tasks;
    SerialIds numbers;
    ScriptedRunners people;
    std::map<std::string, std::unique_ptr<SimCluster>> others;  ///< by namespace
    ScriptedInterrupts signals;
    FakeKeyboard keyboard;
    cli::ClusterChoice last_choice;
    bool server_is_away = false;
    bool journal_is_damaged = false;  ///< for who only reads
};

struct Answer {
    int exit = 0;
    std::string out;
    std::string err;
};

class Shell {
public:
    Shell();

    /// Words are split at blanks; "'two words'" stay together.
    Answer run(const std::string& line);
    /// The same, with somebody at the terminal who types this.
    Answer run_with_input(const std::string& line, const std::string& input);

    FakeParts parts;
    std::map<std::string, std::string> environment;
    bool has_terminal = false;
    int columns = 100;
};

/// The line of a rollout on the stage of the shell: Deployment web of 4 pods, v1,
/// registry/shop/web.
inline const std::string on_web = " --workload deploy/web -n shop --image registry/shop/web";

/// A folder of its own for one test, removed with everything in it.
class Folder {
public:
    Folder();
    ~Folder();
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;

    std::string write(const std::string& name, const std::string& text) const;
    std::string read(const std::string& name) const;

    std::string path(const std::string& name) const { return path_ + "/" + name; }

private:
    std::string path_;
};

}  // namespace deployctl::tests

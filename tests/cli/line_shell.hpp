// SPDX-License-Identifier: Apache-2.0
// The shell of tests/cli/shell.hpp on several simulated clusters, one for each namespace, in one
// virtual time, with one journal and a registry that is also asked by digest. One thread.
#pragma once

#include "tests/cli/shell.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace deployctl::tests {

/// Knows the tags of the other one, and the digests that they stand for, or stood for.
class RegistryByDigest final : public Registry {
public:
    explicit RegistryByDigest(Registry& tags) : tags_(tags) {}

    Task<TagAnswer> resolve(ImageRef image) override;

    void keeps(const std::string& digest) { kept_.push_back(digest); }

    void forgets(const std::string& digest) { std::erase(kept_, digest); }

private:
    Registry& tags_;
    std::vector<std::string> kept_;
};

/// Dies as a program does that is killed: at its n-th write, before it or after it, once.
class DyingOperations final : public Operations {
public:
    enum class Side { before, after };

    explicit DyingOperations(Operations& kept) : kept_(kept) {}

    void die_at(int write, Side side) {
        left_ = write;
        side_ = side;
    }

    /// Whether it came to that.
    bool has_died() const { return has_died_; }

    Task<BeginOperation> begin_operation(Operation operation) override;
    Task<bool> note_operation(std::string id, Runner runner, OperationEvent event) override;
    Task<bool> end_operation(Operation operation) override;
    Task<bool> take_operation(std::string id, Runner was, Runner runner) override;
    Task<std::optional<Operation>> find_operation(std::string reference) override;
    Task<std::vector<Operation>> operations(OperationFilter filter) override;
    Task<std::vector<OperationEvent>> operation_events(std::string id) override;

private:
    template <class T>
    Task<T> written(Task<T> write);

    Operations& kept_;
    int left_ = 0;
    Side side_{};
    bool has_died_ = false;
};

class LineParts final : public cli::Parts {
public:
    Clock& clock() override { return base.clock(); }

    Store& journal() override { return base.journal(); }

    Store& store() override { return base.store(); }

    Operations& operations() override { return deeds; }

    Registry& registry() override { return images; }

    Process& process() override { return base.process(); }

    Outside outside() override;

    Ids& ids() override { return base.ids(); }

    Runners& runners() override { return base.runners(); }

    Interrupts& interrupts() override { return base.interrupts(); }

    Task<cli::ClusterChoice> settle(cli::ClusterChoice choice) override;
    Cluster& cluster(const cli::ClusterChoice& choice) override;
    Task<HttpAnswer> ask_server(cli::ClusterChoice choice, std::string path) override;

    void drive(Task<> task) override { base.drive(std::move(task)); }

    /// That namespace as a cluster of its own, made when it is first asked for.
    SimCluster& world_in(const std::string& kube_namespace);

    FakeParts base;
    RegistryByDigest images{base.images};
    DyingOperations deeds{*base.deeds};

private:
    std::map<std::string, std::unique_ptr<SimCluster>> worlds_;
};

/// A program of its own for each line, with a deploy.yaml in a folder of its own.
class LineShell {
public:
    explicit LineShell(const std::string& yaml);

    Answer run(const std::string& line);
    /// The image of a workload there.
    std::string image_in(const std::string& kube_namespace, const std::string& workload = "web");
    /// Its rollouts are held then, and nobody is alive who ran them.
    void lose_runner_in(Duration time);

    LineParts parts;
    Folder folder;
    std::string file;
};

}  // namespace deployctl::tests

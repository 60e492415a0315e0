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

class LineParts final : public cli::Parts {
public:
    Clock& clock() override { return base.clock(); }

    Store& journal() override { return base.journal(); }

    Store& store() override { return base.store(); }

    Operations& operations() override { return base.operations(); }

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

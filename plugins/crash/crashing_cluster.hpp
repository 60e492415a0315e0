// SPDX-License-Identifier: Apache-2.0
// A cluster whose writes pass crash points: before each is sent, and after its answer has come. A
// read changes nothing, so to die around it is to die after what came before: it passes none. Holds
// references; engine's thread.
#pragma once

#include "plugins/crash/crash_points.hpp"
#include "ports/cluster.hpp"

#include <optional>
#include <string>
#include <vector>

namespace deployctl::plugins {

class CrashingCluster final : public Cluster {
public:
    CrashingCluster(Cluster& inner, CrashPoints& points) : inner_(inner), points_(points) {}

    Task<ClusterIdentity> identify() override;
    Task<std::optional<Value>> get(ObjectRef ref) override;
    Task<ListPage> list(ListQuery query) override;
    Task<WriteReply> patch(ObjectRef ref, JsonPatch changes) override;
    Task<WriteReply> rehearse(ObjectRef ref, JsonPatch changes) override;
    Task<WriteReply> create(ObjectRef ref, Value object) override;
    Task<WriteReply> remove(ObjectRef ref, std::string uid, std::string resource_version) override;
    Task<World> look() override;
    Task<> wait_for_change(Duration at_most) override;
    Task<std::vector<std::string>> log(LogQuery query) override;
    Task<std::vector<PodAnswer>> ask_pods(std::vector<PodRequest> requests) override;
    Task<std::vector<Permission>> missing_permissions(std::vector<Permission> wanted) override;

private:
    Task<WriteReply> between(std::string point, Task<WriteReply> write);

    Cluster& inner_;
    CrashPoints& points_;
};

}  // namespace deployctl::plugins

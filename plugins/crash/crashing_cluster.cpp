// SPDX-License-Identifier: Apache-2.0
#include "plugins/crash/crashing_cluster.hpp"

#include <utility>

namespace deployctl::plugins {

namespace {

std::string point_of(const char* verb, const ObjectRef& ref) {
    return std::string(verb) + "/" + info(ref.kind).name;
}

}  // namespace

/// The write does not begin before it is awaited.
Task<WriteReply> CrashingCluster::between(std::string point, Task<WriteReply> write) {
    points_.pass(point + "/before");
    auto reply = co_await std::move(write);
    points_.pass(point + "/after");
    co_return reply;
}

Task<WriteReply> CrashingCluster::patch(ObjectRef ref, JsonPatch changes) {
    const auto point = point_of("patch", ref);
    return between(point, inner_.patch(std::move(ref), std::move(changes)));
}

Task<WriteReply> CrashingCluster::create(ObjectRef ref, Value object) {
    const auto point = point_of("create", ref);
    return between(point, inner_.create(std::move(ref), std::move(object)));
}

Task<WriteReply> CrashingCluster::remove(
    ObjectRef ref, std::string uid, std::string resource_version
) {
    const auto point = point_of("remove", ref);
    return between(
        point, inner_.remove(std::move(ref), std::move(uid), std::move(resource_version))
    );
}

Task<WriteReply> CrashingCluster::rehearse(ObjectRef ref, JsonPatch changes) {
    return inner_.rehearse(std::move(ref), std::move(changes));
}

Task<ClusterIdentity> CrashingCluster::identify() {
    return inner_.identify();
}

Task<std::optional<Value>> CrashingCluster::get(ObjectRef ref) {
    return inner_.get(std::move(ref));
}

Task<ListPage> CrashingCluster::list(ListQuery query) {
    return inner_.list(std::move(query));
}

Task<World> CrashingCluster::look() {
    return inner_.look();
}

Task<> CrashingCluster::wait_for_change(Duration at_most) {
    return inner_.wait_for_change(at_most);
}

Task<std::vector<std::string>> CrashingCluster::log(LogQuery query) {
    return inner_.log(std::move(query));
}

Task<std::vector<PodAnswer>> CrashingCluster::ask_pods(std::vector<PodRequest> requests) {
    return inner_.ask_pods(std::move(requests));
}

Task<std::vector<Permission>> CrashingCluster::missing_permissions(std::vector<Permission> wanted) {
    return inner_.missing_permissions(std::move(wanted));
}

}  // namespace deployctl::plugins

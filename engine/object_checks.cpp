// SPDX-License-Identifier: Apache-2.0
#include "engine/object_checks.hpp"

#include "engine/planned_objects.hpp"

namespace deployctl::engine {

namespace {

Permission may(const char* verb, const ObjectRef& ref) {
    if (ref.kind != Kind::other) {
        return {verb, info(ref.kind).group, info(ref.kind).plural};
    }
    const auto slash = ref.other.api_version.find('/');
    const auto group =
        slash == std::string::npos ? std::string() : ref.other.api_version.substr(0, slash);
    return {verb, group, ref.other.plural};
}

}  // namespace

std::vector<Permission> permissions_for_objects(const Plan& plan) {
    std::vector<Permission> wanted;
    for (const auto& object : written_objects(plan)) {
        const bool is_new = original_of(plan, object.ref).is_null();
        const bool is_removed = object.said.is_null();
        wanted.push_back(may("get", object.ref));
        wanted.push_back(may("patch", object.ref));
        if (is_new || is_removed) {  // either way back does the other's work
            wanted.push_back(may("create", object.ref));
            wanted.push_back(may("delete", object.ref));
        }
    }
    return wanted;
}

Task<std::vector<std::string>> misfit_objects(Cluster& cluster, Plan plan, Version version) {
    std::vector<std::string> problems;
    const auto objects = written_objects(plan);
    const auto side = version == Version::next ? Side::after : Side::before;
    for (const auto& object : objects) {
        const auto live = co_await cluster.get(object.ref);
        const bool is_wanted = version == Version::next ? !object.said.is_null()
                                                        : !original_of(plan, object.ref).is_null();
        if (object.said.is_null() && version == Version::next) {
            continue;  // it goes after this
        }
        if (is_wanted && !live) {
            problems.push_back(to_text(object.ref) + " is not there");
        } else if (is_wanted && !is_at(*live, changes_of(plan, object), side)) {
            problems.push_back(
                to_text(object.ref) + " is not as the " + to_text(version) + " version has it"
            );
        }
    }
    co_return problems;
}

}  // namespace deployctl::engine

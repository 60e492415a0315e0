// SPDX-License-Identifier: Apache-2.0
#include "simulation/rehearsed_version.hpp"

#include "documents/json.hpp"
#include "model/image.hpp"

#include <algorithm>

namespace deployctl::simulation {

namespace {

/// "$.build.version" to the body that says it there.
std::string body_saying(const VersionProbe& probe, const std::string& version) {
    auto pointer = probe.jsonpath.substr(std::min<std::size_t>(1, probe.jsonpath.size()));
    std::ranges::replace(pointer, '.', '/');
    auto body = Value::map();
    body.set(pointer, version);
    return documents::write_json(body);
}

}  // namespace

std::string name_of(const Plan& plan) {
    return version_text(read_image(plan.release.image));
}

simcluster::Behaviour good_version(
    const Plan& plan, const std::string& version, Duration ready_after
) {
    auto behaviour = simcluster::good().ready_in(ready_after);
    behaviour.paths["*"] = {};
    for (const auto& [name, gate] : plan.gates) {
        if (const auto* http = std::get_if<HttpQuestion>(&gate.question)) {
            behaviour.paths[http->path].status = http->expect_status;
        }
    }
    if (plan.version_probe) {
        behaviour.paths[plan.version_probe->path].body = body_saying(*plan.version_probe, version);
    }
    return behaviour;
}

simcluster::Behaviour good_version(const Plan& plan, Duration ready_after) {
    return good_version(plan, name_of(plan), ready_after);
}

simcluster::Behaviour bad_version(const Plan& plan, const Trouble& trouble, Duration ready_after) {
    auto behaviour = good_version(plan, ready_after);
    switch (trouble.kind) {
        case TroubleKind::pod_crash:
            behaviour.crash = simcluster::Crash{};
            behaviour.last_words = {"(rehearsed) the process exits"};
            break;
        case TroubleKind::out_of_memory: behaviour.crash = simcluster::out_of_memory().crash; break;
        case TroubleKind::pod_unready:
            behaviour.ready_after.reset();
            behaviour.trouble = simcluster::never_ready().trouble;
            break;
        case TroubleKind::image_missing:
            behaviour.start = simcluster::Behaviour::Start::image_missing;
            break;
        case TroubleKind::slow_start: behaviour.ready_after = trouble.length; break;
        default:
            for (auto& [path, answer] : behaviour.paths) {
                answer.error_share = trouble.share;
            }
    }
    return behaviour;
}

}  // namespace deployctl::simulation

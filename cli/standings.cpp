// SPDX-License-Identifier: Apache-2.0
#include "cli/standings.hpp"

#include "engine/release.hpp"
#include "gates/standing.hpp"
#include "model/image.hpp"
#include "model/kubernetes/world.hpp"
#include "promotion/waves.hpp"

#include <algorithm>
#include <set>

namespace deployctl::cli {

namespace {

using promotion::Stand;

/// Of the ready pods that run the image, as their node has pulled it.
std::string running_digest(
    const World& world, const Workload& workload, const std::string& container
) {
    for (const auto* pod : all_pods_of(world, workload)) {
        if (!pod->ready || pod->is_leaving()) {
            continue;
        }
        for (const auto& status : pod->containers) {
            const auto digest = read_image(status.image_id).digest;
            if ((container.empty() || status.name == container) && !digest.empty()) {
                return digest;
            }
        }
    }
    return "";
}

/// What runs, and how whole it is.
struct Seen {
    Stand stand;
    int wanted = 0;
    int ready = 0;
};

Task<Seen> look_at(Parts* parts, ClusterChoice choice, WorkloadSettings settings) {
    const auto settled = co_await parts->settle(choice);
    const auto world = co_await parts->cluster(settled).look();
    const auto* workload = find_workload(world, settings.name);
    Seen seen;
    auto& stand = seen.stand;
    if (workload == nullptr) {
        stand.trouble = "there is no " + settings.kind + " " + settings.name + " in namespace " +
                        settled.kube_namespace + " of context " + settled.context;
        co_return seen;
    }
    seen.wanted = workload->replicas;
    seen.ready = workload->ready;
    const auto& pod_template = workload->body.at("/spec/template");
    const auto named = engine::container_pointer(pod_template, settings.container);
    const auto place = named.empty() ? std::string("/spec/containers/0") : named;
    const auto image = read_image(pod_template.text(place + "/image"));
    const auto container = pod_template.text(place + "/name");
    stand.version = version_text(image);
    stand.digest =
        image.digest.empty() ? running_digest(world, *workload, container) : image.digest;
    co_return seen;
}

Seen see(Session& session, const Configuration& configuration, const promotion::Place& place) {
    const ClusterChoice choice{place.context, place.kube_namespace};
    auto& parts = session.parts;
    return wait_for_beginning(parts, look_at(&parts, choice, configuration.app.workload));
}

void add_places(
    std::vector<promotion::Place>& places,
    const Configuration& configuration,
    const std::string& name
) {
    const auto found = configuration.environments.find(name);
    if (found == configuration.environments.end()) {
        return;
    }
    for (const auto& place : promotion::places_of(found->second)) {
        if (std::ranges::find(places, place) == places.end()) {
            places.push_back(place);
        }
    }
}

Task<TagAnswer> resolve(Registry* registry, ImageRef image) {
    auto answer = co_await registry->resolve(image);
    co_return answer;
}

}  // namespace

bool was_in(const RolloutRecord& rollout, const promotion::Place& place) {
    const bool same_context = place.context.empty() || rollout.context == place.context;
    const bool same_namespace =
        place.kube_namespace.empty() || rollout.target.kube_namespace == place.kube_namespace;
    return same_context && same_namespace;
}

std::vector<RolloutRecord> rollouts_in(
    Session& session, const std::string& app, const promotion::Place& place
) {
    const auto filter = gates::newest_of(app, place.environment);
    auto rollouts = wait_for(session.parts, session.parts.journal().list(filter));
    std::erase_if(rollouts, [&place](const RolloutRecord& one) { return !was_in(one, place); });
    return rollouts;
}

Stand find_stand(
    Session& session, const Configuration& configuration, const promotion::Place& place
) {
    auto& parts = session.parts;
    const auto rollouts = rollouts_in(session, configuration.app.name, place);
    const auto standing = gates::standing_in(rollouts, parts.clock().now());
    Stand stand;
    if (standing.promoted) {
        stand.version = standing.promoted->next_version;
        stand.digest = standing.promoted->digest;
        stand.since = standing.since;
    }
    if (stand.digest.empty()) {  // else the journal knows all of it
        const auto seen = see(session, configuration, place).stand;
        const bool is_same = stand.version == seen.version;
        const auto since = is_same ? stand.since : std::nullopt;
        stand = seen;
        stand.since = since;
    }
    if (standing.under_way) {
        stand.under_way = gates::named(*standing.under_way);
    }
    return stand;
}

std::string find_illness(
    Session& session,
    const Configuration& configuration,
    const promotion::Place& place,
    const promotion::Wanted& wanted
) {
    const auto seen = see(session, configuration, place);
    const auto name = name_of(place);
    if (!seen.stand.trouble.empty()) {
        return name + ": " + seen.stand.trouble;
    }
    if (!is_there(seen.stand, wanted)) {
        return name + " runs " + told(seen.stand) + " by now";
    }
    return seen.ready >= seen.wanted ? ""
                                     : "in " + name + " " + std::to_string(seen.ready) + " of " +
                                           std::to_string(seen.wanted) + " pods are ready";
}

promotion::Facts find_facts(
    Session& session,
    const Configuration& configuration,
    const std::vector<promotion::Place>& places
) {
    promotion::Facts facts;
    facts.now = session.parts.clock().now();
    for (const auto& place : places) {
        facts.stands[name_of(place)] = find_stand(session, configuration, place);
    }
    return facts;
}

std::vector<promotion::Place> places_that_matter(
    const Configuration& configuration, const promotion::Request& request
) {
    const auto& order = configuration.promotion.order;
    const auto& last = request.to.empty() ? request.through : request.to;
    const auto found = std::ranges::find(order, last);
    const auto end = found == order.end() ? found : found + 1;
    const auto from = std::find(order.begin(), end, request.from);
    auto begin = from == end ? order.begin() : from;
    if (!request.to.empty() && found != order.end() && request.from.empty() &&
        request.version.empty() && found != order.begin()) {
        begin = found - 1;  // the one before it is the source
    }
    std::vector<promotion::Place> places;
    for (auto name = begin; name != end; ++name) {
        add_places(places, configuration, *name);
        for (const auto& required : promotion::required_by(configuration, *name)) {
            add_places(places, configuration, required);
        }
    }
    return places;
}

Registered ask_registry(
    Session& session, const AppSettings& app, const std::string& tag, const std::string& digest
) {
    if (app.digest == DigestPolicy::off) {
        return {};
    }
    auto& parts = session.parts;
    const ImageRef by_tag{app.image, tag, ""};
    if (!tag.empty() && !digest.empty() &&
        wait_for(parts, resolve(&parts.registry(), by_tag)).digest == digest) {
        return {digest, ""};
    }
    const ImageRef image{app.image, digest.empty() ? tag : "", digest};
    const auto answer = wait_for(parts, resolve(&parts.registry(), image));
    const auto what = digest.empty() ? app.image + ":" + tag : app.image + "@" + digest;
    switch (answer.kind) {
        case TagAnswer::Kind::found: return {answer.digest, ""};
        case TagAnswer::Kind::no_such_tag: return {"", "the registry has no " + what};
        case TagAnswer::Kind::unreachable: break;
    }
    return {"", "the registry does not say whether it has " + what + ": " + answer.message};
}

}  // namespace deployctl::cli

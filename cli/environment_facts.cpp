// SPDX-License-Identifier: Apache-2.0
#include "cli/environment_facts.hpp"

#include "cli/elsewhere.hpp"
#include "cli/environment_locking.hpp"
#include "cli/environment_standing.hpp"
#include "cli/output/settings_json.hpp"
#include "documents/json.hpp"

namespace deployctl::cli {

namespace {

Value text_or_null(const std::string& text) {
    return text.empty() ? Value() : Value(text);
}

/// As this journal knows it: whoever uses another one may have locked or unlocked it since.
std::string locked_by_journal(
    Session& session, const std::string& app, const std::string& environment
) {
    OperationFilter filter;
    filter.kind = "env.";
    filter.app = app;
    filter.environment = environment;
    filter.at_most = 1;
    const auto found = wait_for(session.parts, session.parts.operations().operations(filter));
    return found.empty() || found.front().kind != std::string_view("env.lock")
               ? ""
               : found.front().by + ": " + found.front().reason;
}

void add_standing(
    Session& session,
    const Configuration& configuration,
    const Environment& environment,
    Value& facts
) {
    const auto now = session.parts.clock().now();
    const auto& app = configuration.app.name;
    const auto own = promoted_in(session, configuration, environment.name);
    const auto leader = leader_of(configuration, environment);
    const auto place = place_in_order(configuration, environment.name);
    facts.set("/order", place == 0 ? Value() : Value(place));
    facts.set("/version", own.empty() ? Value() : Value(own.front().next_version));
    facts.set("/digest", own.empty() ? Value() : text_or_null(own.front().digest));
    facts.set("/rollout", own.empty() ? Value() : Value(own.front().number));
    const auto since = own.empty() ? now : own.front().ended.value_or(own.front().started);
    facts.set("/since", own.empty() ? Value() : Value(to_rfc3339(since)));
    facts.set("/age", own.empty() ? Value() : Value(to_short_text(now - since)));
    const auto lag =
        leader.empty() ? Lag() : lag_of(own, promoted_in(session, configuration, leader), now);
    facts.set("/behind", to_text(lag, leader));
    const bool is_late =
        environment.max_lag && lag.kind == Lag::Kind::behind && lag.since > *environment.max_lag;
    facts.set("/too_far_behind", is_late);
    const auto late = is_late ? environment.name + " is " + to_text(lag, leader) + ", at most " +
                                    deployctl::to_text(*environment.max_lag) + " (max_lag)"
                              : "";
    facts.set("/warning", text_or_null(late));
    facts.set("/locked", text_or_null(locked_by_journal(session, app, environment.name)));
}

Task<World> look(Cluster* cluster) {
    auto world = co_await cluster->look();
    co_return world;
}

/// The container's image, and a hash of all else in the template.
void add_template(const Configuration& configuration, const Workload& workload, Value& facts) {
    auto pod_template = workload.body.at("/spec/template");
    const auto& wanted = configuration.app.workload.container;
    const auto count = pod_template.items("/spec/containers").size();
    for (std::size_t at = 0; at < count; ++at) {
        const auto place = "/spec/containers/" + std::to_string(at);
        const auto name = pod_template.text(place + "/name");
        if (count == 1 || name == wanted || (wanted.empty() && name == workload.meta.name)) {
            facts.set("/image", pod_template.text(place + "/image"));
            pod_template.set(place + "/image", "");
        }
    }
    facts.set(
        "/config_hash", documents::sha256_hex(documents::write_json(pod_template)).substr(0, 12)
    );
}

void add_live(
    Session& session,
    const Configuration& configuration,
    const Environment& environment,
    Value& facts
) {
    Elsewhere elsewhere(session, environment.name);
    const auto place = locate(elsewhere.session()).cluster;
    auto& parts = session.parts;
    const auto lock = find_lock(parts, place);
    facts.set("/locked", lock ? Value(lock->by + ": " + lock->reason) : Value());
    const auto world = wait_for(parts, look(&parts.cluster(place)));
    const auto* workload = find_workload(world, configuration.app.workload.name);
    if (workload != nullptr) {
        facts.set(
            "/pods", std::to_string(workload->ready) + "/" + std::to_string(workload->replicas)
        );
        add_template(configuration, *workload, facts);
    }
}

}  // namespace

Value facts_of(
    Session& session,
    const Configuration& configuration,
    const Environment& environment,
    FactSource source
) {
    auto facts = to_value(environment, configuration);
    add_standing(session, configuration, environment, facts);
    if (source == FactSource::journal) {
        return facts;
    }
    for (const auto* key : {"/image", "/pods", "/config_hash", "/trouble"}) {
        facts.set(std::string(key), Value());
    }
    try {
        add_live(session, configuration, environment, facts);
    } catch (const Error& error) {
        // One environment out of reach hides nothing of the others.
        facts.set("/trouble", std::string(error.what()));
    }
    return facts;
}

}  // namespace deployctl::cli

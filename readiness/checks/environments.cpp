// SPDX-License-Identifier: Apache-2.0
#include "readiness/checks/environments.hpp"

#include "readiness/checks/commands.hpp"
#include "readiness/inputs/environment_names.hpp"
#include "readiness/inputs/environments.hpp"
#include "readiness/kustomize.hpp"
#include "readiness/patterns.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace deployctl::readiness {

namespace {

using documents::Node;

bool has_role(const Facts& facts, std::string_view role) {
    return std::ranges::any_of(facts.of("environment"), [&](const Subject* one) {
        return one->node->text_at("role") == role;
    });
}

bool is_production(const Subject& environment) {
    return environment.node->text_at("role") == "production";
}

bool delivers_anything(const Facts& facts) {
    return !facts.of("deploy-commands").empty() || !facts.of("workload").empty() ||
           !facts.of("tf:directory").empty() || !facts.of("deploy-config").empty();
}

std::optional<Answer> environments_told_apart(const Subject& /*repository*/, const Facts& facts) {
    if (!delivers_anything(facts)) {
        return std::nullopt;
    }
    const auto count = facts.of("environment").size();
    return count >= 2 ? holds(std::to_string(count) + " environments")
                      : fails(
                            count == 0 ? "no environment is told apart"
                                       : "only " + facts.of("environment")[0]->name + " is here"
                        );
}

std::optional<Answer> production_is_there(const Subject& /*repository*/, const Facts& facts) {
    if (facts.of("environment").empty()) {
        return std::nullopt;
    }
    return has_role(facts, "production") ? holds() : fails("no environment is production");
}

std::optional<Answer> staging_is_there(const Subject& /*repository*/, const Facts& facts) {
    if (!has_role(facts, "production")) {
        return std::nullopt;
    }
    return has_role(facts, "staging") || has_role(facts, "test")
               ? holds()
               : fails("nothing lies between development and production");
}

/// The context that deploy.yaml gives an environment; empty where it gives none.
std::string_view context_of(const Subject& environment, const Facts& facts) {
    for (const auto* config : facts.of("deploy-config")) {
        for (const auto& [name, spot, value] : config->node->at("environments").entries) {
            if (environment_name(name) == environment.name) {
                return value.text_at("context");
            }
        }
    }
    return {};
}

std::optional<Answer> own_namespace(const Subject& environment, const Facts& facts) {
    const auto& own = environment.node->at("namespaces").items;
    if (own.empty()) {
        return std::nullopt;
    }
    const auto context = context_of(environment, facts);
    for (const auto* other : facts.of("environment")) {
        const auto others_context = context_of(*other, facts);
        const bool is_elsewhere =
            !context.empty() && !others_context.empty() && context != others_context;
        if (other == &environment || is_elsewhere) {
            continue;
        }
        std::set<std::string_view> theirs;
        for (const auto& one : other->node->at("namespaces").items) {
            theirs.insert(one.text);
        }
        for (const auto& one : own) {
            if (theirs.contains(one.text)) {
                return fails_at(
                    one, "namespace " + std::string(one.text) + " is that of " + other->name
                );
            }
        }
    }
    return holds();
}

std::optional<Answer> own_settings(const Subject& environment, const Facts& /*facts*/) {
    static constexpr std::array<std::string_view, 4> kinds = {
        "ConfigMap", "Secret", "ExternalSecret", "SealedSecret"
    };
    static const RE2 settings(
        R"((\.env|\.tfvars)|(^|/)(values|config|settings)[^/]*\.ya?ml$|kustomization\.ya?ml$)"
    );
    if (environment.node->at("workloads").items.empty()) {
        return std::nullopt;
    }
    const bool has_objects = std::ranges::any_of(kinds, [&](std::string_view kind) {
        return environment.node->at("objects").find(kind) != nullptr;
    });
    const auto& files = environment.node->at("files").items;
    const bool has_files =
        std::ranges::any_of(files, [](const Node& file) { return is_found(settings, file.text); });
    return has_objects || has_files ? holds() : fails("no ConfigMap, Secret or file of settings");
}

std::optional<Answer> production_has_budgets(const Subject& environment, const Facts& /*facts*/) {
    const auto& workloads = environment.node->at("workloads").items;
    const bool serves = std::ranges::any_of(workloads, [](const Node& one) {
        const auto id = one.text_at("id");
        return id.starts_with("Deployment/") || id.starts_with("StatefulSet/");
    });
    if (!is_production(environment) || !serves) {
        return std::nullopt;
    }
    return environment.node->at("objects").find("PodDisruptionBudget") != nullptr
               ? holds()
               : fails("no PodDisruptionBudget is in production");
}

std::optional<Answer> overlays_share_a_base(const Subject& /*repository*/, const Facts& facts) {
    const auto all = read_kustomizations(facts.files());
    std::map<std::string, std::set<std::string>> uses;
    for (const auto& [folder, kustomization] : all) {
        const auto environment = environment_of_path(folder + "/kustomization.yaml");
        if (environment.empty()) {
            continue;
        }
        auto& own = uses[folder];
        for (const auto& use : kustomization.uses) {
            if (environment_of_path(use + "/kustomization.yaml").empty() && all.contains(use)) {
                own.insert(use);
            }
        }
    }
    if (uses.size() < 2) {
        return std::nullopt;
    }
    for (const auto& [folder, own] : uses) {
        const bool shares = std::ranges::any_of(uses, [&](const auto& other) {
            return other.first != folder && std::ranges::any_of(own, [&](const auto& base) {
                       return other.second.contains(base);
                   });
        });
        if (!shares) {
            return fails(folder + " shares no base with another overlay");
        }
    }
    return holds();
}

/// What leads to a database or a cache that is somewhere else: a name with a dot in it.
std::optional<std::string> address_in(std::string_view key, std::string_view value) {
    static const RE2 keys(
        R"((?i)(DATABASE|DB|POSTGRES|PG|MYSQL|MONGO|REDIS|CACHE)\w*(URL|URI|HOST|DSN|ADDR)|^PGHOST$)"
    );
    static const RE2 host(R"re((?:@|//|^)([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)(?::\d+)?(/[\w-]+)?)re"
    );
    if (!is_found(keys, key)) {
        return std::nullopt;
    }
    std::string name;
    std::string database;
    const re2::StringPiece text(value.data(), value.size());
    if (!RE2::PartialMatch(text, host, &name, &database)) {
        return std::nullopt;
    }
    return name + database;
}

struct Address {
    std::string environment;
    std::string where;
};

void find_addresses(const Facts& facts, std::multimap<std::string, Address>& addresses) {
    for (const auto* file : facts.of("env-file")) {
        const auto environment = environment_of(*file);
        for (const auto& line : file->node->at("lines").items) {
            const auto equals = line.text.find('=');
            const auto address =
                equals == line.text.npos || environment.empty()
                    ? std::nullopt
                    : address_in(line.text.substr(0, equals), line.text.substr(equals + 1));
            if (address) {
                addresses.insert({*address, {environment, place_text(*file, line)}});
            }
        }
    }
    for (const auto* object : facts.of("ConfigMap")) {
        const auto environment = environment_of(*object);
        for (const auto& [key, spot, value] : object->node->at("data").entries) {
            const auto address = environment.empty() ? std::nullopt : address_in(key, value.text);
            if (address) {
                addresses.insert({*address, {environment, place_text(*object, value)}});
            }
        }
    }
}

std::optional<Answer> own_databases(const Subject& /*repository*/, const Facts& facts) {
    std::multimap<std::string, Address> addresses;
    find_addresses(facts, addresses);
    std::set<std::string> environments;
    const std::pair<const std::string, Address>* before = nullptr;
    for (const auto& one : addresses) {
        environments.insert(one.second.environment);
        const bool is_shared = before != nullptr && before->first == one.first &&
                               before->second.environment != one.second.environment;
        if (is_shared) {
            return fails(
                before->second.where + " and " + one.second.where + " lead to the same " + one.first
            );
        }
        before = &one;
    }
    return environments.size() < 2 ? std::nullopt : std::optional(holds());
}

/// Settings that are for the one who develops.
std::optional<std::string> debugging(std::string_view key, std::string_view value) {
    static const RE2 line(
        R"((?i)^((\w+_)?DEBUG=(true|1|yes|on)|(\w*LOG_?LEVEL)=(debug|trace)|(NODE_ENV|FLASK_ENV|RAILS_ENV|APP_ENV|GO_ENV)=(dev|development|test))$)"
    );
    const auto text = std::string(key) + "=" + std::string(value);
    return is_found(line, text) ? std::optional(text) : std::nullopt;
}

std::optional<Answer> debug_is_off(const Subject& subject, const Facts& /*facts*/) {
    if (environment_role(environment_of(subject)) != EnvironmentRole::production) {
        return std::nullopt;
    }
    for (const auto& [key, spot, value] : subject.node->at("data").entries) {
        if (const auto found = debugging(key, value.text)) {
            return fails_at(value, *found);
        }
    }
    for (const auto& one : subject.node->at("env").items) {
        if (const auto found = debugging(one.text_at("name"), one.text_at("value"))) {
            return fails_at(one, *found);
        }
    }
    for (const auto& line : subject.node->at("lines").items) {
        const auto equals = line.text.find('=');
        const auto found =
            equals == line.text.npos
                ? std::nullopt
                : debugging(line.text.substr(0, equals), line.text.substr(equals + 1));
        if (found) {
            return fails_at(line, *found);
        }
    }
    return holds();
}

EnvironmentRole role_of_job(const Subject& job) {
    return environment_role(job.node->text_at("environment", job.node->text_at("environment/name"))
    );
}

/// Of one pipeline; of more jobs than anybody has, the first.
std::span<const Subject* const> jobs_beside(const Subject& job, const Facts& facts) {
    constexpr std::size_t most = 1000;
    const auto jobs = facts.related(*job.parent, "jobs");
    return jobs.first(std::min(most, jobs.size()));
}

using Jobs = std::map<std::string_view, const Subject*>;

/// All jobs that have to be done before it, by `needs`; of more than anybody has, the first.
void find_needed(const Subject& job, const Jobs& jobs, std::set<const Subject*>& needed) {
    constexpr std::size_t most_waited_for = 200;
    constexpr std::size_t most_needs = 50;
    const auto& needs = job.node->at("needs");
    const auto list = needs.is_list() ? needs.items : std::span<const Node>(&needs, 1);
    for (const auto& need : list.first(std::min(most_needs, list.size()))) {
        const auto found = jobs.find(need.is_map() ? need.text_at("job") : need.text);
        if (found != jobs.end() && needed.size() < most_waited_for &&
            needed.insert(found->second).second) {
            find_needed(*found->second, jobs, needed);
        }
    }
}

std::optional<Answer> production_comes_last(const Subject& job, const Facts& facts) {
    if (role_of_job(job) != EnvironmentRole::production ||
        (!has_role(facts, "staging") && !has_role(facts, "test"))) {
        return std::nullopt;
    }
    const auto is_before = [](const Subject* other) {
        const auto role = role_of_job(*other);
        return role == EnvironmentRole::staging || role == EnvironmentRole::test;
    };
    Jobs jobs;
    bool is_staged = false;
    for (const auto* other : jobs_beside(job, facts)) {
        jobs.emplace(other->name, other);
        is_staged = is_staged || is_before(other);
    }
    std::set<const Subject*> needed;
    find_needed(job, jobs, needed);
    const bool by_stages = job.kind == "gitlab-job" && is_staged && !job.node->at("needs").exists();
    if (std::ranges::any_of(needed, is_before) || by_stages) {
        return holds();
    }
    auto answer = fails("it waits for no job that delivered to staging");
    answer.confidence = Confidence::heuristic;
    return answer;
}

std::optional<Answer> production_is_protected(const Subject& environment, const Facts& facts) {
    if (!is_production(environment)) {
        return std::nullopt;
    }
    for (const auto* config : facts.of("deploy-config")) {
        const auto& approvals = config->node->at("approvals");
        if (!approvals.entries.empty() || config->node->at("freeze").exists()) {
            return holds(config->path);
        }
    }
    bool is_asked = !facts.of("deploy-config").empty();
    for (const auto* const kind : {"workflow-job", "gitlab-job"}) {
        for (const auto* job : facts.of(kind)) {
            is_asked = is_asked || facts.of("deploy-commands").size() > 0;
            if (role_of_job(*job) == EnvironmentRole::production) {
                // Who has to say yes is set at the forge: an environment is what it hangs on.
                auto answer = holds(job->path);
                answer.confidence = Confidence::heuristic;
                return answer;
            }
        }
    }
    return is_asked ? std::optional(fails("nobody has to say yes before production"))
                    : std::nullopt;
}

constexpr std::array<NamedCheck, 11> checks = {{
    {"environments-told-apart", environments_told_apart},
    {"production-is-there", production_is_there},
    {"staging-is-there", staging_is_there},
    {"own-namespace", own_namespace},
    {"own-settings", own_settings},
    {"production-has-budgets", production_has_budgets},
    {"overlays-share-a-base", overlays_share_a_base},
    {"own-databases", own_databases},
    {"debug-is-off", debug_is_off},
    {"production-comes-last", production_comes_last},
    {"production-is-protected", production_is_protected},
}};

}  // namespace

std::span<const NamedCheck> environment_checks() {
    return checks;
}

}  // namespace deployctl::readiness

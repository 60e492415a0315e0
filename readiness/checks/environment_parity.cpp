// SPDX-License-Identifier: Apache-2.0
#include "readiness/checks/commands.hpp"
#include "readiness/checks/environments.hpp"
#include "readiness/patterns.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <set>

namespace deployctl::readiness {

namespace {

using documents::Node;

bool is_role(const Subject& environment, std::string_view role) {
    return environment.node->text_at("role") == role;
}

const Node& workloads(const Subject& environment) {
    return environment.node->at("workloads");
}

bool is_production(const Subject& environment) {
    return is_role(environment, "production");
}

/// The first of a role that has workloads, or null.
const Subject* with_workloads(const Facts& facts, std::string_view role) {
    for (const auto* environment : facts.of("environment")) {
        if (is_role(*environment, role) && !workloads(*environment).items.empty()) {
            return environment;
        }
    }
    return nullptr;
}

/// Its workloads by what they are called.
class Index {
public:
    explicit Index(const Subject& environment) {
        for (const auto& one : workloads(environment).items) {
            by_id_.emplace(one.text_at("id"), &one);
        }
    }

    /// Null where there is none.
    const Node* find(std::string_view id) const {
        const auto found = by_id_.find(id);
        return found == by_id_.end() ? nullptr : found->second;
    }

private:
    std::map<std::string_view, const Node*> by_id_;
};

const Node* container(const Node& workload, std::string_view name) {
    for (const auto& one : workload.at("containers").items) {
        if (one.text_at("name") == name) {
            return &one;
        }
    }
    return nullptr;
}

/// Nothing where it is not said as a number.
std::optional<int> replicas(const Node& workload) {
    const auto text = workload.text_at("replicas");
    int count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    return error == std::errc() && end == text.data() + text.size() && !text.empty()
               ? std::optional(count)
               : std::nullopt;
}

bool has_autoscaler(const Subject& environment) {
    const auto& objects = environment.node->at("objects");
    return objects.find("HorizontalPodAutoscaler") != nullptr ||
           objects.find("ScaledObject") != nullptr;
}

std::optional<Answer> production_is_larger(const Subject& environment, const Facts& facts) {
    const auto* development = with_workloads(facts, "development");
    if (!is_production(environment) || development == nullptr ||
        workloads(environment).items.empty()) {
        return std::nullopt;
    }
    if (has_autoscaler(environment)) {
        return holds();
    }
    const Index others(*development);
    int here = 0;
    int there = 0;
    const Node* evidence = nullptr;
    for (const auto& one : workloads(environment).items) {
        const auto* other = others.find(one.text_at("id"));
        if (other == nullptr) {
            continue;
        }
        // The API's default.
        here += replicas(one).value_or(1);
        there += replicas(*other).value_or(1);
        evidence = evidence == nullptr ? &one.at("replicas") : evidence;
    }
    if (evidence == nullptr) {
        return std::nullopt;
    }
    if (here > there) {
        return holds();
    }
    const auto& where = evidence->exists() ? *evidence : workloads(environment).items.front();
    return fails_at(
        where,
        std::to_string(here) + " replicas, and " + development->name + " has " +
            std::to_string(there)
    );
}

/// Each workload of production beside that of staging.
std::optional<Answer> beside_staging(
    const Subject& environment,
    const Facts& facts,
    const std::function<std::optional<Answer>(const Node& here, const Node& there)>& compare
) {
    const auto* staging = with_workloads(facts, "staging");
    if (!is_production(environment) || staging == nullptr) {
        return std::nullopt;
    }
    const Index own(environment);
    bool is_asked = false;
    for (const auto& there : workloads(*staging).items) {
        const auto* here = own.find(there.text_at("id"));
        if (here == nullptr) {
            continue;
        }
        is_asked = true;
        if (auto wrong = compare(*here, there)) {
            return wrong;
        }
    }
    return is_asked ? std::optional(holds()) : std::nullopt;
}

std::optional<Answer> no_fewer_replicas(const Subject& environment, const Facts& facts) {
    if (has_autoscaler(environment)) {
        return std::nullopt;
    }
    return beside_staging(environment, facts, [](const Node& here, const Node& there) {
        const auto own = replicas(here);
        const auto others = replicas(there);
        const bool fewer = others && own.value_or(1) < *others;
        const auto& where = here.at("replicas").exists() ? here.at("replicas") : here;
        return fewer ? std::optional(fails_at(
                           where,
                           std::string(here.text_at("id")) + " has " +
                               std::to_string(own.value_or(1)) + " replicas, staging " +
                               std::to_string(*others)
                       ))
                     : std::nullopt;
    });
}

std::optional<Answer> no_fewer_limits(const Subject& environment, const Facts& facts) {
    return beside_staging(
        environment,
        facts,
        [](const Node& here, const Node& there) -> std::optional<Answer> {
            for (const auto& one : there.at("containers").items) {
                const auto* own = container(here, one.text_at("name"));
                if (own != nullptr && one.at("limits").exists() && !own->at("limits").exists()) {
                    return fails_at(
                        *own,
                        "container " + std::string(one.text_at("name")) +
                            " has limits in staging only"
                    );
                }
            }
            return std::nullopt;
        }
    );
}

std::string_view image_name(std::string_view image) {
    image = image.substr(0, image.find('@'));
    const auto slash = image.rfind('/');
    const auto colon = image.find(':', slash == image.npos ? 0 : slash);
    return image.substr(0, colon);
}

std::optional<Answer> same_images(const Subject& environment, const Facts& facts) {
    const auto* production = with_workloads(facts, "production");
    if (production == nullptr || production == &environment ||
        workloads(environment).items.empty()) {
        return std::nullopt;
    }
    const Index others(*production);
    bool is_asked = false;
    for (const auto& here : workloads(environment).items) {
        const auto* there = others.find(here.text_at("id"));
        for (const auto& one : here.at("containers").items) {
            const auto* other = there == nullptr ? nullptr : container(*there, one.text_at("name"));
            if (other == nullptr || !one.at("image").is_scalar()) {
                continue;
            }
            is_asked = true;
            if (image_name(one.text_at("image")) != image_name(other->text_at("image"))) {
                return fails_at(
                    one.at("image"),
                    std::string(one.text_at("image")) + ", and production runs " +
                        std::string(other->text_at("image"))
                );
            }
        }
    }
    return is_asked ? std::optional(holds()) : std::nullopt;
}

/// A template that replicates, or a Job that only production has, is no gap in what is tested.
bool is_served(std::string_view id) {
    return id.starts_with("Deployment/") || id.starts_with("StatefulSet/") ||
           id.starts_with("DaemonSet/") || id.starts_with("Rollout/");
}

/// Of what is tested; whether the one for disasters has all is a question of recovery.
std::optional<Answer> same_workloads(const Subject& environment, const Facts& facts) {
    const auto* production = with_workloads(facts, "production");
    if (production == nullptr || is_production(environment) || is_role(environment, "recovery") ||
        workloads(environment).items.empty()) {
        return std::nullopt;
    }
    for (const auto& [here, there] :
         {std::pair{&environment, production}, std::pair{production, &environment}}) {
        const Index others(*there);
        for (const auto& one : workloads(*here).items) {
            const auto id = one.text_at("id");
            if (is_served(id) && others.find(id) == nullptr) {
                return fails(std::string(id) + " is in " + here->name + " only");
            }
        }
    }
    return holds();
}

/// Each image of production, until one is wrong.
std::optional<Answer> each_image(
    const Subject& environment, const std::function<bool(std::string_view)>& is_right
) {
    if (!is_production(environment)) {
        return std::nullopt;
    }
    bool is_asked = false;
    for (const auto& one : workloads(environment).items) {
        for (const auto& container : one.at("containers").items) {
            const auto& image = container.at("image");
            if (!image.is_scalar()) {
                continue;
            }
            is_asked = true;
            if (!is_right(image.text)) {
                return fails_at(image, "image: " + std::string(image.text));
            }
        }
    }
    return is_asked ? std::optional(holds()) : std::nullopt;
}

std::optional<Answer> images_by_digest(const Subject& environment, const Facts& /*facts*/) {
    return each_image(environment, [](std::string_view image) {
        return image.find("@sha256:") != image.npos;
    });
}

std::optional<Answer> no_moving_images(const Subject& environment, const Facts& /*facts*/) {
    return each_image(environment, [](std::string_view image) {
        const bool is_pinned = image.find("@sha256:") != image.npos;
        const bool has_tag = image_name(image).size() < image.size();
        return is_pinned || (has_tag && !image.ends_with(":latest"));
    });
}

/// "KEY" of "export KEY=value".
std::set<std::string> keys_of(const Subject& env_file) {
    static const RE2 assignment(R"(^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=)");
    std::set<std::string> keys;
    for (const auto& line : env_file.node->at("lines").items) {
        std::string key;
        const re2::StringPiece text(line.text.data(), line.text.size());
        if (RE2::PartialMatch(text, assignment, &key)) {
            keys.insert(key);
        }
    }
    return keys;
}

/// ".env.production" and ".env.staging" are of one family: that of ".env.*".
std::string family(const Subject& env_file, std::string_view environment) {
    std::string path = env_file.path;
    for (const std::string_view word : {environment, std::string_view("prod")}) {
        const auto at = word.empty() ? std::string::npos : path.find(word);
        if (at != std::string::npos) {
            return path.replace(at, word.size(), "*");
        }
    }
    return path;
}

std::optional<Answer> same_keys(const Subject& env_file, const Facts& facts) {
    static const RE2 production("(?i)(^|[._/-])(production|prod)([._/-]|$)");
    static const RE2 staging("(?i)(^|[._/-])(staging|stage|stg)([._/-]|$)");
    if (!is_found(production, env_file.path)) {
        return std::nullopt;
    }
    const auto own = keys_of(env_file);
    for (const auto* other : facts.of("env-file")) {
        if (!is_found(staging, other->path) ||
            family(*other, "staging") != family(env_file, "production")) {
            continue;
        }
        for (const auto& key : keys_of(*other)) {
            if (!own.contains(key)) {
                return fails(key + " is in " + other->path + " only");
            }
        }
        return holds();
    }
    return std::nullopt;
}

std::optional<Answer> recovery_has_all(const Subject& environment, const Facts& facts) {
    const auto* production = with_workloads(facts, "production");
    if (production == nullptr || !is_role(environment, "recovery")) {
        return std::nullopt;
    }
    const Index own(environment);
    for (const auto& one : workloads(*production).items) {
        const auto id = one.text_at("id");
        if (is_served(id) && own.find(id) == nullptr) {
            return fails(std::string(id) + " is in " + production->name + " only");
        }
    }
    return holds();
}

constexpr std::array<NamedCheck, 9> checks = {{
    {"production-is-larger", production_is_larger},
    {"no-fewer-replicas", no_fewer_replicas},
    {"no-fewer-limits", no_fewer_limits},
    {"same-images", same_images},
    {"same-workloads", same_workloads},
    {"images-by-digest", images_by_digest},
    {"no-moving-images", no_moving_images},
    {"same-keys", same_keys},
    {"recovery-has-all", recovery_has_all},
}};

}  // namespace

std::span<const NamedCheck> parity_of_environments_checks() {
    return checks;
}

}  // namespace deployctl::readiness

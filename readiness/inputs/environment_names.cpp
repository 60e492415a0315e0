// SPDX-License-Identifier: Apache-2.0
#include "readiness/inputs/environment_names.hpp"

#include "model/text.hpp"
#include "readiness/inputs/paths.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace deployctl::readiness {

namespace {

struct Word {
    std::string_view word;
    std::string_view name;
    EnvironmentRole role;
    bool is_telling;  ///< alone, wherever it stands
};

using Role = EnvironmentRole;

constexpr std::array<Word, 21> words = {{
    {"production", "production", Role::production, true},
    {"prod", "production", Role::production, true},
    {"prd", "production", Role::production, false},
    {"live", "production", Role::production, false},
    {"staging", "staging", Role::staging, true},
    {"stage", "staging", Role::staging, false},
    {"stg", "staging", Role::staging, false},
    {"preprod", "staging", Role::staging, true},
    {"uat", "uat", Role::staging, false},
    {"qa", "qa", Role::test, false},
    {"test", "test", Role::test, false},
    {"testing", "test", Role::test, false},
    {"development", "development", Role::development, false},
    {"develop", "development", Role::development, false},
    {"dev", "development", Role::development, false},
    {"local", "local", Role::development, false},
    {"sandbox", "sandbox", Role::development, false},
    {"dr", "dr", Role::recovery, false},
    {"recovery", "dr", Role::recovery, false},
    {"disaster-recovery", "dr", Role::recovery, true},
    {"failover", "dr", Role::recovery, false},
}};

struct Home {
    std::string_view name;
    bool has_others;  ///< also folders that are no environments
};

/// Folders whose folders are environments.
constexpr std::array<Home, 16> homes = {{
    {"overlays", false},
    {"environments", false},
    {"environment", false},
    {"envs", false},
    {"env", false},
    {"clusters", true},
    {"stages", false},
    {"kustomize", true},
    {"k8s", true},
    {"kubernetes", true},
    {"deploy", true},
    {"deployments", true},
    {"terraform", true},
    {"infra", true},
    {"infrastructure", true},
    {"live", true},
}};

const Home* home_of(std::string_view folder) {
    const auto* const found = std::ranges::find(homes, folder, &Home::name);
    return found == homes.end() ? nullptr : &*found;
}

const Word* word_of(std::string_view text) {
    const auto lower = deployctl::lower(std::string(text));
    const auto found = std::ranges::find(words, lower, &Word::word);
    return found == words.end() ? nullptr : &*found;
}

std::vector<std::string_view> tokens_of(std::string_view name) {
    std::vector<std::string_view> tokens;
    while (!name.empty()) {
        const auto end = name.find_first_of("-_.");
        tokens.push_back(name.substr(0, end));
        name = end == name.npos ? std::string_view() : name.substr(end + 1);
    }
    return tokens;
}

/// Files that come once for each environment.
bool is_settings_file(std::string_view name) {
    static constexpr std::array<std::string_view, 5> stems = {
        "values", "config", "docker-compose", "compose", "settings"
    };
    const bool is_tree =
        name.ends_with(".yaml") || name.ends_with(".yml") || name.ends_with(".json");
    return name.ends_with(".tfvars") || name.ends_with(".env") || name.starts_with(".env.") ||
           (is_tree && std::ranges::any_of(stems, [&](std::string_view stem) {
                return name.starts_with(stem);
            }));
}

std::string environment_of_file(std::string_view name) {
    if (!is_settings_file(name)) {
        return {};
    }
    for (const auto token : tokens_of(name)) {
        const auto* word = word_of(token);
        if (word != nullptr) {
            return std::string(word->name);
        }
    }
    return {};
}

/// "prod-eu" of "values-prod-eu.yaml", and "prod" of "values/prod.yaml".
std::string_view values_name(std::string_view file) {
    const auto stem = file.substr(0, file.rfind('.'));
    const auto begin = stem.find_first_of("-._");
    if (!stem.starts_with("values")) {
        return stem;
    }
    return begin == stem.npos ? std::string_view() : stem.substr(begin + 1);
}

}  // namespace

std::string environment_name(std::string_view name) {
    const auto* word = word_of(name);
    return std::string(word == nullptr ? name : word->name);
}

EnvironmentRole environment_role(std::string_view name) {
    if (const auto* word = word_of(name)) {
        return word->role;
    }
    for (const auto token : tokens_of(name)) {
        if (const auto* word = word_of(token)) {
            return word->role;
        }
    }
    return Role::other;
}

std::string_view name_of(EnvironmentRole role) {
    static constexpr std::array<std::string_view, 6> names = {
        "development", "test", "staging", "production", "recovery", "other"
    };
    return names[static_cast<std::size_t>(role)];
}

std::string environment_of_path(std::string_view path) {
    const auto parts = parts_of(path);
    for (std::size_t at = 0; at + 1 < parts.size(); ++at) {
        const auto role = environment_role(parts[at]);
        const auto* word = word_of(parts[at]);
        const bool is_home = at > 0 && home_of(parts[at - 1]) != nullptr;
        if ((is_home && role != Role::other) || (word != nullptr && word->is_telling)) {
            return environment_name(parts[at]);
        }
    }
    return parts.empty() ? std::string() : environment_of_file(parts.back());
}

std::string environment_of_rendering(std::string_view path) {
    const auto last = base_name(path);
    const bool is_file = last.ends_with(".yaml") || last.ends_with(".yml");
    const auto name = is_file ? values_name(last) : last;
    const auto* const home = home_of(base_name(folder_of(path)));
    const bool has_role = environment_role(name) != Role::other;
    // One that holds environments is none of them: `live` is also what the cluster is called.
    const bool is_word = word_of(name) != nullptr && home_of(name) == nullptr;
    const bool is_below = home != nullptr && (!home->has_others || has_role);
    const bool is_one = is_below || is_word || (is_file && has_role);
    return is_one && !name.empty() && last != "Chart.yaml" ? environment_name(name) : std::string();
}

}  // namespace deployctl::readiness

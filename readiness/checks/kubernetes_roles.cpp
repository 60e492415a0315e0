// SPDX-License-Identifier: Apache-2.0
#include "readiness/checks/kubernetes_roles.hpp"

#include <algorithm>
#include <array>

namespace deployctl::readiness {

namespace {

using documents::Node;

enum class Named { still_gives, gives_no_more };

/// What no standing role should give. Words stand between blanks.
struct Power {
    std::string_view groups;  ///< of its resources; that of Kubernetes itself is "core"
    std::string_view resources;
    std::string_view verbs;
    Named by_name;  ///< whether it is one still where the rule names the objects
    std::string_view expected;
};

constexpr Power reading_secrets = {
    " core ", " secrets ", " get list watch ", Named::gives_no_more, "resourceNames"
};
constexpr Power entering_pods = {
    " core ",
    " pods/exec pods/attach pods/portforward pods/ephemeralcontainers ",
    " create get update patch ",
    Named::still_gives,
    "pods are entered by hand only"
};
constexpr Power making_pods = {
    " core ", " pods ", " create ", Named::still_gives, "left to a controller"
};
constexpr Power changing_admission = {
    " admissionregistration.k8s.io ",
    " validatingwebhookconfigurations mutatingwebhookconfigurations ",
    " create update patch delete ",
    Named::still_gives,
    "left to who installs the webhook"
};
constexpr Power talking_to_kubelets = {
    " core ",
    " nodes/proxy ",
    " create get update patch delete ",
    Named::still_gives,
    "nodes/metrics or nodes/stats"
};
constexpr Power making_tokens = {
    " core ", " serviceaccounts/token ", " create ", Named::gives_no_more, "resourceNames"
};
constexpr Power raising_rights = {
    " rbac.authorization.k8s.io ",
    " roles clusterroles ",
    " escalate bind ",
    Named::gives_no_more,
    "verbs that are used"
};
constexpr Power being_others = {
    " core authentication.k8s.io ",
    " users groups serviceaccounts uids ",
    " impersonate ",
    Named::gives_no_more,
    "verbs that are used"
};

bool is_among(std::string_view words, std::string_view word) {
    return !word.empty() && words.find(" " + std::string(word) + " ") != words.npos;
}

bool has_any(const Node& list, std::string_view words) {
    return std::any_of(list.items.begin(), list.items.end(), [&](const Node& one) {
        return one.text == "*" || is_among(words, one.text);
    });
}

/// The API refuses a rule without groups; what it means is taken for the worst.
bool is_of_groups(const Node& rule, std::string_view groups) {
    const auto& given = rule.at("apiGroups").items;
    return given.empty() || std::any_of(given.begin(), given.end(), [&](const Node& one) {
               return one.text == "*" || is_among(groups, one.text.empty() ? "core" : one.text);
           });
}

/// "*" is every resource, "*/exec" that part of every one.
bool is_resource(std::string_view given, std::string_view resources) {
    if (given.starts_with("*/")) {
        return resources.find(std::string(given.substr(1)) + " ") != resources.npos;
    }
    return given == "*" || is_among(resources, given);
}

/// The list in which the rule gives it, or null.
const Node* given_by(const Node& rule, const Power& power) {
    const bool is_narrowed =
        power.by_name == Named::gives_no_more && !rule.at("resourceNames").items.empty();
    if (is_narrowed || !is_of_groups(rule, power.groups) ||
        !has_any(rule.at("verbs"), power.verbs)) {
        return nullptr;
    }
    const auto& resources = rule.at("resources");
    const bool any =
        std::any_of(resources.items.begin(), resources.items.end(), [&](const Node& one) {
            return is_resource(one.text, power.resources);
        });
    return any ? &resources : nullptr;
}

std::string words_of(const Node& rule) {
    constexpr std::size_t most = 3;
    std::string text;
    for (const std::string_view key : {"verbs", "resources"}) {
        const auto& all = rule.at(key).items;
        text += (text.empty() ? "" : ", ") + std::string(key) + ":";
        for (std::size_t at = 0; at < std::min(most, all.size()); ++at) {
            text += " " + std::string(all[at].text);
        }
        text += all.size() > most ? " ..." : "";
    }
    return text;
}

template <const Power& power>
std::optional<Answer> does_not_give(const Subject& role, const Facts& /*facts*/) {
    for (const auto& rule : role.node->at("rules").items) {
        if (const auto* where = given_by(rule, power)) {
            return fails_at(*where, words_of(rule), std::string(power.expected));
        }
    }
    return holds();
}

/// Its three verbs are told where they stand, whatever resource they are written for.
std::optional<Answer> raises_nothing(const Subject& role, const Facts& /*facts*/) {
    for (const auto& rule : role.node->at("rules").items) {
        const auto& verbs = rule.at("verbs");
        const auto said =
            std::find_if(verbs.items.begin(), verbs.items.end(), [](const Node& verb) {
                return is_among(raising_rights.verbs, verb.text) ||
                       is_among(being_others.verbs, verb.text);
            });
        const bool is_said = said != verbs.items.end() && rule.at("resourceNames").items.empty();
        if (is_said) {
            return fails_at(*said, std::string(said->text), "verbs that are used");
        }
        if (given_by(rule, raising_rights) != nullptr || given_by(rule, being_others) != nullptr) {
            return fails_at(verbs, words_of(rule), "verbs that are used");
        }
    }
    return holds();
}

constexpr std::array<NamedCheck, 7> checks = {{
    {"role-reads-no-secrets", does_not_give<reading_secrets>},
    {"role-enters-no-pods", does_not_give<entering_pods>},
    {"role-raises-no-rights", raises_nothing},
    {"role-makes-no-pods", does_not_give<making_pods>},
    {"role-changes-no-admission", does_not_give<changing_admission>},
    {"role-talks-to-no-kubelet", does_not_give<talking_to_kubelets>},
    {"role-makes-no-tokens", does_not_give<making_tokens>},
}};

}  // namespace

std::span<const NamedCheck> kubernetes_role_checks() {
    return checks;
}

}  // namespace deployctl::readiness

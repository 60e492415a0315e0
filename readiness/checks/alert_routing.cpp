// SPDX-License-Identifier: Apache-2.0
#include "readiness/checks/alert_routing.hpp"

#include "readiness/checks/commands.hpp"
#include "readiness/patterns.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace deployctl::readiness {

namespace {

using documents::Node;

constexpr int deepest = 30;

using Labels = std::map<std::string, std::string, std::less<>>;

struct Matcher {
    std::string label;
    std::string sign;
    std::string value;
};

/// `severity="page"`, `team =~ a|b`.
std::optional<Matcher> read_matcher(std::string_view text) {
    static const RE2 pattern(R"re(^\s*"?([A-Za-z_][\w.-]*)"?\s*(=~|!~|!=|=)\s*"?(.*?)"?\s*$)re");
    Matcher matcher;
    const bool read = RE2::FullMatch(
        re2::StringPiece(text.data(), text.size()),
        pattern,
        &matcher.label,
        &matcher.sign,
        &matcher.value
    );
    return read ? std::optional(matcher) : std::nullopt;
}

void add_map(const Node& map, const char* sign, std::vector<Matcher>& matchers) {
    for (const auto& entry : map.entries) {
        matchers.push_back({std::string(entry.key), sign, std::string(entry.value.text)});
    }
}

/// Of all three spellings: `match`, `match_re`, `matchers`; and of AlertmanagerConfig objects.
std::vector<Matcher> matchers_of(const Node& route) {
    std::vector<Matcher> matchers;
    add_map(route.at("match"), "=", matchers);
    add_map(route.at("match_re"), "=~", matchers);
    for (const auto& item : route.at("matchers").items) {
        if (item.is_map()) {
            const auto type = item.text_at("matchType", item.flag_at("regex") ? "=~" : "=");
            matchers.push_back(
                {std::string(item.text_at("name")),
                 std::string(type),
                 std::string(item.text_at("value"))}
            );
        } else if (const auto matcher = read_matcher(item.text)) {
            matchers.push_back(*matcher);
        }
    }
    return matchers;
}

/// Unknown where the alert does not say the label itself: its series may bring it.
Truth matches(const Matcher& matcher, const Labels& labels) {
    const auto found = labels.find(matcher.label);
    if (found == labels.end() || found->second.find("{{") != std::string::npos) {
        return Truth::unknown;
    }
    const bool is_pattern = matcher.sign.ends_with('~');
    const bool hit = is_pattern ? RE2::FullMatch(found->second, RE2(matcher.value, RE2::Quiet))
                                : found->second == matcher.value;
    return hit != matcher.sign.starts_with('!') ? Truth::yes : Truth::no;
}

Truth matches(const Node& route, const Labels& labels) {
    auto all = Truth::yes;
    for (const auto& matcher : matchers_of(route)) {
        const auto one = matches(matcher, labels);
        if (one == Truth::no) {
            return Truth::no;
        }
        all = one == Truth::unknown ? one : all;
    }
    return all;
}

/// All receivers that may get it, as far as its labels are known.
void find_receivers(
    const Node& route,
    std::string_view inherited,
    const Labels& labels,
    int depth,
    std::set<std::string>& receivers
) {
    const auto own = route.text_at("receiver", inherited);
    bool is_taken = false;
    for (const auto& child : route.at("routes").items) {
        const auto hit = depth < deepest ? matches(child, labels) : Truth::no;
        if (hit == Truth::no) {
            continue;
        }
        find_receivers(child, own, labels, depth + 1, receivers);
        is_taken = is_taken || hit == Truth::yes;
        if (hit == Truth::yes && !child.flag_at("continue")) {
            return;
        }
    }
    if (!is_taken) {
        receivers.insert(std::string(own));
    }
}

const Node* receiver(const Node& config, std::string_view name) {
    for (const auto& one : config.at("receivers").items) {
        if (one.text_at("name") == name) {
            return &one;
        }
    }
    return nullptr;
}

bool notifies(const Node& receiver) {
    return std::ranges::any_of(receiver.entries, [](const auto& entry) {
        const bool is_way = entry.key.ends_with("_configs") || entry.key.ends_with("Configs");
        return is_way && !entry.value.items.empty();
    });
}

/// Whether all alerts can be led through all routes in a time that somebody waits.
bool can_be_followed(const Subject& config, const Facts& facts) {
    constexpr std::size_t most = 2'000'000;
    auto left = most / (facts.of("alert").size() + 1);
    return look_through(config.node->at("route"), [&](const Node& /*node*/) {
        return left > 0 && left-- > 0;
    });
}

Labels labels_of(const Subject& alert) {
    Labels labels = {{"alertname", alert.name}};
    for (const auto& entry : alert.node->at("labels").entries) {
        labels.insert_or_assign(std::string(entry.key), std::string(entry.value.text));
    }
    return labels;
}

bool is_urgent(const Subject& alert) {
    static const RE2 urgent("(?i)^(critical|page|emergency|fatal|sev[01]|p[01])$");
    return is_found(urgent, alert.node->text_at("labels/severity"));
}

/// A receiver that is meant to swallow.
bool is_sink(std::string_view name) {
    static const RE2 sinks("(?i)^(null|none|devnull|dev-null|black-?hole|void|ignore|silent)");
    return is_found(sinks, name);
}

std::set<std::string> receivers_of(const Subject& alert, const Subject& config) {
    std::set<std::string> receivers;
    find_receivers(config.node->at("route"), "", labels_of(alert), 0, receivers);
    return receivers;
}

std::optional<Answer> alert_routes_to_receiver(const Subject& alert, const Facts& facts) {
    const auto configs = facts.of("alertmanager");
    if (configs.empty()) {
        return std::nullopt;
    }
    std::set<std::string> missing;
    for (const auto* config : configs) {
        if (!can_be_followed(*config, facts)) {
            return not_known("there are too many routes to follow");
        }
        for (const auto& name : receivers_of(alert, *config)) {
            if (receiver(*config->node, name) == nullptr) {
                missing.insert(name.empty() ? "(none)" : name);
            }
        }
    }
    if (missing.empty()) {
        return holds();
    }
    return fails("is routed to the receiver " + *missing.begin() + ", which is not there");
}

std::optional<Answer> alert_reaches_somebody(const Subject& alert, const Facts& facts) {
    const auto configs = facts.of("alertmanager");
    if (configs.empty() || !is_urgent(alert)) {
        return std::nullopt;
    }
    std::string silent;
    for (const auto* config : configs) {
        if (!can_be_followed(*config, facts)) {
            return not_known("there are too many routes to follow");
        }
        for (const auto& name : receivers_of(alert, *config)) {
            const auto* const one = receiver(*config->node, name);
            if (one != nullptr && notifies(*one)) {
                return holds();
            }
            silent = name;
        }
    }
    return fails("is routed to " + silent + ", which notifies nobody");
}

/// Each route, with what says its receiver.
void look_at_routes(
    const Node& route, int depth, const std::function<void(const Node& route)>& visit
) {
    visit(route);
    for (const auto& child : route.at("routes").items) {
        if (depth < deepest) {
            look_at_routes(child, depth + 1, visit);
        }
    }
}

std::optional<Answer> receivers_exist(const Subject& config, const Facts& /*facts*/) {
    const auto& root = config.node->at("route");
    if (!root.at("receiver").is_scalar()) {
        return fails_at(root, "the first route names no receiver");
    }
    std::optional<Answer> wrong;
    look_at_routes(root, 0, [&](const Node& route) {
        const auto& name = route.at("receiver");
        if (!wrong && name.is_scalar() && receiver(*config.node, name.text) == nullptr) {
            wrong = fails_at(name, "there is no receiver " + std::string(name.text));
        }
    });
    return wrong ? wrong : holds();
}

std::optional<Answer> receivers_notify(const Subject& config, const Facts& /*facts*/) {
    std::optional<Answer> wrong;
    look_at_routes(config.node->at("route"), 0, [&](const Node& route) {
        const auto& name = route.at("receiver");
        const auto* const one = name.is_scalar() ? receiver(*config.node, name.text) : nullptr;
        if (!wrong && one != nullptr && !is_sink(name.text) && !notifies(*one)) {
            wrong = fails_at(*one, "receiver " + std::string(name.text) + " notifies nobody");
        }
    });
    return wrong ? wrong : holds();
}

/// Keys whose values let somebody send as this team.
bool is_secret_key(std::string_view key) {
    static const RE2 keys(
        "^(slack_api_url|api_url|smtp_auth_password|auth_password|password|service_key|routing_key|"
        "api_key|opsgenie_api_key|victorops_api_key|bot_token|token|credentials|bearer_token)$"
    );
    return is_found(keys, key);
}

bool is_plain_secret(std::string_view key, std::string_view value) {
    static const RE2 elsewhere(R"(^$|\$\{?[A-Za-z_]|\{\{|^<.*>$|^https?://[^/]*localhost)");
    static const RE2 harmless_url(R"(^https?://[^/]+/?(v1/?)?$)");
    const bool is_url = key.ends_with("url");
    return is_secret_key(key) && !is_found(elsewhere, value) &&
           !(is_url && is_found(harmless_url, value));
}

std::optional<Answer> routing_holds_no_secrets(const Subject& config, const Facts& /*facts*/) {
    std::optional<Answer> wrong;
    look_through(*config.node, [&](const Node& node) {
        for (const auto& entry : node.entries) {
            if (!wrong && entry.value.is_scalar() && is_plain_secret(entry.key, entry.value.text)) {
                wrong = fails_at(
                    entry.value,
                    std::string(entry.key) + " stands there in plain text",
                    std::string(entry.key) + "_file"
                );
            }
        }
        return !wrong;
    });
    return wrong ? wrong : holds();
}

std::optional<Answer> alerts_have_routing(const Subject& /*repository*/, const Facts& facts) {
    if (facts.of("alert").empty()) {
        return std::nullopt;
    }
    auto answer = facts.of("alertmanager").empty()
                      ? fails("no configuration of Alertmanager is here")
                      : holds();
    answer.confidence = Confidence::heuristic;
    return answer;
}

constexpr std::array<NamedCheck, 6> checks = {{
    {"alert-routes-to-receiver", alert_routes_to_receiver},
    {"alert-reaches-somebody", alert_reaches_somebody},
    {"receivers-exist", receivers_exist},
    {"receivers-notify", receivers_notify},
    {"routing-holds-no-secrets", routing_holds_no_secrets},
    {"alerts-have-routing", alerts_have_routing},
}};

}  // namespace

std::span<const NamedCheck> alert_routing_checks() {
    return checks;
}

}  // namespace deployctl::readiness

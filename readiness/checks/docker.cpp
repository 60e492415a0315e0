// SPDX-License-Identifier: Apache-2.0
#include "readiness/checks/docker.hpp"

#include "readiness/inputs/images.hpp"
#include "readiness/patterns.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

namespace deployctl::readiness {

namespace {

using documents::Node;

bool same_name(std::string_view one, std::string_view other) {
    return std::ranges::equal(one, other, [](unsigned char a, unsigned char b) {
        return std::tolower(a) == std::tolower(b);
    });
}

std::optional<std::size_t> number_of(std::string_view text) {
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool whole = error == std::errc() && end == text.data() + text.size();
    return whole ? std::optional(number) : std::nullopt;
}

/// Images whose own USER is none that has rights.
bool is_built_without_root(std::string_view image) {
    static const RE2 known(
        "distroless/.*:(debug-)?nonroot|(^|/)nginxinc/nginx-unprivileged[:@]|(^|/)bitnami/|"
        "(^|/)chainguard/"
    );
    return is_found(known, image);
}

bool is_root(std::string_view user) {
    static const RE2 root("(?i)^(root|0+|containeradministrator)(:|$)");
    return is_found(root, user);
}

std::optional<Answer> image_user_is_not_root(const Subject& subject, const Facts&) {
    constexpr auto wanted = "USER with a number that is not 0";
    const auto& image = subject.node->at("image");
    const auto& user = image.at("user");
    if (user.is_unknown()) {
        return not_known("USER " + std::string(user.text) + " is not known here");
    }
    if (user.is_scalar()) {
        const auto observed = "USER " + std::string(user.text);
        return is_root(user.text) ? fails_at(user, observed, wanted) : holds(observed);
    }
    const auto& base = image.at("base");
    if (base.is_unknown()) {
        return not_known("the base image is not known here");
    }
    if (is_built_without_root(base.text)) {
        auto answer = holds("the user of " + std::string(base.text));
        answer.confidence = Confidence::heuristic;
        return answer;
    }
    auto answer = fails_at(image, "no USER, so that of the base image", wanted);
    answer.confidence = Confidence::derived;
    return answer;
}

std::optional<Answer> stage_says_it_once(const Subject& subject, const Facts&) {
    static constexpr std::array<std::string_view, 3> once = {"CMD", "ENTRYPOINT", "HEALTHCHECK"};
    for (const auto op : once) {
        int seen = 0;
        for (const auto& instruction : subject.node->at("instructions").items) {
            if (instruction.text_at("op") == op && ++seen > 1) {
                return fails_at(instruction, std::string(op) + " again", "one");
            }
        }
    }
    return holds();
}

std::optional<Answer> stage_names_are_unique(const Subject& subject, const Facts&) {
    std::vector<std::string_view> seen;
    for (const auto& stage : subject.node->at("stages").items) {
        const auto name = stage.text_at("name");
        const bool again = std::ranges::any_of(seen, [&](std::string_view other) {
            return same_name(name, other);
        });
        if (again) {
            return fails_at(stage.at("name"), std::string(name), "a name of its own");
        }
        if (!name.empty()) {
            seen.push_back(name);
        }
    }
    return holds();
}

/// Of the stage with this name or number, where there is one.
std::optional<std::size_t> stage_number(const Node& dockerfile, std::string_view name) {
    const auto& stages = dockerfile.at("stages").items;
    for (std::size_t number = 0; number < stages.size(); ++number) {
        if (same_name(stages[number].text_at("name"), name)) {
            return number;
        }
    }
    return number_of(name);
}

Answer copies_well(const Subject& stage, const Node& from) {
    static const RE2 versioned("@sha256:[0-9a-f]{64}$|:[^/:@]+$");
    static const RE2 latest(":latest$");
    if (from.is_unknown()) {
        return not_known("--from=" + std::string(from.text) + " is not known here");
    }
    const std::string name(from.text);
    const auto number = stage_number(dockerfile_of(stage), name);
    const auto own = number_of(stage.node->text_at("number")).value_or(0);
    if (number) {
        return *number < own ? holds()
                             : fails_at(from, name + ", which is not above it", "a stage above");
    }
    const bool pinned = is_found(versioned, name) && !is_found(latest, name);
    return pinned ? holds()
                  : fails_at(from, name + ", no stage here and no version", "a stage, or a digest");
}

std::optional<Answer> copies_come_from_what_is_there(const Subject& subject, const Facts&) {
    auto all = holds();
    for (const auto& instruction : subject.node->at("instructions").items) {
        const auto& from = instruction.at("flags/from");
        if (!from.exists()) {
            continue;
        }
        auto answer = copies_well(subject, from);
        if (answer.holds == Truth::no) {
            return answer;
        }
        if (answer.holds == Truth::unknown) {
            all = std::move(answer);
        }
    }
    return all;
}

struct LabelForm {
    std::string_view label;
    RE2 pattern;
    std::string_view what;
};

const std::array<LabelForm, 7>& label_forms() {
    static const std::array<LabelForm, 7> forms = {{
        {"org.opencontainers.image.created",
         "^\\d{4}-\\d\\d-\\d\\d[Tt ]\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?([Zz]|[+-]\\d\\d:\\d\\d)$",
         "a time like 2026-01-31T12:00:00Z"},
        {"org.opencontainers.image.source", "^(https?|git|ssh)://\\S+$", "an address"},
        {"org.opencontainers.image.url", "^https?://\\S+$", "an address"},
        {"org.opencontainers.image.documentation", "^https?://\\S+$", "an address"},
        {"org.opencontainers.image.revision", "^[0-9a-fA-F]{7,64}$", "the commit's hash"},
        {"org.opencontainers.image.licenses",
         "^[A-Za-z0-9.+-]+( (AND|OR|WITH) [A-Za-z0-9.+-]+)*$",
         "an SPDX expression"},
        {"org.opencontainers.image.base.digest", "^sha256:[0-9a-f]{64}$", "a digest"},
    }};
    return forms;
}

std::optional<Answer> has_labels_with_a_form(const Subject& subject, const Facts&) {
    const auto& labels = subject.node->at("image/labels");
    const bool any = std::ranges::any_of(label_forms(), [&](const LabelForm& form) {
        return labels.find(form.label) != nullptr;
    });
    return any ? holds() : fails("no such label");
}

std::optional<Answer> labels_have_their_form(const Subject& subject, const Facts&) {
    const auto& labels = subject.node->at("image/labels");
    auto all = holds();
    for (const auto& form : label_forms()) {
        const auto* const label = labels.find(form.label);
        if (label == nullptr) {
            continue;
        }
        const auto name = std::string(form.label) + " is ";
        if (label->value.is_unknown()) {
            all = not_known(name + "not known here");
        } else if (!is_found(form.pattern, label->value.text)) {
            return fails_at(
                label->value, name + std::string(label->value.text), std::string(form.what)
            );
        }
    }
    return all;
}

std::optional<Answer> base_is_from_allowed(const Subject& subject, const Facts& facts) {
    const auto& from = subject.node->at("from");
    constexpr std::string_view nothing = "scratch";
    const auto& allowed = facts.settings().registries;
    if (allowed.empty() || subject.node->at("parent").exists() || from.text == nothing) {
        return std::nullopt;
    }
    if (from.is_unknown()) {
        return not_known("from " + std::string(from.text) + " is not known here");
    }
    return is_from(from.text, allowed)
               ? holds()
               : fails_at(from, full_image(from.text), "one of the allowed registries");
}

constexpr std::array<NamedCheck, 7> checks = {{
    {"base-is-from-allowed-registry", base_is_from_allowed},
    {"image-user-is-not-root", image_user_is_not_root},
    {"stage-says-it-once", stage_says_it_once},
    {"stage-names-are-unique", stage_names_are_unique},
    {"copies-come-from-what-is-there", copies_come_from_what_is_there},
    {"image-has-labels-with-a-form", has_labels_with_a_form},
    {"image-labels-have-their-form", labels_have_their_form},
}};

}  // namespace

std::span<const NamedCheck> docker_checks() {
    return checks;
}

const Node& dockerfile_of(const Subject& subject) {
    const auto* const file = subject.nearest("dockerfile");
    return file == nullptr ? *subject.node : *file->node;
}

std::vector<const Node*> docker_lineage(const Node& dockerfile, const Node& stage) {
    const auto& stages = dockerfile.at("stages").items;
    std::vector<const Node*> line = {&stage};
    auto parent = number_of(stage.text_at("parent"));
    while (parent && *parent < stages.size()) {
        line.push_back(&stages[*parent]);
        parent = number_of(line.back()->text_at("parent"));
    }
    std::ranges::reverse(line);
    return line;
}

std::vector<const Node*> docker_image_stages(const Node& dockerfile) {
    const auto& stages = dockerfile.at("stages").items;
    return stages.empty() ? std::vector<const Node*>() : docker_lineage(dockerfile, stages.back());
}

}  // namespace deployctl::readiness

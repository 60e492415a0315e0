// SPDX-License-Identifier: Apache-2.0
#include "readiness/checks/terraform.hpp"

#include "readiness/checks/secrets.hpp"
#include "readiness/checks/terraform_relations.hpp"
#include "readiness/checks/terraform_walk.hpp"

#include <algorithm>
#include <array>
#include <re2/re2.h>
#include <set>
#include <string>
#include <vector>

namespace deployctl::readiness {

namespace {

using documents::Node;
using documents::NodeEntry;
using documents::NodeKind;
using Asked = std::optional<Answer>;

bool matches(std::string_view text, const RE2& pattern) {
    return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), pattern);
}

std::string_view label(const Node& block, std::string_view number) {
    const auto* labels = block.find("@labels");
    return labels == nullptr ? std::string_view() : labels->value.text_at(number);
}

/// A clean bill is only of what could be read.
Answer nothing_found(const Subject& subject) {
    return is_read_whole(subject) ? holds()
                                  : not_known("a file that could not be read may have one");
}

Asked providers_are_pinned(const Subject& subject, const Facts& /*facts*/) {
    const auto& used = subject.node->at("used_providers");
    if (used.items.empty()) {
        return used.is_unknown() ? Asked(nothing_found(subject)) : std::nullopt;
    }
    for (const auto& provider : used.items) {
        const auto* const required = subject.node->at("providers").find(provider.text);
        if (required == nullptr && !is_read_whole(subject)) {
            return not_known("required_providers may be in a file that could not be read");
        }
        const auto& version = required == nullptr ? Node() : required->value.at("version");
        if (!version.exists()) {
            auto answer = fails("provider " + std::string(provider.text) + " has no version");
            answer.where = required == nullptr ? nullptr : &required->value;
            return answer;
        }
    }
    return holds();
}

/// A text in quotes by its name or its form; a template, or a document, by its form alone.
bool is_written_out(std::string_view key, const Node& node) {
    const bool is_text = node.kind == NodeKind::quoted && !node.text.empty();
    return (is_text && is_written_secret(key, node.text)) ||
           (node.is_unknown() && holds_a_key(node.text));
}

/// What is said of it never has its value.
Asked no_secret_is_written(const Subject& subject, const Facts& /*facts*/) {
    const auto& files = subject.node->at("files");
    std::string_view named;
    const Node* found = find_value(files, {}, [&](std::string_view key, const Node& node) {
        named = key;
        return is_written_out(key, node);
    });
    if (found == nullptr) {
        const auto* block = find_block(*subject.node, "variable", [](const Node& variable) {
            return is_written_out(label(variable, "0"), variable.at("default"));
        });
        if (block == nullptr) {
            return nothing_found(subject);
        }
        found = &block->at("default");
        named = label(*block, "0");
    }
    return fails_at(*found, std::string(named) + " is written out (not shown)", "a reference");
}

Asked no_provisioner(const Subject& subject, const Facts& /*facts*/) {
    const auto* found = find_block(*subject.node, "resource", [](const Node& resource) {
        return resource.at("provisioner").exists();
    });
    return found == nullptr
               ? holds()
               : fails_at(
                     found->at("provisioner/0").exists() ? found->at("provisioner/0") : *found,
                     "a provisioner of " + std::string(label(*found, "1"))
                 );
}

/// Texts that are nothing but one template, and types that are texts, as before Terraform 0.12.
Asked no_old_syntax(const Subject& subject, const Facts& /*facts*/) {
    static const RE2 whole("^\"\\$\\{[^{}\"]*\\}\"$");
    const auto& files = subject.node->at("files");
    const auto* found = find_value(files, {}, [](std::string_view /*key*/, const Node& node) {
        return node.is_unknown() && matches(node.text, whole);
    });
    if (found != nullptr) {
        return fails_at(*found, std::string(found->text), "the expression without quotes");
    }
    const auto* variable = find_block(*subject.node, "variable", [](const Node& block) {
        return block.at("type").is_scalar();
    });
    return variable == nullptr ? nothing_found(subject)
                               : fails_at(variable->at("type"), "a type in quotes", "the type");
}

Asked no_workspace_with_remote(const Subject& subject, const Facts& /*facts*/) {
    const auto type = subject.node->text_at("backend/type");
    if (type != "remote" && type != "cloud") {
        return std::nullopt;
    }
    const auto& files = subject.node->at("files");
    const auto* found = find_value(files, {}, [](std::string_view /*key*/, const Node& node) {
        return node.is_unknown() && node.text.find("terraform.workspace") != node.text.npos;
    });
    return found == nullptr ? nothing_found(subject) : fails_at(*found, "terraform.workspace");
}

bool lies_in(std::string_view path, std::string_view folder) {
    return folder == "." ||
           (path.starts_with(folder) && path.substr(folder.size()).starts_with('/'));
}

/// Those of the whole folder, however deep.
Asked no_state_is_kept(const Subject& subject, const Facts& facts) {
    static const RE2 pattern(
        "\\.tfstate(\\.\\d+)?(\\.backup)?$|(^|/)\\.terraform/|\\.tfplan$|(^|/)crash\\.log$"
    );
    for (const auto& file : facts.files()) {
        if (lies_in(file.path, subject.node->text_at("path")) && matches(file.path, pattern)) {
            return fails(file.path, "state is kept by the backend");
        }
    }
    return holds();
}

void add_mentioned(std::string_view text, std::set<std::string, std::less<>>& names) {
    static const RE2 pattern("\\bvar\\.([A-Za-z_][A-Za-z0-9_-]*)");
    re2::StringPiece rest(text.data(), text.size());
    std::string name;
    while (RE2::FindAndConsume(&rest, pattern, &name)) {
        names.insert(name);
    }
}

Asked variables_are_used(const Subject& subject, const Facts& /*facts*/) {
    const auto& variables = subject.node->at("variables");
    if (variables.items.empty()) {
        return variables.is_unknown() ? Asked(nothing_found(subject)) : std::nullopt;
    }
    std::set<std::string, std::less<>> used;
    for (const auto& file : subject.node->at("files").entries) {
        for (const auto& blocks : file.value.entries) {
            if (blocks.key != "variable") {
                find_value(blocks.value, {}, [&](std::string_view key, const Node& node) {
                    add_mentioned(key, used);
                    if (node.is_unknown()) {
                        add_mentioned(node.text, used);
                    }
                    return false;
                });
            }
        }
    }
    const auto* unused = find_block(*subject.node, "variable", [&](const Node& variable) {
        return used.find(label(variable, "0")) == used.end();
    });
    if (unused == nullptr) {
        return holds();
    }
    return is_read_whole(subject)
               ? fails_at(*unused, "var." + std::string(label(*unused, "0")) + " is not used")
               : not_known("a file that could not be read may use it");
}

Asked names_are_of_one_form(const Subject& subject, const Facts& /*facts*/) {
    static const RE2 pattern("^[a-z][a-z0-9_]*$");
    static constexpr std::array<std::string_view, 3> named_last = {"1", "1", "0"};
    static constexpr std::array<std::string_view, 3> types = {"resource", "data", "module"};
    for (std::size_t at = 0; at < types.size(); ++at) {
        const auto number = named_last.at(at);
        const auto* found = find_block(*subject.node, types.at(at), [&](const Node& block) {
            return !matches(label(block, number), pattern);
        });
        if (found != nullptr) {
            return fails_at(*found, std::string(label(*found, number)), "snake_case");
        }
    }
    return nothing_found(subject);
}

/// Where two roots would write to: bucket and key, or what stands for them.
std::string state_of(const Node& backend) {
    static constexpr std::array<std::string_view, 11> parts = {
        "type",
        "bucket",
        "container_name",
        "storage_account_name",
        "key",
        "prefix",
        "path",
        "address",
        "organization",
        "hostname",
        "workspaces/0/name"
    };
    std::string state;
    for (const auto part : parts) {
        const auto& value = backend.at(part);
        if (value.is_unknown()) {
            return {};
        }
        state += std::string(value.text) + "\n";
    }
    return state;
}

bool has_workspaces(const Node& directory) {
    return directory.at("backend/workspaces").exists() ||
           find_value(directory.at("files"), {}, [](std::string_view /*key*/, const Node& node) {
               return node.is_unknown() && node.text.find("terraform.workspace") != node.text.npos;
           }) != nullptr;
}

/// Other roots that keep a state somewhere.
std::vector<const Subject*> other_roots(const Subject& subject, const Facts& facts) {
    std::vector<const Subject*> found;
    for (const auto* other : facts.of("tf:directory")) {
        if (other != &subject && other->node->at("backend").is_map() &&
            other->node->text_at("is_root") == "true") {
            found.push_back(other);
        }
    }
    return found;
}

/// Of files that are given one by one.
Answer given_keys_are_apart(const Subject& subject) {
    const auto& keys = subject.node->at("given_keys");
    if (keys.items.empty() || !is_read_whole(subject)) {
        return not_known("the key is given when it is initialised");
    }
    std::set<std::string_view> seen;
    for (const auto& key : keys.items) {
        if (!key.is_scalar()) {
            return not_known("a key of the state is not known here");
        }
        if (!seen.insert(key.text).second) {
            return fails_at(key, "two environments have this key", "a key for each");
        }
    }
    return holds();
}

Asked states_are_apart(const Subject& subject, const Facts& facts) {
    const auto& backend = subject.node->at("backend");
    if (subject.node->text_at("is_root") != "true" || !backend.is_map()) {
        return std::nullopt;
    }
    const auto others = other_roots(subject, facts);
    const auto environments = subject.node->at("environments").entries.size();
    if (others.empty() && environments < 2) {
        return std::nullopt;
    }
    const auto state = state_of(backend);
    if (state.empty()) {
        return given_keys_are_apart(subject);
    }
    for (const auto* other : others) {
        const auto& its = other->node->at("backend");
        // Said first because it is cheap, and differs where there are many.
        if (its.text_at("key") == backend.text_at("key") && state_of(its) == state) {
            return fails_at(backend, "the same state as " + other->name, "a key of its own");
        }
    }
    return environments > 1 && !has_workspaces(*subject.node)
               ? fails_at(
                     backend,
                     "one state for " + std::to_string(environments) + " environments",
                     "a key for each"
                 )
               : holds();
}

/// A name that one environment sets and another does not.
Asked difference(const NodeEntry& one, const NodeEntry& other) {
    for (const auto& value : one.value.entries) {
        if (other.value.find(value.key) == nullptr) {
            return fails_at(
                value.value, std::string(value.key) + " is not set for " + std::string(other.key)
            );
        }
    }
    return std::nullopt;
}

Asked environments_set_the_same(const Subject& subject, const Facts& /*facts*/) {
    const auto& environments = subject.node->at("environments");
    if (environments.entries.size() < 2) {
        return std::nullopt;
    }
    bool is_known = true;
    for (const auto& one : environments.entries) {
        for (const auto& other : environments.entries) {
            if (one.value.is_unknown() || other.value.is_unknown()) {
                is_known = false;
            } else if (auto found = difference(one, other)) {
                return found;
            }
        }
    }
    return is_known ? holds() : not_known("a file of values could not be read");
}

Asked secret_output_is_sensitive(const Subject& subject, const Facts& /*facts*/) {
    static const RE2 pattern(
        "(?i)\\.(\\w*password|secret_string|private_key\\w*|secret|auth_token|token|kube_config\\w*"
        "|"
        "client_key|\\w*connection_string|\\w*access_key)\\b"
    );
    static const RE2 reference("\\.(arn|id|name|self_link|secret_id|key_id)[^A-Za-z]*$");
    const auto& value = subject.node->at("value");
    const bool is_reference = value.is_unknown() && matches(value.text, reference);
    const bool is_secret = (names_a_secret(subject.name) && !is_reference) ||
                           (value.is_unknown() && matches(value.text, pattern));
    if (!is_secret) {
        return std::nullopt;
    }
    return subject.node->flag_at("sensitive") ? holds()
                                              : fails("sensitive is not set", "sensitive = true");
}

constexpr std::array<NamedCheck, 12> table = {{
    {"terraform-providers-are-pinned", providers_are_pinned},
    {"terraform-no-secret-is-written", no_secret_is_written},
    {"terraform-no-provisioner", no_provisioner},
    {"terraform-no-old-syntax", no_old_syntax},
    {"terraform-no-workspace-with-remote", no_workspace_with_remote},
    {"terraform-no-state-is-kept", no_state_is_kept},
    {"terraform-variables-are-used", variables_are_used},
    {"terraform-names-are-of-one-form", names_are_of_one_form},
    {"terraform-states-are-apart", states_are_apart},
    {"terraform-environments-set-the-same", environments_set_the_same},
    {"terraform-secret-output-is-sensitive", secret_output_is_sensitive},
    {"terraform-variable-is-secret",
     [](const Subject& subject, const Facts&) -> Asked {
         return names_a_secret(subject.name) ? holds() : fails("no secret");
     }},
}};

}  // namespace

std::span<const NamedCheck> terraform_checks() {
    return table;
}

}  // namespace deployctl::readiness

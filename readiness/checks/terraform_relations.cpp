// SPDX-License-Identifier: Apache-2.0
#include "readiness/checks/terraform_relations.hpp"

#include "readiness/inputs/terraform.hpp"
#include "readiness/inputs/terraform_owners.hpp"

#include <algorithm>
#include <string>

namespace deployctl::readiness {

namespace {

using documents::Node;

bool continues_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
}

bool mentions(std::string_view text, std::string_view address) {
    for (auto at = text.find(address); at != text.npos; at = text.find(address, at + 1)) {
        const auto end = at + address.size();
        const bool begins = at == 0 || (!continues_name(text[at - 1]) && text[at - 1] != '.');
        if (begins && (end == text.size() || !continues_name(text[end]))) {
            return true;
        }
    }
    return false;
}

Truth has(const Node& node, std::string_view path, std::string_view wanted) {
    const auto& value = node.at(path);
    if (value.is_unknown()) {
        return Truth::unknown;
    }
    const bool fits = wanted.empty() ? value.exists() : value.is_scalar() && value.text == wanted;
    return fits ? Truth::yes : Truth::no;
}

Truth says(const Companion& companion, const Node& node) {
    Truth all = Truth::yes;
    for (const auto path : companion.paths) {
        all = path.empty() ? all : both(all, has(node, path, companion.wanted));
    }
    return all;
}

/// What companions have said so far.
struct Heard {
    Truth best = Truth::no;
    const Node* denial = nullptr;
};

void hear(const Companion& companion, const Subject& subject, const Node& node, Heard& heard) {
    const auto meant = means(node.at(companion.attribute), subject, companion.own);
    const auto says_so = both(meant, says(companion, node));
    if (meant == Truth::yes && says_so == Truth::no) {
        heard.denial = &node;
    }
    heard.best = either(heard.best, says_so);
}

/// More than these are nobody's: who has them all looks no further.
constexpr std::size_t most_relatives = 256;
/// Of expressions that are looked through for one resource.
constexpr std::size_t longest_text = 64U << 10U;

void add_some(std::span<const Subject* const> all, Relatives& found) {
    const auto some = all.first(std::min(all.size(), most_relatives));
    found.those.insert(found.those.end(), some.begin(), some.end());
    found.are_all = found.are_all && some.size() == all.size();
}

/// Those that may mean it without its address.
void add_open(
    std::span<const Subject* const> all,
    std::string_view type,
    std::string_view attribute,
    Relatives& found
) {
    std::size_t looked_at = 0;
    for (const auto* one : all) {
        const auto text = one->node->at(attribute).text;
        looked_at += text.size() + longest_text / most_relatives;
        if (looked_at > longest_text) {
            found.are_all = false;
            return;
        }
        if (text.find(type) == text.npos) {
            found.those.push_back(one);
        }
    }
}

}  // namespace

Truth both(Truth one, Truth other) {
    if (one == Truth::no || other == Truth::no) {
        return Truth::no;
    }
    return one == Truth::yes ? other : one;
}

Truth either(Truth one, Truth other) {
    if (one == Truth::yes || other == Truth::yes) {
        return Truth::yes;
    }
    return one == Truth::no ? other : one;
}

Relatives find_relatives(const Subject& subject, const Kinship& kinship, const Facts& facts) {
    Relatives found;
    for (const auto* other : facts.related(subject, terraform_mentions)) {
        if (other->kind == kinship.kind) {
            const bool is_short = other->node->at(kinship.attribute).text.size() <= longest_text;
            found.are_all = found.are_all && is_short;
            if (is_short) {
                found.those.push_back(other);
            }
        }
    }
    std::ranges::sort(found.those, {}, &Subject::number);
    const auto repeated = std::ranges::unique(found.those);
    found.those.erase(repeated.begin(), repeated.end());
    const OwnerQuestion question{&subject, kinship.kind, kinship.attribute};
    const auto& name = subject.node->at(kinship.own);
    if (name.is_unknown()) {
        add_some(facts.related(key_of_known(question)), found);
    } else if (name.is_scalar()) {
        add_some(facts.related(key_of_value(question, name.text)), found);
    }
    const auto address = terraform_address(subject);
    const auto type = address.substr(0, address.find('.'));
    const auto unknown = facts.related(key_of_unknown(question));
    // Where all of them name one of its type, they name it or another: nothing is open.
    if (unknown.size() != facts.related(key_of_type(question, type)).size()) {
        add_open(unknown, std::string(type) + ".", kinship.attribute, found);
    }
    return found;
}

Truth means(const Node& value, const Subject& resource, std::string_view own) {
    const auto& name = resource.node->at(own);
    if (value.is_unknown()) {
        const auto address = terraform_address(resource);
        if (mentions(value.text, address)) {
            return Truth::yes;
        }
        const auto type = address.substr(0, address.find('.') + 1);
        return value.text.find(type) == value.text.npos ? Truth::unknown : Truth::no;
    }
    if (!value.is_scalar()) {
        return Truth::no;
    }
    if (name.is_unknown()) {
        return Truth::unknown;
    }
    return name.is_scalar() && name.text == value.text ? Truth::yes : Truth::no;
}

bool is_read_whole(const Subject& subject) {
    const auto* directory = subject.nearest("tf:directory");
    return directory == nullptr || directory->node->text_at("is_whole", "true") == "true";
}

Answer ask_companion(const Companion& companion, const Subject& subject, const Facts& facts) {
    Heard heard;
    if (!companion.inline_path.empty()) {
        heard.best = has(*subject.node, companion.inline_path, companion.inline_wanted);
    }
    const Kinship kinship{companion.kind, companion.attribute, companion.own};
    const auto relatives = find_relatives(subject, kinship, facts);
    for (const auto* other : relatives.those) {
        hear(companion, subject, *other->node, heard);
    }
    const std::string kind(companion.kind.substr(companion.kind.find(':') + 1));
    if (heard.best == Truth::yes) {
        return holds(kind);
    }
    if (heard.best == Truth::unknown || !relatives.are_all || !is_read_whole(subject)) {
        return not_known("whether " + kind + " is there is not known here");
    }
    return heard.denial == nullptr
               ? fails("there is no " + kind, kind)
               : fails_at(*heard.denial, kind + " does not say so", std::string(companion.wanted));
}

}  // namespace deployctl::readiness

// SPDX-License-Identifier: Apache-2.0
#include "readiness/checks/terraform_relations.hpp"

#include "readiness/inputs/terraform.hpp"

#include <string>

namespace deployctl::readiness {

namespace {

using documents::Node;

/// "infra -> module.db/" of "infra -> module.db/aws_db_instance.main".
std::string_view call_of(const Subject& subject) {
    const std::string_view path = subject.path;
    const auto arrow = path.find("-> ");
    const auto begin = arrow == path.npos ? 0 : arrow + 3;
    // A key of `for_each` may have a slash in it.
    const auto slash = path.rfind('/', path.find('[', begin));
    return path.substr(0, slash == path.npos || slash < begin ? begin : slash + 1);
}

std::string_view address_of(const Subject& subject) {
    return std::string_view(subject.path).substr(call_of(subject).size());
}

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

std::vector<const Subject*> made_with(
    const Subject& subject, std::string_view kind, const Facts& facts
) {
    std::vector<const Subject*> found;
    const auto call = call_of(subject);
    for (const auto* other : facts.of(kind, *subject.scope)) {
        if (other->path.starts_with(call) && call_of(*other) == call) {
            found.push_back(other);
        }
    }
    return found;
}

Truth means(const Node& value, const Subject& resource, std::string_view own) {
    const auto& name = resource.node->at(own);
    if (value.is_unknown()) {
        const auto address = address_of(resource);
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
    // Nearly always found among the few that name it: all others need not be looked at.
    for (const auto* other : facts.related(subject, terraform_mentions)) {
        if (other->kind == companion.kind) {
            hear(companion, subject, *other->node, heard);
        }
    }
    if (heard.best != Truth::yes) {
        for (const auto* other : made_with(subject, companion.kind, facts)) {
            hear(companion, subject, *other->node, heard);
        }
    }
    const std::string kind(companion.kind.substr(companion.kind.find(':') + 1));
    if (heard.best == Truth::yes) {
        return holds(kind);
    }
    if (heard.best == Truth::unknown || !is_read_whole(subject)) {
        return not_known("whether " + kind + " is there is not known here");
    }
    return heard.denial == nullptr
               ? fails("there is no " + kind, kind)
               : fails_at(*heard.denial, kind + " does not say so", std::string(companion.wanted));
}

}  // namespace deployctl::readiness

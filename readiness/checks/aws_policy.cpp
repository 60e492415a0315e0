// SPDX-License-Identifier: Apache-2.0
// What IAM policies allow, however they are written: `jsonencode`, a text of JSON, or a data source
// `aws_iam_policy_document`.
#include "documents/hcl.hpp"
#include "readiness/checks/terraform.hpp"
#include "readiness/checks/terraform_relations.hpp"

#include <array>
#include <re2/re2.h>
#include <string>

namespace deployctl::readiness {

namespace {

using documents::Node;
using Asked = std::optional<Answer>;

struct Statement {
    const Node* node;
    const Node* actions;
    const Node* resources;
};

struct Statements {
    std::vector<Statement> all;
    bool is_known = true;
};

void add_statement(const Node& node, Statements& statements) {
    if (!node.is_map()) {
        statements.is_known = statements.is_known && !node.is_unknown();
        return;
    }
    const bool is_document = node.find("Action") == nullptr && node.find("Effect") == nullptr;
    const auto& effect = node.at(is_document ? "effect" : "Effect");
    if (effect.is_scalar() && effect.text == "Deny") {
        return;
    }
    statements.all.push_back({
        &node,
        &node.at(is_document ? "actions" : "Action"),
        &node.at(is_document ? "resources" : "Resource"),
    });
}

void add_all(const Node& list, Statements& statements) {
    if (!list.is_list()) {
        add_statement(list, statements);
        return;
    }
    for (const auto& item : list.items) {
        add_statement(item, statements);
    }
}

/// Texts of JSON are read into `tree`.
std::optional<Statements> statements_of(const Subject& subject, documents::Tree& tree) {
    Statements statements;
    if (subject.kind == "tf:data:aws_iam_policy_document") {
        add_all(subject.node->at("statement"), statements);
        return statements;
    }
    const auto& policy =
        subject.node->at(subject.kind == "tf:aws_iam_role" ? "assume_role_policy" : "policy");
    if (!policy.exists()) {
        return std::nullopt;
    }
    // Of a policy document's own subject everything is asked there.
    if (policy.is_unknown() &&
        policy.text.find("data.aws_iam_policy_document.") != policy.text.npos) {
        return std::nullopt;
    }
    const Node read =
        policy.is_scalar() ? documents::read_hcl_expression(policy.text, tree) : policy;
    if (!read.is_map()) {
        statements.is_known = false;
        return statements;
    }
    // The tree keeps it where it does not move.
    add_all(tree.list({}, {read}).items.front().at("Statement"), statements);
    return statements;
}

/// Whether the scalar, or one of the list, is matched.
Truth has(const Node& node, const RE2& pattern) {
    if (node.is_unknown()) {
        return Truth::unknown;
    }
    if (!node.is_list()) {
        const re2::StringPiece text(node.text.data(), node.text.size());
        return RE2::FullMatch(text, pattern) ? Truth::yes : Truth::no;
    }
    Truth any = Truth::no;
    for (const auto& item : node.items) {
        any = either(any, has(item, pattern));
    }
    return any;
}

/// Asks `bad` of each statement that allows something.
template <class Bad>
Asked ask_statements(const Subject& subject, const Bad& bad, const std::string& observed) {
    documents::Tree tree;
    const auto statements = statements_of(subject, tree);
    if (!statements) {
        return std::nullopt;
    }
    bool is_known = statements->is_known;
    for (const auto& statement : statements->all) {
        const auto is_bad = bad(statement);
        if (is_bad == Truth::yes) {
            // A node of the text's own tree would not outlive this.
            return statement.node->source > 0 ? fails_at(*statement.node, observed)
                                              : fails(observed);
        }
        is_known = is_known && is_bad == Truth::no;
    }
    return is_known ? holds() : not_known("what it allows is not known here");
}

Asked is_no_administrator(const Subject& subject, const Facts& /*facts*/) {
    static const RE2 everything("\\*|\\*:\\*");
    static const RE2 anywhere("\\*");
    return ask_statements(
        subject,
        [](const Statement& one) {
            return both(has(*one.actions, everything), has(*one.resources, anywhere));
        },
        "every action on every resource"
    );
}

Asked allows_no_whole_service(const Subject& subject, const Facts& /*facts*/) {
    static const RE2 service("[a-z0-9-]+:\\*");
    static const RE2 anywhere("\\*");
    return ask_statements(
        subject,
        [](const Statement& one) {
            return both(has(*one.actions, service), has(*one.resources, anywhere));
        },
        "every action of a service on every resource"
    );
}

/// The subject of a web identity's token, in either form of a condition.
Truth names_its_subject(const Node& statement) {
    const auto& conditions =
        statement.at(statement.find("Condition") == nullptr ? "condition" : "Condition");
    if (conditions.is_unknown()) {
        return Truth::unknown;
    }
    static const RE2 subject_key(".*:sub\"?");
    for (const auto& block : conditions.items) {
        const auto& variable = block.at("variable");
        const re2::StringPiece text(variable.text.data(), variable.text.size());
        if (block.is_unknown() || RE2::FullMatch(text, subject_key)) {
            return block.is_unknown() ? Truth::unknown : Truth::yes;
        }
    }
    for (const auto& comparison : conditions.entries) {
        for (const auto& entry : comparison.value.entries) {
            // A key that is computed ends in its mark or a bracket.
            if (entry.key.find(":sub") != entry.key.npos) {
                return Truth::yes;
            }
        }
    }
    return Truth::no;
}

Asked trusts_named_identities(const Subject& subject, const Facts& /*facts*/) {
    static const RE2 web_identity("sts:AssumeRoleWithWebIdentity|sts:\\*|\\*");
    bool is_asked = false;
    auto answer = ask_statements(
        subject,
        [&](const Statement& one) {
            const auto takes = has(*one.actions, web_identity);
            is_asked = is_asked || takes != Truth::no;
            const auto named = names_its_subject(*one.node);
            const auto bare = named == Truth::yes  ? Truth::no
                              : named == Truth::no ? Truth::yes
                                                   : Truth::unknown;
            return both(takes, bare);
        },
        "any identity of the provider may take the role"
    );
    const bool is_other = answer && answer->holds == Truth::yes && !is_asked;
    return is_other ? std::nullopt : answer;
}

constexpr std::array<NamedCheck, 3> table = {{
    {"aws-is-no-administrator", is_no_administrator},
    {"aws-allows-no-whole-service", allows_no_whole_service},
    {"aws-trusts-named-identities", trusts_named_identities},
}};

}  // namespace

std::span<const NamedCheck> aws_policy_checks() {
    return table;
}

}  // namespace deployctl::readiness

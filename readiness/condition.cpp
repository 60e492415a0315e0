// SPDX-License-Identifier: Apache-2.0
#include "readiness/condition.hpp"

#include "readiness/condition_terms.hpp"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

namespace deployctl::readiness {

namespace {

using Terms = std::vector<std::shared_ptr<const Condition::Term>>;

/// What decides alone is `decisive`: one no of `all`, one yes of `any`.
std::optional<Answer> join(const Terms& terms, Truth decisive, const Asked& asked) {
    std::optional<Answer> joined;
    for (const auto& term : terms) {
        auto answer = term->ask(asked);
        if (!answer) {
            continue;
        }
        if (answer->holds == decisive) {
            return answer;
        }
        const auto surest = joined ? joined->confidence : Confidence::certain;
        const bool keeps = joined && (joined->holds == Truth::unknown || !joined->observed.empty());
        if (!keeps || answer->holds == Truth::unknown) {
            joined = std::move(answer);
        }
        joined->confidence = std::max(joined->confidence, surest);
    }
    return joined;
}

class AllTerm final : public Condition::Term {
public:
    explicit AllTerm(Terms terms) : terms_(std::move(terms)) {}

    std::optional<Answer> ask(const Asked& asked) const override {
        return join(terms_, Truth::no, asked);
    }

private:
    Terms terms_;
};

class AnyTerm final : public Condition::Term {
public:
    explicit AnyTerm(Terms terms) : terms_(std::move(terms)) {}

    std::optional<Answer> ask(const Asked& asked) const override {
        return join(terms_, Truth::yes, asked);
    }

private:
    Terms terms_;
};

class NotTerm final : public Condition::Term {
public:
    explicit NotTerm(std::shared_ptr<const Condition::Term> term) : term_(std::move(term)) {}

    std::optional<Answer> ask(const Asked& asked) const override {
        auto answer = term_->ask(asked);
        if (answer && answer->holds != Truth::unknown) {
            answer->holds = answer->holds == Truth::yes ? Truth::no : Truth::yes;
        }
        return answer;
    }

private:
    std::shared_ptr<const Condition::Term> term_;
};

class CheckTerm final : public Condition::Term {
public:
    explicit CheckTerm(Check check) : check_(check) {}

    std::optional<Answer> ask(const Asked& asked) const override {
        return check_(asked.subject, asked.facts);
    }

private:
    Check check_;
};

std::shared_ptr<const Condition::Term> read_check(const documents::Node& node, Mistakes& mistakes) {
    const auto checks = all_checks();
    const auto found = std::find_if(checks.begin(), checks.end(), [&](const NamedCheck& check) {
        return check.name == node.text;
    });
    if (found == checks.end()) {
        mistakes.add(node.spot, "there is no check `" + std::string(node.text) + "`");
        return nullptr;
    }
    return std::make_shared<CheckTerm>(found->check);
}

Terms read_terms(const documents::Node& node, Mistakes& mistakes) {
    Terms terms;
    for (const auto& item : node.items) {
        if (auto term = read_term(item, mistakes)) {
            terms.push_back(std::move(term));
        }
    }
    if (!node.is_list() || node.items.empty()) {
        mistakes.add(node.spot, "a list of conditions is wanted here");
    }
    return terms;
}

std::shared_ptr<const Condition::Term> read_joined(
    const documents::NodeEntry& entry, Mistakes& mistakes
) {
    if (entry.key == "all") {
        return std::make_shared<AllTerm>(read_terms(entry.value, mistakes));
    }
    if (entry.key == "any") {
        return std::make_shared<AnyTerm>(read_terms(entry.value, mistakes));
    }
    if (entry.key == "not") {
        auto term = read_term(entry.value, mistakes);
        return term == nullptr ? nullptr : std::make_shared<NotTerm>(std::move(term));
    }
    if (entry.key == "check") {
        return read_check(entry.value, mistakes);
    }
    mistakes.add(
        entry.spot,
        "`" + std::string(entry.key) + "` is no condition",
        "known: path, all, any, not, check"
    );
    return nullptr;
}

}  // namespace

std::shared_ptr<const Condition::Term> read_term(const documents::Node& node, Mistakes& mistakes) {
    if (node.is_list()) {
        return std::make_shared<AllTerm>(read_terms(node, mistakes));
    }
    if (!node.is_map() || node.entries.empty()) {
        mistakes.add(node.spot, "a condition is a map or a list");
        return nullptr;
    }
    if (node.find("path") != nullptr) {
        return read_path_term(node, mistakes);
    }
    Terms terms;
    for (const auto& entry : node.entries) {
        if (auto term = read_joined(entry, mistakes)) {
            terms.push_back(std::move(term));
        }
    }
    return terms.size() == 1 ? terms.front() : std::make_shared<AllTerm>(std::move(terms));
}

Condition Condition::read(const documents::Node& node, Mistakes& mistakes) {
    return Condition(read_term(node, mistakes));
}

std::optional<Answer> Condition::ask(const Subject& subject, const Facts& facts) const {
    if (term_ == nullptr) {
        return holds();
    }
    return term_->ask({subject, facts, *subject.node});
}

}  // namespace deployctl::readiness

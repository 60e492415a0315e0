// SPDX-License-Identifier: Apache-2.0
#include "readiness/checks/scripts.hpp"

#include "documents/lines.hpp"
#include "readiness/checks/commands.hpp"
#include "readiness/checks/secrets.hpp"
#include "readiness/inputs/paths.hpp"
#include "readiness/patterns.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <vector>

namespace deployctl::readiness {

namespace {

using documents::Node;

/// What of a line of prose is code: between backticks, or all of it in a fenced block.
std::vector<std::string_view> code_in(std::string_view line, bool is_fenced) {
    if (is_fenced) {
        return {line};
    }
    std::vector<std::string_view> spans;
    while (true) {
        const auto begin = line.find('`');
        const auto end = begin == line.npos ? line.npos : line.find('`', begin + 1);
        if (end == line.npos) {
            return spans;
        }
        spans.push_back(line.substr(begin + 1, end - begin - 1));
        line.remove_prefix(end + 1);
    }
}

void look_through_code(
    const Subject& document, const std::function<void(std::string_view, const Node&)>& visit
) {
    bool is_fenced = false;
    for (const auto& line : document.node->at("lines").items) {
        if (documents::trim(line.text).starts_with("```")) {
            is_fenced = !is_fenced;
            continue;
        }
        for (const auto code : code_in(line.text, is_fenced)) {
            visit(code, line);
        }
    }
}

/// Targets of `make a b TAG=x  # why`.
std::vector<std::string_view> made_targets(std::string_view code) {
    static const RE2 target("^[A-Za-z][A-Za-z0-9_.-]*$");
    std::vector<std::string_view> targets;
    const auto words = documents::split_words(code);
    const bool is_prompt = !words.empty() && words.front() == "$";
    const std::size_t first = is_prompt ? 1 : 0;
    if (words.size() <= first + 1 || words[first] != "make") {
        return targets;
    }
    for (std::size_t at = first + 1; at < words.size(); ++at) {
        if (words[at].find('=') != std::string_view::npos) {
            continue;
        }
        if (!is_found(target, words[at])) {
            break;
        }
        targets.push_back(words[at]);
    }
    return targets;
}

std::optional<Answer> promised_targets_exist(const Subject& document, const Facts& facts) {
    std::set<std::string_view> known;
    bool is_open = false;
    for (const auto* makefile : facts.of("makefile")) {
        for (const auto& target : makefile->node->at("targets").entries) {
            known.insert(target.key);
        }
        is_open = is_open || !makefile->node->at("computed").items.empty();
    }
    if (known.empty()) {
        return std::nullopt;
    }
    std::optional<Answer> answer;
    look_through_code(document, [&](std::string_view code, const Node& line) {
        for (const auto target : made_targets(code)) {
            if (known.contains(target)) {
                answer = answer ? answer : holds();
            } else if (!answer || answer->holds == Truth::yes) {
                answer = fails_at(line, "make " + std::string(target) + " is promised");
                answer->holds = is_open ? Truth::unknown : Truth::no;
            }
        }
    });
    return answer;
}

std::optional<Answer> promised_scripts_exist(const Subject& document, const Facts& facts) {
    static const RE2 script(R"((?:^|[\s(])(\./[\w./-]+\.sh)\b)");
    std::optional<Answer> answer;
    look_through_code(document, [&](std::string_view code, const Node& line) {
        std::string named;
        if (!RE2::PartialMatch(re2::StringPiece(code.data(), code.size()), script, &named)) {
            return;
        }
        const auto from_top = joined_path("", named).value_or("");
        const auto beside = joined_path(folder_of(document.file->path), named).value_or("");
        if (facts.file(from_top) != nullptr || facts.file(beside) != nullptr) {
            answer = answer ? answer : holds();
        } else if (!answer || answer->holds == Truth::yes) {
            answer = fails_at(line, "there is no " + named);
        }
    });
    return answer;
}

std::vector<std::string> words_between_bars(std::string_view text) {
    static const RE2 choice(R"([\[<{(]([a-z][a-z0-9-]*(?:\|[a-z][a-z0-9-]*)+)[\]>})])");
    std::vector<std::string> words;
    re2::StringPiece rest(text.data(), text.size());
    std::string found;
    while (RE2::FindAndConsume(&rest, choice, &found)) {
        for (std::size_t begin = 0; begin <= found.size();) {
            const auto bar = std::min(found.find('|', begin), found.size());
            words.push_back(found.substr(begin, bar - begin));
            begin = bar + 1;
        }
    }
    return words;
}

bool is_usage(std::string_view line) {
    static const RE2 pattern(R"((?i)^(echo|printf|cat|usage|die|fail|log|error|>&2)|usage)");
    return is_found(pattern, line);
}

/// An arm of a case, or anything but a text for people.
bool is_done(const Subject& script, const std::string& word) {
    const auto& arms = script.node->at("arms").items;
    if (std::ranges::find(arms, word, &Node::text) != arms.end()) {
        return true;
    }
    const RE2 whole("(^|[^\\w-])" + RE2::QuoteMeta(word) + "($|[^\\w-])");
    return std::ranges::any_of(script.node->at("lines").items, [&](const Node& line) {
        return !is_usage(line.text) && is_found(whole, line.text);
    });
}

std::optional<Answer> promised_choices_exist(const Subject& script, const Facts& /*facts*/) {
    constexpr int most = 100;
    int asked = 0;
    for (const auto* const key : {"comments", "lines"}) {
        for (const auto& line : script.node->at(key).items) {
            const bool tells = std::string_view(key) == "comments" || is_usage(line.text);
            for (const auto& word :
                 tells ? words_between_bars(line.text) : std::vector<std::string>()) {
                if (++asked <= most && !is_done(script, word)) {
                    auto answer = fails_at(line, word + " is promised and nowhere done");
                    answer.confidence = Confidence::heuristic;
                    return answer;
                }
            }
        }
    }
    return asked > 0 ? std::optional(holds()) : std::nullopt;
}

bool is_name_of_command(std::string_view target) {
    return target.find_first_of("./") == target.npos;
}

std::optional<Answer> commands_are_phony(const Subject& makefile, const Facts& /*facts*/) {
    const auto& phony = makefile.node->at("phony").items;
    const bool is_computed = std::ranges::any_of(phony, [](const Node& word) {
        return word.text.find('$') != word.text.npos;
    });
    for (const auto& target : makefile.node->at("targets").entries) {
        if (!is_name_of_command(target.key) ||
            std::ranges::find(phony, target.key, &Node::text) != phony.end()) {
            continue;
        }
        return is_computed ? not_known("what is phony is computed")
                           : fails_at(target.value, std::string(target.key) + " is not phony");
    }
    return makefile.node->at("targets").entries.empty() ? std::nullopt : std::optional(holds());
}

std::optional<Answer> needs_of_targets_exist(const Subject& makefile, const Facts& facts) {
    const auto& targets = makefile.node->at("targets");
    const bool is_open = !makefile.node->at("computed").items.empty() ||
                         !makefile.node->at("includes").items.empty();
    const auto folder = folder_of(makefile.file->path);
    bool is_asked = false;
    for (const auto& target : targets.entries) {
        for (const auto& need : target.value.at("needs").items) {
            if (need.text.find_first_of("$%*()|/") != need.text.npos) {
                continue;  // computed, or a file that something else may make
            }
            is_asked = true;
            const auto path = joined_path(folder, need.text).value_or("");
            if (targets.find(need.text) != nullptr || facts.file(path) != nullptr) {
                continue;
            }
            return is_open ? not_known("an included or computed rule may make it")
                           : fails_at(need, "nothing makes " + std::string(need.text));
        }
    }
    return is_asked ? std::optional(holds()) : std::nullopt;
}

/// Why a line holds a secret; without the secret. Empty where it holds none.
std::string secret_in(std::string_view line) {
    constexpr std::size_t least = 4;
    static const RE2 assigned(R"(([A-Za-z_][\w-]*)\s*[:?]?=\s*["']?([^\s"']+))");
    if (holds_a_key(line)) {
        return "a key in plain text";
    }
    re2::StringPiece rest(line.data(), line.size());
    std::string name;
    std::string value;
    while (RE2::FindAndConsume(&rest, assigned, &name, &value)) {
        const bool is_one = value.size() >= least && names_a_secret(name) &&
                            is_written_secret(name, value) && !stands_for_a_secret(value);
        if (is_one) {
            return name + " in plain text";
        }
    }
    return {};
}

std::optional<Answer> lines_hold_no_secrets(const Node& lines) {
    std::optional<Answer> wrong;
    look_through(lines, [&](const Node& node) {
        const auto why = node.is_scalar() ? secret_in(node.text) : std::string();
        if (!why.empty()) {
            wrong = fails_at(node, why);
        }
        return !wrong;
    });
    return wrong;
}

/// Of maps from names to values: `env:`, `variables:`.
/// Of a database that lives as long as the job: nobody gets in anywhere with it.
bool is_throwaway(std::string_view value) {
    static const RE2 words(
        "(?i)^(postgres|mysql|mariadb|mongo|redis|rabbitmq|minio(admin)?|guest|root|admin|user|app|"
        "secret|password|passw0rd|changeme|dummy|example|ci|dev|local|(fake|test|testing|dummy)"
        "([-_]?[a-z]*)*)$"
    );
    return is_found(words, value);
}

std::optional<Answer> values_hold_no_secrets(const Node& values) {
    for (const auto& [name, spot, value] : values.entries) {
        const auto& scalar = value.is_map() ? value.at("value") : value;
        if (scalar.is_scalar() &&
            (!secret_in(scalar.text).empty() ||
             (secrecy_of(name, scalar) == Secrecy::literal && !is_throwaway(scalar.text)))) {
            return fails_at(scalar, std::string(name) + " in plain text");
        }
    }
    return std::nullopt;
}

bool has_anything(const Node& node) {
    static constexpr std::array<std::string_view, 8> keys = {
        "lines", "run", "script", "before_script", "targets", "env", "variables", "with"
    };
    return std::ranges::any_of(keys, [&](std::string_view key) {
        const auto& part = node.at(key);
        return part.is_scalar() || !part.items.empty() || !part.entries.empty();
    });
}

/// Of what holds nothing at all it is no merit that it holds no secret.
std::optional<Answer> no_plain_secrets(const Subject& subject, const Facts& /*facts*/) {
    if (!has_anything(*subject.node)) {
        return std::nullopt;
    }
    for (const auto* const key : {"lines", "run", "script", "before_script"}) {
        if (auto wrong = lines_hold_no_secrets(subject.node->at(key))) {
            return wrong;
        }
    }
    for (const auto& target : subject.node->at("targets").entries) {
        if (auto wrong = lines_hold_no_secrets(target.value.at("recipe"))) {
            return wrong;
        }
    }
    for (const auto* const key : {"env", "variables", "with"}) {
        if (auto wrong = values_hold_no_secrets(subject.node->at(key))) {
            return wrong;
        }
    }
    return holds();
}

/// `read` waits for a word; a test of a variable wants one that somebody has to give.
bool asks_before(std::string_view line) {
    static const RE2 question(
        R"((^|[;&|@({]\s*)(read\b|select\b|dialog\b|whiptail\b)|^\S*confirm\b|)"
        R"((\[|\btest\b)[^;&|]*(?i:confirm|yes\b|\bsure\b|prod)[^;&|]*[;&|]|)"
        R"(^@?(\$\(MAKE\)|make)\b.*\bconfirm|\$\((if|error)\b)"
    );
    return is_found(question, line);
}

bool destroys(std::string_view line) {
    static const RE2 ruin(R"((terraform|tofu)\b.*\bdestroy\b.*-auto-approve|)"
                          R"(kubectl\b.*\bdelete\b.*\b(ns|namespaces?)\b|\bdropdb\b|FLUSHALL)");
    return is_found(ruin, line);
}

/// A target asks by a line above, in the line itself before it destroys, or by one that it needs.
const Node* destroyed_unasked(const Node& target) {
    static const RE2 asking("confirm|are-?you-?sure|guard|check-env|not-prod");
    const auto& needs = target.at("needs").items;
    bool is_asked =
        std::ranges::any_of(needs, [](const Node& need) { return is_found(asking, need.text); });
    for (const auto& line : target.at("recipe").items) {
        is_asked = is_asked || asks_before(line.text);
        if (!is_asked && destroys(line.text)) {
            return &line;
        }
    }
    return nullptr;
}

std::optional<Answer> destroying_targets_ask(const Subject& makefile, const Facts& /*facts*/) {
    bool has_recipe = false;
    for (const auto& [name, spot, target] : makefile.node->at("targets").entries) {
        has_recipe = has_recipe || !target.at("recipe").items.empty();
        if (const auto* line = destroyed_unasked(target)) {
            return fails_at(*line, "target " + std::string(name), "a question before it");
        }
    }
    return has_recipe ? std::optional(holds()) : std::nullopt;
}

constexpr std::array<NamedCheck, 7> checks = {{
    {"destroying-targets-ask", destroying_targets_ask},
    {"promised-targets-exist", promised_targets_exist},
    {"promised-scripts-exist", promised_scripts_exist},
    {"promised-choices-exist", promised_choices_exist},
    {"commands-are-phony", commands_are_phony},
    {"needs-of-targets-exist", needs_of_targets_exist},
    {"no-plain-secrets", no_plain_secrets},
}};

}  // namespace

std::span<const NamedCheck> script_checks() {
    return checks;
}

}  // namespace deployctl::readiness

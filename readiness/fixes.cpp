// SPDX-License-Identifier: Apache-2.0
#include "readiness/fixes.hpp"

#include "documents/yaml_source.hpp"
#include "documents/yaml_tree_reader.hpp"
#include "model/text.hpp"
#include "readiness/redaction.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace deployctl::readiness {

namespace {

using documents::Node;

/// A value that has to be there, by its keys from the subject's node.
struct Leaf {
    std::vector<std::string> keys;
    std::string value;

    friend auto operator<=>(const Leaf&, const Leaf&) = default;
};

enum class Target {
    subject,  ///< the one that failed
    pod,      ///< the pod of a container
    script,   ///< the head of a script
};

struct Mend {
    std::string_view rule;
    Target target;
    std::vector<std::string> keys;
    std::string value;
};

/// Rules whose failure the same few lines mend wherever they stand.
const std::vector<Mend>& mends() {
    static const std::vector<Mend> all = {
        {"K8S-34", Target::subject, {"securityContext", "allowPrivilegeEscalation"}, "false"},
        {"K8S-39", Target::subject, {"securityContext", "capabilities", "drop"}, "[ALL]"},
        {"K8S-42", Target::pod, {"securityContext", "seccompProfile", "type"}, "RuntimeDefault"},
        {"K8S-50", Target::subject, {"automountServiceAccountToken"}, "false"},
        {"DEPLOY-1", Target::script, {}, ""},
    };
    return all;
}

const Mend* mend_of(std::string_view rule) {
    const auto found = std::ranges::find(mends(), rule, &Mend::rule);
    return found == mends().end() ? nullptr : &*found;
}

/// What is to be done to one file.
struct Work {
    std::map<const Node*, std::set<Leaf>> leaves;
    std::set<AddedLines> lines;
    std::set<std::string> rules;
};

using TextLines = std::vector<std::string_view>;

TextLines split_lines(std::string_view text) {
    TextLines lines;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find('\n', at), text.size());
        lines.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    return lines;
}

/// A key that begins a line: another one can stand above it.
bool begins_line(const documents::NodeEntry& entry, const TextLines& lines) {
    const auto number = entry.spot.line;
    const auto line = number > 0 && number <= lines.size() ? lines[number - 1] : std::string_view();
    const auto column = entry.spot.column;
    return column > 0 && column <= line.size() &&
           line.substr(0, column - 1).find_first_not_of(' ') == std::string_view::npos;
}

const documents::NodeEntry* place_in(const Node& map, const TextLines& lines) {
    const auto found = std::ranges::find_if(map.entries, [&](const auto& entry) {
        return begins_line(entry, lines);
    });
    return found == map.entries.end() ? nullptr : &*found;
}

using Groups = std::map<std::string, std::vector<Leaf>>;

/// By their first key, which is taken away.
Groups by_first_key(const std::vector<Leaf>& leaves) {
    Groups groups;
    for (const auto& leaf : leaves) {
        auto rest = leaf;
        rest.keys.erase(rest.keys.begin());
        groups[leaf.keys.front()].push_back(std::move(rest));
    }
    return groups;
}

std::string block_of(const Groups& groups, std::size_t indent) {
    std::string text;
    for (const auto& [key, rest] : groups) {
        text += std::string(indent, ' ') + key + ":";
        text += rest.front().keys.empty() ? " " + rest.front().value + "\n"
                                          : "\n" + block_of(by_first_key(rest), indent + 2);
    }
    return text;
}

/// Adds what a map has not; false where there is no place for it, or it says something else.
bool complete(
    const Node& map,
    const std::vector<Leaf>& leaves,
    const TextLines& text,
    std::set<AddedLines>& added
) {
    if (!map.is_map()) {
        return false;
    }
    Groups missing;
    for (auto& [key, rest] : by_first_key(leaves)) {
        const auto* entry = map.find(key);
        if (entry == nullptr) {
            missing.emplace(key, rest);
        } else if (rest.front().keys.empty() || !complete(entry->value, rest, text, added)) {
            return false;
        }
    }
    if (missing.empty()) {
        return true;
    }
    const auto* place = place_in(map, text);
    if (place != nullptr) {
        added.insert({place->spot.line, block_of(missing, place->spot.column - 1)});
    }
    return place != nullptr;
}

/// After the line that names the interpreter.
AddedLines strict_head(std::string_view script) {
    const auto first = script.substr(0, script.find('\n'));
    const bool has_interpreter = first.starts_with("#!");
    const bool knows_pipefail = !has_interpreter || first.find("bash") != std::string_view::npos ||
                                first.find("zsh") != std::string_view::npos ||
                                first.find("ksh") != std::string_view::npos;
    return {has_interpreter ? 2U : 1U, knows_pipefail ? "set -euo pipefail\n" : "set -eu\n"};
}

/// Line by line as it was.
std::string without_secrets(std::string_view text) {
    std::string plain(text);
    for (const auto& [begin, end] : secrets_in(text)) {
        for (auto at = begin; at < end; ++at) {
            plain[at] = plain[at] == '\n' ? '\n' : '*';
        }
    }
    return plain;
}

class Fixing {
public:
    explicit Fixing(const Assessment& assessment) : assessment_(assessment) {}

    Fixes run() {
        for (const auto& result : assessment_.results) {
            const auto* mend = mend_of(result.rule->id);
            for (const auto& finding : result.findings) {
                if (mend != nullptr && finding.outcome == Outcome::fail &&
                    finding.subject != nullptr) {
                    take(*mend, finding);
                }
            }
        }
        for (auto& [file, work] : works_) {
            patch(*file, work);
        }
        std::ranges::sort(fixes_.patches, {}, &FilePatch::path);
        return std::move(fixes_);
    }

private:
    struct ByPath {
        bool operator()(const AssessedFile* one, const AssessedFile* other) const {
            return one->path < other->path;
        }
    };

    void leave(std::string_view rule, const Finding& finding, const std::string& why) {
        fixes_.left.push_back(std::string(rule) + " " + std::string(finding.object()) + ": " + why);
    }

    void take(const Mend& mend, const Finding& finding) {
        const auto& subject = *finding.subject;
        const auto* owner = mend.target == Target::pod ? subject.nearest("pod") : &subject;
        if (!subject.file->rendering.empty() || owner == nullptr || owner->node->source != 0) {
            leave(mend.rule, finding, "it is made of several files");
            return;
        }
        auto& work = works_[subject.file];
        if (mend.target == Target::script) {
            work.lines.insert(strict_head(subject.file->tree.source()));
        } else {
            work.leaves[owner->node].insert({mend.keys, mend.value});
        }
        work.rules.insert(std::string(mend.rule));
    }

    void leave_file(const AssessedFile& file, const Work& work, const std::string& why) {
        fixes_.left.push_back(
            file.path + " (" + join({work.rules.begin(), work.rules.end()}, ", ") + "): " + why
        );
    }

    static bool reads_again(std::string_view before, const std::string& after) {
        const auto old = documents::read_yaml_tree(std::string(before));
        const auto now = documents::read_yaml_tree(after);
        return now.trouble.empty() && old.tree.roots().size() == now.tree.roots().size();
    }

    void patch(const AssessedFile& file, Work& work) {
        const auto text = file.tree.source();
        if (documents::find_bad_character(text) || text.find('\r') != std::string_view::npos ||
            documents::find_bad_character(file.path) ||
            file.path.find_first_of("\n\t\"\\") != std::string::npos) {
            leave_file(file, work, "it has characters that a patch would not keep");
            return;
        }
        const auto text_lines = split_lines(text);
        for (const auto& [node, leaves] : work.leaves) {
            if (!complete(*node, {leaves.begin(), leaves.end()}, text_lines, work.lines)) {
                leave_file(
                    file,
                    work,
                    "line " + std::to_string(node->spot.line) +
                        " is not written line by line, or says something else on purpose"
                );
            }
        }
        const std::vector<AddedLines> lines(work.lines.begin(), work.lines.end());
        if (lines.empty()) {
            return;
        }
        if (!work.leaves.empty() && !reads_again(text, with_lines(text, lines))) {
            leave_file(file, work, "what would come out of it could not be read");
            return;
        }
        auto diff = unified_diff(file.path, text, lines);
        if (diff != unified_diff(file.path, without_secrets(text), lines)) {
            leave_file(file, work, "a secret stands beside what would be added, and is not shown");
            return;
        }
        fixes_.patches.push_back(
            {file.path, std::move(diff), {work.rules.begin(), work.rules.end()}}
        );
    }

    const Assessment& assessment_;
    std::map<const AssessedFile*, Work, ByPath> works_;
    Fixes fixes_;
};

}  // namespace

Fixes mechanical_fixes(const Assessment& assessment) {
    return Fixing(assessment).run();
}

}  // namespace deployctl::readiness

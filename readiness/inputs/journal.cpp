// SPDX-License-Identifier: Apache-2.0
#include "readiness/inputs/journal.hpp"

#include "readiness/journal_facts.hpp"

#include <string>
#include <utility>

namespace deployctl::readiness {

namespace {

using documents::Node;

void add(
    std::string kind,
    std::string_view name,
    const Node& node,
    const AssessedFile& file,
    Facts& facts
) {
    if (!node.exists()) {
        return;
    }
    Subject subject;
    subject.kind = std::move(kind);
    subject.name = std::string(name);
    subject.path = "journal -> " + subject.name;
    subject.node = &node;
    subject.file = &file;
    subject.scope = &facts.repository();
    facts.add(std::move(subject));
}

void gather(FileList files, Facts& facts) {
    for (const auto* file : files) {
        for (const auto& root : file->tree.roots()) {
            add("recovery-drills", "drills", root.at("drills"), *file, facts);
            add("rollbacks", "rollbacks", root.at("rollbacks"), *file, facts);
            for (const auto& backup : root.at("backups").items) {
                const auto name = "backup/" + std::string(backup.text_at("database"));
                add("backup-record", name, backup, *file, facts);
            }
        }
    }
}

std::vector<Lost> lost(const AssessedFile& /*file*/) {
    return {{"recovery-drills"}, {"rollbacks"}, {"backup-record"}};
}

}  // namespace

Input journal_input() {
    return {journal_kind, "", [](const AssessedFile& /*file*/) { return false; }, gather, lost};
}

}  // namespace deployctl::readiness

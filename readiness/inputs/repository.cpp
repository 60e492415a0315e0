// SPDX-License-Identifier: Apache-2.0
#include "readiness/inputs/repository.hpp"

#include "readiness/recognition.hpp"

#include <utility>

namespace deployctl::readiness {

namespace {

/// Where there is no file at all there is no repository to ask about either.
void gather(FileList /*files*/, Facts& facts) {
    if (facts.files().empty()) {
        return;
    }
    AssessedFile made;
    made.path = ".";
    made.kind = unrecognised;  // it counts for nothing that was read
    made.rendering = "repository";
    made.tree.add_root(made.tree.map({}, {}));
    const auto& file = facts.add(std::move(made));
    Subject subject;
    subject.kind = "repository";
    subject.name = "repository";
    subject.path = ".";
    subject.node = &file.tree.roots().front();
    subject.file = &file;
    subject.scope = &facts.repository();
    facts.add(std::move(subject));
}

}  // namespace

Input repository_input() {
    return {"repository", "", [](const AssessedFile& /*file*/) { return false; }, gather, nullptr};
}

}  // namespace deployctl::readiness

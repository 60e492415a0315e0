// SPDX-License-Identifier: Apache-2.0
#include "readiness/facts.hpp"

#include <utility>

namespace deployctl::readiness {

const Subject* Subject::nearest(std::string_view owner_kind) const {
    const Subject* subject = this;
    while (subject != nullptr && subject->kind != owner_kind) {
        subject = subject->parent;
    }
    return subject;
}

Facts::Facts(Settings settings) : settings_(std::move(settings)) {
    scopes_.emplace_back();
}

AssessedFile& Facts::add(AssessedFile file) {
    file.number = static_cast<std::uint32_t>(files_.size() + 1);
    auto& kept = files_.emplace_back(std::move(file));
    if (kept.rendering.empty()) {
        by_path_.emplace(kept.path, &kept);
    }
    return kept;
}

const Scope& Facts::add(Scope scope) {
    return scopes_.emplace_back(std::move(scope));
}

const Subject& Facts::add(Subject subject) {
    subject.number = subjects_.size();
    const auto& kept = subjects_.emplace_back(std::move(subject));
    by_scope_[nullptr][kept.kind].push_back(&kept);
    by_scope_[kept.scope][kept.kind].push_back(&kept);
    return kept;
}

const AssessedFile* Facts::file(std::string_view path) const {
    const auto found = by_path_.find(path);
    return found == by_path_.end() ? nullptr : found->second;
}

std::vector<const AssessedFile*> Facts::files_of(std::string_view kind) const {
    std::vector<const AssessedFile*> found;
    for (const auto& file : files_) {
        if (file.kind == kind) {
            found.push_back(&file);
        }
    }
    return found;
}

std::span<const Subject* const> Facts::of(std::string_view kind) const {
    return of(kind, nullptr);
}

std::span<const Subject* const> Facts::of(std::string_view kind, const Scope& scope) const {
    return of(kind, &scope);
}

std::span<const Subject* const> Facts::of(std::string_view kind, const Scope* scope) const {
    const auto index = by_scope_.find(scope);
    if (index == by_scope_.end()) {
        return {};
    }
    const auto found = index->second.find(kind);
    return found == index->second.end() ? std::span<const Subject* const>() : found->second;
}

Place Facts::place(const Subject& subject, const documents::Node& node) const {
    const bool elsewhere = node.source > 0 && node.source <= files_.size();
    const auto& file = elsewhere ? files_[node.source - 1] : *subject.file;
    return {file.path, node.spot};
}

}  // namespace deployctl::readiness

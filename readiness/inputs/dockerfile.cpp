// SPDX-License-Identifier: Apache-2.0
#include "readiness/inputs/dockerfile.hpp"

#include "documents/dockerfile.hpp"

namespace deployctl::readiness {

namespace {

bool recognises(std::string_view path, std::string_view) {
    return documents::is_dockerfile_name(path);
}

ReadText read(std::string text) {
    auto read = documents::read_dockerfile(std::move(text));
    return {std::move(read.tree), {std::move(read.trouble), read.spot}};
}

bool takes(const AssessedFile& file) {
    return documents::is_dockerfile_name(file.path);
}

std::string stage_name(const documents::Node& stage) {
    return std::string(stage.text_at("name", stage.text_at("number")));
}

void gather(FileList files, Facts& facts) {
    for (const auto* const file : files) {
        if (file->tree.roots().empty()) {
            continue;
        }
        Subject whole;
        whole.kind = "dockerfile";
        whole.name = file->path;
        whole.path = file->path;
        whole.node = &file->tree.roots().front();
        whole.file = file;
        whole.scope = &facts.repository();
        const auto& parent = facts.add(whole);
        for (const auto& stage : whole.node->at("stages").items) {
            Subject part = whole;
            part.kind = "docker-stage";
            part.name = stage_name(stage);
            part.path = file->path + " -> stage/" + part.name;
            part.node = &stage;
            part.parent = &parent;
            facts.add(std::move(part));
        }
    }
}

std::vector<Lost> lost(const AssessedFile&) {
    return {{"dockerfile", 1}, {"docker-stage", 1}};
}

}  // namespace

Language dockerfile_language() {
    return {"dockerfile", recognises, read};
}

Input dockerfile_input() {
    return {"dockerfile", "dockerfile", takes, gather, lost};
}

}  // namespace deployctl::readiness

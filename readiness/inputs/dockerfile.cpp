// SPDX-License-Identifier: Apache-2.0
#include "readiness/inputs/dockerfile.hpp"

#include "documents/dockerfile.hpp"

#include <algorithm>
#include <re2/re2.h>

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

/// No fewer stages than the file has, so that to break it never makes a better score.
std::vector<Lost> lost(const AssessedFile& file) {
    static const RE2 stage("(?im)^\\s*FROM\\s");
    const auto source = file.tree.source();
    re2::StringPiece rest(source.data(), source.size());
    int stages = 0;
    while (RE2::FindAndConsume(&rest, stage)) {
        ++stages;
    }
    return {{"dockerfile", 1}, {"docker-stage", std::max(stages, 1)}};
}

}  // namespace

Language dockerfile_language() {
    return {"dockerfile", recognises, read};
}

Input dockerfile_input() {
    return {"dockerfile", "dockerfile", takes, gather, lost};
}

}  // namespace deployctl::readiness

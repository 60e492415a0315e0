// SPDX-License-Identifier: Apache-2.0
// What checks about pipelines, backups and recovery share: looking through every command that the
// repository runs, and every line that its documents say. Pure; any thread.
#pragma once

#include "readiness/check.hpp"

#include <functional>
#include <re2/re2.h>
#include <string>
#include <string_view>

namespace deployctl::readiness {

struct CommandLine {
    const Subject* origin = nullptr;  ///< script, makefile, workflow-step, gitlab-job
    const documents::Node* node = nullptr;
    std::string_view text;
};

/// Scripts, recipes, what steps run and use, jobs of GitLab; until `visit` says no more.
void look_through_commands(
    const Facts& facts, const std::function<bool(const CommandLine&)>& visit
);
/// "scripts/deploy.sh:12" of the first command in which the pattern is found; else empty.
std::string first_command(const Facts& facts, const RE2& pattern);

struct SaidLine {
    const Subject* document = nullptr;
    const documents::Node* line = nullptr;
};

/// Of all documents, the first line in which the pattern is found.
SaidLine first_said(const Facts& facts, const RE2& pattern);

/// "path:12".
std::string place_text(const Subject& subject, const documents::Node& node);
/// Text of `node` and of all in it, up to some depth; until `visit` says no more.
bool look_through(
    const documents::Node& node, const std::function<bool(const documents::Node&)>& visit
);

}  // namespace deployctl::readiness

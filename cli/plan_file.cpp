// SPDX-License-Identifier: Apache-2.0
#include "cli/plan_file.hpp"

#include "documents/json.hpp"
#include "engine/plan_json.hpp"
#include "model/error.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>

namespace deployctl::cli {

namespace {

/// The first places where two plans differ, for people.
std::string differences(const Value& kept, const Value& made) {
    constexpr std::size_t most = 5;
    const auto paths = differing_paths(kept, made);
    std::string text;
    for (std::size_t at = 0; at < paths.size() && at < most; ++at) {
        text += (text.empty() ? "" : ", ") + paths[at];
    }
    return text.empty() ? "a literal value" : text;
}

}  // namespace

void write_plan_file(const std::string& path, const Plan& plan) {
    const auto value = Value::map({
        {"v", 1},
        {"hash", engine::hash_of(plan)},
        {"plan", engine::without_literals(plan)},
    });
    std::ofstream file(path, std::ios::trunc);
    using std::filesystem::perms;
    if (file) {
        std::filesystem::permissions(path, perms::owner_read | perms::owner_write);
        file << documents::write_json_indented(value) << "\n";
    }
    file.close();
    if (!file) {
        throw Error(ExitCode::usage, "the plan cannot be written to " + path);
    }
}

void hold_to_plan_file(const std::string& path, const Plan& plan) {
    std::ifstream file(path);
    std::stringstream content;
    content << file.rdbuf();
    const auto kept = documents::try_read_json(content.str());
    if (!file || !kept || kept->text("/hash").empty()) {
        throw Error(
            ExitCode::usage,
            path + " is no plan that was kept",
            "deployctl plan TAG --out FILE writes one"
        );
    }
    if (kept->text("/hash") != engine::hash_of(plan)) {
        throw Error(
            ExitCode::blocked,
            "the plan is not the one in " + path + " any more; it differs in " +
                differences(kept->at("/plan"), engine::without_literals(plan)),
            "look at it again: deployctl plan TAG --out " + path
        );
    }
}

}  // namespace deployctl::cli

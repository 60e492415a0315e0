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

[[noreturn]] void refuse(const std::string& path, const std::string& why) {
    throw Error(
        ExitCode::usage,
        "--plan: " + path + " " + why,
        "deployctl plan TAG --out FILE writes a plan; nothing was started"
    );
}

/// A device or a pipe might never end.
std::string read_text(const std::string& path) {
    constexpr std::uintmax_t most_bytes = 16UL << 20U;
    std::error_code failure;
    const auto status = std::filesystem::status(path, failure);
    if (!std::filesystem::exists(status)) {
        refuse(
            path,
            failure && status.type() == std::filesystem::file_type::none
                ? "cannot be read: " + failure.message()
                : "is not there"
        );
    }
    if (!std::filesystem::is_regular_file(status)) {
        refuse(path, std::filesystem::is_directory(status) ? "is a folder" : "is no ordinary file");
    }
    if (std::filesystem::file_size(path, failure) > most_bytes) {
        refuse(path, "is larger than 16 MiB: it is no plan");
    }
    std::ifstream file(path, std::ios::binary);
    std::stringstream content;
    content << file.rdbuf();
    if (!file) {
        refuse(path, "cannot be read: check who may read it");
    }
    return content.str();
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

Value read_plan_file(const std::string& path) {
    const auto kept = documents::try_read_json(read_text(path));
    if (!kept || kept->text("/hash").empty()) {
        refuse(path, "is no plan that was kept");
    }
    return *kept;
}

void hold_to_plan(const Value& kept, const std::string& path, const Plan& plan) {
    if (kept.text("/hash") != engine::hash_of(plan)) {
        throw Error(
            ExitCode::blocked,
            "the plan is not the one in " + path + " any more; it differs in " +
                differences(kept.at("/plan"), engine::without_literals(plan)),
            "look at it again: deployctl plan TAG --out " + path
        );
    }
}

}  // namespace deployctl::cli

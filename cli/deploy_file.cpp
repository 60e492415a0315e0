// SPDX-License-Identifier: Apache-2.0
#include "cli/deploy_file.hpp"

#include "model/error.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>

namespace deployctl::cli {

namespace {

constexpr std::uintmax_t most_bytes = 16UL
                                      << 20U;  // the reader refuses far less, with a better message

std::string read_text(const std::string& path) {
    std::error_code failure;
    const auto size = std::filesystem::file_size(path, failure);
    if (failure) {
        throw Error(
            ExitCode::usage,
            path + " cannot be read: " + failure.message(),
            "name the configuration with -f"
        );
    }
    if (size > most_bytes) {
        throw Error(ExitCode::usage, path + " is larger than 16 MiB: it is no configuration");
    }
    std::ifstream file(path, std::ios::binary);
    std::stringstream content;
    content << file.rdbuf();
    if (!file) {
        throw Error(ExitCode::usage, path + " cannot be read", "check who may read it");
    }
    return content.str();
}

}  // namespace

std::string deploy_file(const Place& place) {
    if (!place.file.empty()) {
        return place.file;
    }
    return std::filesystem::exists("deploy.yaml") ? "deploy.yaml" : "";
}

config::Loaded load_deploy_file(const Place& place) {
    const auto path = deploy_file(place);
    if (path.empty()) {
        throw Error(
            ExitCode::usage,
            "there is no deploy.yaml here",
            "name one with -f, or write one: deployctl config init"
        );
    }
    return config::read_configuration(read_text(path), path);
}

std::optional<Configuration> read_deploy_file(const Place& place) {
    if (deploy_file(place).empty()) {
        return std::nullopt;
    }
    return need_deploy_file(place);
}

Configuration need_deploy_file(const Place& place) {
    auto loaded = load_deploy_file(place);
    if (has_errors(loaded.diagnostics)) {
        throw ConfigError(std::move(loaded.diagnostics));
    }
    return std::move(loaded.configuration);
}

void need_app(const Configuration& configuration, const Place& place) {
    if (configuration.app.name.empty() && configuration.group) {
        throw Error(
            ExitCode::usage,
            deploy_file(place) + " is of group " + configuration.group->name +
                ", and has no `app` to bring out",
            "work in the folder of one of its members (-C), or bring the group out"
        );
    }
}

}  // namespace deployctl::cli

// SPDX-License-Identifier: Apache-2.0
#include "cli/deploy_file.hpp"

#include "model/error.hpp"

#include <filesystem>

namespace deployctl::cli {

std::string deploy_file(const Place& place) {
    if (!place.file.empty()) {
        return place.file;
    }
    return std::filesystem::exists("deploy.yaml") ? "deploy.yaml" : "";
}

std::optional<Configuration> read_deploy_file(const Place& place) {
    const auto path = deploy_file(place);
    if (path.empty()) {
        return std::nullopt;
    }
    throw Error(ExitCode::usage, path + " cannot be read yet");
}

Configuration need_deploy_file(const Place& place) {
    auto configuration = read_deploy_file(place);
    if (!configuration) {
        throw Error(
            ExitCode::usage,
            "there is no deploy.yaml here",
            "name one with -f, or write one: deployctl config init"
        );
    }
    return *configuration;
}

}  // namespace deployctl::cli

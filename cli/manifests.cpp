// SPDX-License-Identifier: Apache-2.0
#include "cli/manifests.hpp"

#include "documents/json.hpp"
#include "documents/yaml.hpp"
#include "model/error.hpp"
#include "plugins/kubectl/kubectl.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace deployctl::cli {

namespace {

std::vector<Value> read_text(const std::string& text, const std::string& file) {
    auto read = documents::read_objects(text, file);
    if (has_errors(read.diagnostics)) {
        throw ConfigError(std::move(read.diagnostics));
    }
    return std::move(read.objects);
}

std::vector<Value> read_folder(const std::string& folder) {
    if (!std::filesystem::is_directory(folder)) {
        throw Error(ExitCode::usage, "app.manifests.dir: " + folder + " is no folder");
    }
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        const auto extension = entry.path().extension();
        if (entry.is_regular_file() &&
            (extension == ".yaml" || extension == ".yml" || extension == ".json")) {
            files.push_back(entry.path());
        }
    }
    std::ranges::sort(files);
    std::vector<Value> objects;
    for (const auto& path : files) {
        std::ifstream file(path, std::ios::binary);
        std::stringstream content;
        content << file.rdbuf();
        const auto more = read_text(content.str(), path.string());
        objects.insert(objects.end(), more.begin(), more.end());
    }
    return objects;
}

std::string fill_in(std::string text, const std::string& environment) {
    constexpr std::string_view hole = "${env}";
    for (auto at = text.find(hole); at != std::string::npos; at = text.find(hole, at)) {
        text.replace(at, hole.size(), environment);
    }
    return text;
}

/// A manifest says less than the server keeps: only what it says is compared, in maps down to their
/// leaves.
void compare(
    const Value& said, const Value& live, const std::string& where, std::vector<std::string>& found
) {
    if (said.is_object() && live.is_object()) {
        for (const auto& [key, value] : said.members()) {
            const auto place = where + "/" + escape_pointer(key);
            if (place != "/spec/template" && place != "/status") {
                compare(value, live.at("/" + escape_pointer(key)), place, found);
            }
        }
        return;
    }
    if (!(said == live)) {
        found.push_back(
            where.substr(1) + ": " + documents::write_json(said) + " in the manifest, " +
            documents::write_json(live) + " in the cluster"
        );
    }
}

}  // namespace

Task<std::vector<Value>> read_manifests(
    Process* process, ManifestSource source, std::string environment
) {
    if (!source.dir.empty()) {
        co_return read_folder(fill_in(source.dir, environment));
    }
    const auto folder = fill_in(source.kustomize, environment);
    const plugins::kubectl::Connection connection{plugins::kubectl::find_kubectl(), ""};
    Command command;
    command.argv = plugins::kubectl::kustomize_args(connection, folder);
    const auto result = co_await process->run(command);
    if (result.end != CommandResult::End::exited || result.exit_code != 0) {
        throw Error(
            ExitCode::usage, "kubectl kustomize " + folder + " failed: " + result.error_output
        );
    }
    co_return read_text(result.output, "kustomize " + folder);
}

Value find_manifest(const std::vector<Value>& objects, const WorkloadSettings& workload) {
    for (const auto& object : objects) {
        if (object.text("/kind") == workload.kind &&
            object.text("/metadata/name") == workload.name) {
            return object;
        }
    }
    throw Error(
        ExitCode::usage,
        "no " + workload.kind + "/" + workload.name + " in the manifests",
        "app.manifests must lead to the workload that app.workload names"
    );
}

std::vector<std::string> other_differences(const Value& manifest, const Value& live) {
    auto said = manifest;
    // Sizes are the autoscaler's and the rollout's; who applied it is not part of it.
    for (const auto* pointer :
         {"/spec/replicas",
          "/metadata/namespace",
          "/metadata/annotations",
          "/metadata/creationTimestamp"}) {
        said.erase(pointer);
    }
    std::vector<std::string> found;
    compare(said, live, "", found);
    return found;
}

}  // namespace deployctl::cli

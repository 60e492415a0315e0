// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/verbs.hpp"
#include "cli/complaint.hpp"
#include "cli/output/result.hpp"
#include "config/initial.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <ostream>
#include <sstream>

namespace deployctl::cli::commands {

namespace {

struct Options {
    std::string from;
    std::string workload;
    std::string container;
    bool force = false;
};

bool is_manifest(const std::filesystem::path& path) {
    constexpr std::uintmax_t most_bytes = 4UL << 20U;
    const auto extension = path.extension();
    return (extension == ".yaml" || extension == ".yml") && path.filename() != "deploy.yaml" &&
           std::filesystem::is_regular_file(path) && std::filesystem::file_size(path) <= most_bytes;
}

bool is_hidden(const std::filesystem::path& path) {
    const auto name = path.filename().string();
    return name.starts_with('.') || name == "node_modules";
}

/// Every manifest below the folder, in the order of their names.
std::vector<std::filesystem::path> find_manifests(const std::string& folder) {
    constexpr std::size_t most = 2000;
    std::vector<std::filesystem::path> found;
    using std::filesystem::directory_options;
    std::filesystem::recursive_directory_iterator walk(
        folder, directory_options::skip_permission_denied
    );
    for (auto at = begin(walk); at != end(walk); ++at) {
        if (at->is_directory() && is_hidden(at->path())) {
            at.disable_recursion_pending();
        } else if (is_manifest(at->path())) {
            found.push_back(at->path().lexically_normal());
        }
        if (found.size() > most) {
            throw Error(
                ExitCode::usage,
                "more than 2000 manifests in " + folder,
                "name a smaller folder with --from"
            );
        }
    }
    std::ranges::sort(found);
    return found;
}

std::vector<config::ManifestFile> read_manifests(const std::string& from) {
    if (!std::filesystem::exists(from)) {
        throw Error(ExitCode::usage, from + " is not there", "name the manifests with --from");
    }
    const bool is_folder = std::filesystem::is_directory(from);
    std::vector<config::ManifestFile> files;
    for (const auto& path :
         is_folder ? find_manifests(from) : std::vector<std::filesystem::path>{from}) {
        std::ifstream file(path, std::ios::binary);
        std::stringstream content;
        content << file.rdbuf();
        files.push_back({path.string(), content.str()});
    }
    return files;
}

void write_new(const std::string& path, const std::string& text) {
    std::ofstream file(path, std::ios::trunc);
    file << text;
    file.close();
    if (!file) {
        throw Error(
            ExitCode::usage,
            path + " cannot be written",
            "work in a folder that you may write to, or name the file with -f"
        );
    }
}

ExitCode run(const Options& options, Session& session) {
    const auto& place = session.globals.place;
    const auto path = place.file.empty() ? std::string("deploy.yaml") : place.file;
    if (std::filesystem::exists(path) && !options.force) {
        throw Error(
            ExitCode::usage,
            path + " is there already",
            "--force writes over it; -f names another file"
        );
    }
    const auto from = options.from.empty() ? std::string(".") : options.from;
    const auto initial =
        config::initial_configuration({read_manifests(from), options.workload, options.container});
    session.terminal.err << draw(initial.diagnostics, session.terminal.err_style);
    if (initial.text.empty()) {
        return ExitCode::usage;
    }
    write_new(path, initial.text);
    Result result;
    result.value = Value::map({{"file", path}});
    result.names = {path};
    result.text = [&path](const Style& style) {
        return sign(style, Sign::done) + " wrote " + printable(path) +
               "; look at what it guessed, then: deployctl doctor\n";
    };
    print(session, result);
    return ExitCode::done;
}

}  // namespace

Run config_init(Form& form) {
    const auto options = std::make_shared<Options>();  // shared with the form's readers
    form.add_option(
        "--from",
        "DIR",
        "the manifests: a folder or a file (default: this folder)",
        into(options->from)
    );
    form.add_option(
        "--workload", "NAME", "which Deployment, where there are several", into(options->workload)
    );
    form.add_option(
        "--container", "NAME", "which container, where there are several", into(options->container)
    );
    form.add_flag("--force", options->force, "write over a file that is there");
    form.describe("What it guesses stands in comments of the file. Nothing else is written.");
    form.add_example("deployctl config init --from k8s/", "from a folder of manifests");
    form.add_example(
        "deployctl config init --from k8s/ --workload web --container app --force",
        "where there are several"
    );
    return [options](Session& session) { return run(*options, session); };
}

}  // namespace deployctl::cli::commands

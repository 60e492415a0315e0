// SPDX-License-Identifier: Apache-2.0
#include "cli/command.hpp"
#include "cli/commands/verbs.hpp"
#include "cli/complaint.hpp"
#include "cli/first_steps.hpp"
#include "cli/makefile.hpp"
#include "cli/output/result.hpp"
#include "config/configuration.hpp"
#include "config/initial.hpp"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <ostream>
#include <sstream>
#include <system_error>

namespace deployctl::cli::commands {

namespace {

struct Options {
    std::string from;
    std::string workload;
    std::string container;
    std::string prometheus;
    std::string errors;
    std::string total;
    bool force = false;
    bool makefile = false;
};

/// What is in the file besides the manifests' words; nothing where no source was named.
std::optional<config::InitialTraffic> traffic_of(
    const Options& options, Session& session, const config::Initial& initial
) {
    if (options.prometheus.empty() || initial.workload.empty()) {
        return std::nullopt;
    }
    auto* const metrics = &session.parts.outside().metrics;
    const InitialPods pods{initial.workload, initial.kube_namespace};
    const config::InitialTraffic asked{options.prometheus, options.errors, options.total, {}, ""};
    return wait_for(session.parts, look_at_traffic(metrics, asked, pods));
}

void need_whole_source(const Options& options) {
    const bool has_any = !(options.prometheus + options.errors + options.total).empty();
    const bool has_all =
        !options.prometheus.empty() && !options.errors.empty() && !options.total.empty();
    if (has_any && !has_all) {
        throw Error(
            ExitCode::usage,
            "--prometheus, --errors and --total go together: holds are chosen by what is counted",
            "deployctl config init -h has an example"
        );
    }
}

/// A gate that compares tells pods by their names.
void need_pods(const char* option, const std::string& selector) {
    if (!selector.empty() && selector.find("${pods}") == std::string::npos) {
        throw Error(
            ExitCode::usage,
            std::string(option) + " names no ${pods}: the new ones could not be told from the old",
            std::string("write pod=~\"${pods}\" among its labels, in single quotes of the shell")
        );
    }
}

/// Nobody is left with a file that every other command refuses.
void need_valid(const std::string& text, const std::string& path, Session& session) {
    const auto loaded = config::read_configuration(text, path);
    if (has_errors(loaded.diagnostics)) {
        session.terminal.err << draw(loaded.diagnostics, session.terminal.err_style);
        throw Error(
            ExitCode::usage,
            "what was asked for makes no " + path + " that is valid: nothing is written",
            "mend the option that is marked, and run it again"
        );
    }
}

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
        const auto trouble = file ? "" : std::generic_category().message(errno);
        std::stringstream content;
        content << file.rdbuf();
        files.push_back({path.string(), content.str(), trouble});
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

/// False where the manifests make none, which is said. Throws where one must not be written over.
bool write_configuration(const Options& options, Session& session, const std::string& path) {
    if (std::filesystem::exists(path) && !options.force) {
        throw Error(
            ExitCode::usage,
            path + " is there already",
            "--force writes over it; -f names another file"
        );
    }
    need_whole_source(options);
    need_pods("--errors", options.errors);
    need_pods("--total", options.total);
    const auto from = options.from.empty() ? std::string(".") : options.from;
    config::InitialRequest request{read_manifests(from), options.workload, options.container};
    auto initial = config::initial_configuration(request);
    request.traffic = traffic_of(options, session, initial);
    if (request.traffic) {
        initial = config::initial_configuration(request);
    }
    session.terminal.err << draw(initial.diagnostics, session.terminal.err_style);
    if (initial.text.empty()) {
        return false;
    }
    need_valid(initial.text, path, session);
    write_new(path, initial.text);
    return true;
}

struct Makefile {
    std::string path;
    std::string text;
    bool is_there = false;  ///< in these words
};

/// Beside the configuration. Throws where another one is there that is not to be written over.
Makefile makefile_beside(const std::string& configuration, const Options& options) {
    const std::filesystem::path file(configuration);
    const auto targets = makefile_targets([](std::string_view verb) { return find_command(verb); });
    Makefile makefile;
    makefile.path = (file.parent_path() / "Makefile").string();
    makefile.text = makefile_text(targets, file.filename().string());
    if (!std::filesystem::exists(makefile.path)) {
        return makefile;
    }
    std::ifstream present(makefile.path, std::ios::binary);
    std::stringstream content;
    content << present.rdbuf();
    makefile.is_there = content.str() == makefile.text;
    if (!makefile.is_there && !options.force) {
        throw Error(
            ExitCode::usage,
            makefile.path + " is there already, and says something else",
            "--force writes over it"
        );
    }
    return makefile;
}

/// What a Makefile alone does not ask for.
bool asks_for_configuration(const Options& options) {
    return !(options.from + options.workload + options.container + options.prometheus +
             options.errors + options.total)
                .empty();
}

void tell(Session& session, const std::vector<std::string>& written) {
    Value::Array files(written.begin(), written.end());
    Result result;
    result.value = Value::map({{"file", written.front()}, {"files", std::move(files)}});
    result.names = written;
    result.text = [&written](const Style& style) {
        std::string text;
        for (const auto& path : written) {
            const auto* next = path.ends_with("Makefile")
                                   ? "; `make` lists what it can do\n"
                                   : "; look at what it guessed, then: deployctl doctor\n";
            text += sign(style, Sign::done) + " wrote " + printable(path) + next;
        }
        return text;
    };
    print(session, result);
}

ExitCode run(const Options& options, Session& session) {
    const auto& place = session.globals.place;
    const auto path = place.file.empty() ? std::string("deploy.yaml") : place.file;
    const auto makefile =
        options.makefile ? std::optional(makefile_beside(path, options)) : std::nullopt;
    std::vector<std::string> written;
    if (!makefile || !std::filesystem::exists(path) || asks_for_configuration(options)) {
        if (!write_configuration(options, session, path)) {
            return ExitCode::usage;
        }
        written.push_back(path);
    }
    if (makefile) {
        if (!makefile->is_there) {
            write_new(makefile->path, makefile->text);
        }
        written.push_back(makefile->path);
    }
    tell(session, written);
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
    form.add_option(
        "--prometheus",
        "URL",
        "a metrics source, whose present traffic says how long holds have to be",
        into(options->prometheus)
    );
    form.add_option(
        "--errors",
        "SELECTOR",
        "its counter of failed requests; ${pods} stands for the pods",
        into(options->errors)
    );
    form.add_option("--total", "SELECTOR", "its counter of all requests", into(options->total));
    form.add_flag(
        "--makefile",
        options->makefile,
        "also a Makefile beside it, with a target for each verb; where deploy.yaml is there, only "
        "that"
    );
    form.add_flag("--force", options->force, "write over a file that is there");
    form.describe("What it guesses stands in comments of the file. Nothing else is written.");
    form.add_example("deployctl config init --from k8s/", "from a folder of manifests");
    form.add_example(
        "deployctl config init --from k8s/ --workload web --container app --force",
        "where there are several"
    );
    form.add_example("deployctl config init --makefile", "make canary TAG=v2 and the like");
    form.add_example(
        "deployctl config init --prometheus http://prom:9090 --errors "
        "'http_requests_total{pod=~\"${pods}\",code=~\"5..\"}' --total "
        "'http_requests_total{pod=~\"${pods}\"}'",
        "with holds that can see something at the traffic of now"
    );
    return [options](Session& session) { return run(*options, session); };
}

}  // namespace deployctl::cli::commands

// SPDX-License-Identifier: Apache-2.0
#include "readiness/checks/docker.hpp"
#include "readiness/checks/package_installs.hpp"
#include "readiness/patterns.hpp"

#include <algorithm>
#include <array>

namespace deployctl::readiness {

namespace {

using documents::Node;

bool is_run(const Node& instruction) {
    return instruction.text_at("op") == "RUN";
}

/// The first of the stage's commands of RUN by which the question is answered.
template <class Ask>
std::optional<Answer> ask_runs(const Node& stage, const Ask& ask) {
    for (const auto& instruction : stage.at("instructions").items) {
        if (is_run(instruction)) {
            for (const auto& command : instruction.at("commands").items) {
                if (auto answer = ask(instruction, command)) {
                    return answer;
                }
            }
        }
    }
    return std::nullopt;
}

Answer pinned(const Node& stage, PackageOrigin origin) {
    auto all = holds();
    auto failure = ask_runs(stage, [&](const Node&, const Node& command) -> std::optional<Answer> {
        const auto install = read_install(command);
        if (!install || install->origin != origin) {
            return std::nullopt;
        }
        if (!install->loose.empty()) {
            const auto what = install->loose.front() + " (" + install->manager + ")";
            return fails_at(command, what, install->example);
        }
        if (install->has_unknown) {
            all = not_known("which packages " + install->manager + " installs is not known here");
        }
        return std::nullopt;
    });
    return failure ? *failure : all;
}

std::optional<Answer> system_packages_are_pinned(const Subject& subject, const Facts&) {
    return pinned(*subject.node, PackageOrigin::system);
}

std::optional<Answer> language_packages_are_pinned(const Subject& subject, const Facts&) {
    return pinned(*subject.node, PackageOrigin::language);
}

std::optional<Answer> installs_language_packages(const Subject& subject, const Facts&) {
    const auto found =
        ask_runs(*subject.node, [](const Node&, const Node& command) -> std::optional<Answer> {
            const auto install = read_install(command);
            const bool is_one = install && install->origin == PackageOrigin::language;
            return is_one ? std::optional(holds()) : std::nullopt;
        });
    return found ? *found : fails("nothing is installed");
}

struct Cache {
    RE2 programs;
    RE2 install;  ///< by which a cache is made
    RE2 without;  ///< an option by which it is not
    RE2 removal;  ///< of another command of the same RUN
    std::string_view mend;
};

const std::array<Cache, 6>& caches() {
    static const std::array<Cache, 6> all = {{
        {"^(apt-get|apt|aptitude)$",
         "(^| )install ",
         "^$",
         "^rm .*/var/lib/apt",
         "rm -rf /var/lib/apt/lists/*"},
        {"^apk$",
         "(^| )(add|update)( |$)",
         "--no-cache",
         "^rm .*/var/cache/apk|^apk cache clean",
         "apk add --no-cache"},
        {"^(yum|dnf|microdnf)$",
         "(^| )install ",
         "^$",
         "^(yum|dnf|microdnf) .*clean all|^rm .*/var/cache/",
         "dnf clean all"},
        {"^zypper$",
         "(^| )(in|install) ",
         "^$",
         "^zypper .*(clean|cc)( |$)|^rm .*/var/cache/",
         "zypper clean"},
        {"^(pip[0-9.]*|python[0-9.]*)$",
         "(^|-m pip )install ",
         "--no-cache-dir",
         "^pip[0-9.]* cache purge|^rm .*/\\.cache",
         "pip install --no-cache-dir"},
        {"^yarn$", "^(install|add|global)( |$)|^$", "^$", "^yarn cache clean", "yarn cache clean"},
    }};
    return all;
}

/// What makes this command's cache, or null.
const Cache* cache_of(const Node& command) {
    const auto* const found = std::ranges::find_if(caches(), [&](const Cache& cache) {
        return is_found(cache.programs, command.text_at("program")) &&
               is_found(cache.install, command.text_at("args"));
    });
    return found == caches().end() ? nullptr : found;
}

bool is_removed(const Cache& cache, const Node& run, const Node& command) {
    static const RE2 mounted("type=cache");
    const auto& flags = run.at("flags").entries;
    const bool is_mounted = std::ranges::any_of(flags, [&](const documents::NodeEntry& flag) {
        return flag.key == "mount" && is_found(mounted, flag.value.text);
    });
    return is_mounted || is_found(cache.without, command.text_at("args")) ||
           std::ranges::any_of(run.at("commands").items, [&](const Node& other) {
               return is_found(
                   cache.removal,
                   std::string(other.text_at("program")) + " " + std::string(other.text_at("args"))
               );
           });
}

std::optional<Answer> image_installs_packages(const Subject& subject, const Facts&) {
    for (const auto* const stage : docker_image_stages(*subject.node)) {
        const auto found =
            ask_runs(*stage, [](const Node&, const Node& command) -> std::optional<Answer> {
                return cache_of(command) != nullptr ? std::optional(holds()) : std::nullopt;
            });
        if (found) {
            return found;
        }
    }
    return fails("nothing is installed");
}

std::optional<Answer> package_caches_are_removed(const Subject& subject, const Facts&) {
    const bool pip_keeps_none = subject.node->at("image/env/PIP_NO_CACHE_DIR").exists();
    for (const auto* const stage : docker_image_stages(*subject.node)) {
        auto failure =
            ask_runs(*stage, [&](const Node& run, const Node& command) -> std::optional<Answer> {
                const auto* const cache = cache_of(command);
                const bool is_pip = cache == &caches()[4];
                if (cache == nullptr || (is_pip && pip_keeps_none) ||
                    is_removed(*cache, run, command)) {
                    return std::nullopt;
                }
                return fails_at(
                    command, std::string(command.text_at("program")), std::string(cache->mend)
                );
            });
        if (failure) {
            return failure;
        }
    }
    return holds();
}

/// `SHELL [..., "-o", "pipefail", ...]`; of PowerShell nothing is known.
bool shell_fails_pipes(const Node& instruction) {
    static const RE2 careful("pipefail|(?i)powershell|pwsh|cmd");
    return std::ranges::any_of(instruction.at("json").items, [&](const Node& word) {
        return is_found(careful, word.text);
    });
}

std::optional<Answer> pipes_fail(const Subject& subject, const Facts&) {
    static const RE2 careful("pipefail");
    bool shell_is_careful = false;
    for (const auto* const stage : docker_lineage(dockerfile_of(subject), *subject.node)) {
        for (const auto& instruction : stage->at("instructions").items) {
            if (instruction.text_at("op") == "SHELL") {
                shell_is_careful = shell_fails_pipes(instruction);
            }
            bool is_careful = shell_is_careful || !is_run(instruction) || stage != subject.node;
            for (const auto& command : instruction.at("commands").items) {
                is_careful = is_careful || is_found(careful, command.text_at("args"));
                if (command.flag_at("piped") && !is_careful) {
                    const auto observed = std::string(command.text_at("program")) + " |";
                    return fails_at(command, observed, "set -o pipefail");
                }
            }
        }
    }
    return holds();
}

std::optional<Answer> downloads_are_not_piped(const Subject& subject, const Facts&) {
    static const RE2 fetch("^(curl|wget)$");
    static const RE2 runs("^(sh|bash|ash|dash|zsh|sudo|python[0-9.]*|perl|node|ruby|pwsh)$");
    static const RE2 inside("\\$\\((curl|wget) ");
    for (const auto& instruction : subject.node->at("instructions").items) {
        const auto& commands = instruction.at("commands").items;
        for (std::size_t at = 0; at < commands.size(); ++at) {
            const auto program = commands[at].text_at("program");
            const bool is_piped = is_found(fetch, program) && commands[at].flag_at("piped") &&
                                  at + 1 < commands.size() &&
                                  is_found(runs, commands[at + 1].text_at("program"));
            const bool is_inside =
                is_found(runs, program) && is_found(inside, commands[at].text_at("args"));
            if (is_piped || is_inside) {
                const auto what = is_piped ? commands[at + 1].text_at("program") : program;
                return fails_at(commands[at], "fed to " + std::string(what), "a checked file");
            }
        }
    }
    return holds();
}

std::optional<Answer> context_is_filtered(const Subject& subject, const Facts& facts) {
    const auto& path = subject.file->path;
    const auto slash = path.rfind('/');
    const auto folder = slash == path.npos ? std::string() : path.substr(0, slash + 1);
    for (const auto& name :
         {folder + ".dockerignore", path + ".dockerignore", std::string(".dockerignore")}) {
        if (facts.file(name) != nullptr) {
            return holds(name);
        }
    }
    return fails("no .dockerignore", folder + ".dockerignore");
}

bool builds(const Node& command) {
    static const RE2 compilers(
        "^(gcc|g\\+\\+|cc|clang|make|cmake|ninja|mvn|mvnw|gradle|gradlew|javac|tsc)$"
    );
    static const RE2 builders("^(go|cargo|npm|yarn|pnpm|dotnet)$");
    static const RE2 verbs("^(build|run build|publish|install --path)( |$)");
    const auto program = command.text_at("program");
    return is_found(compilers, program) ||
           (is_found(builders, program) && is_found(verbs, command.text_at("args")));
}

/// `apk del .build-deps`, `apt-get purge gcc`: what built is gone before the layer is made.
bool is_tidied(const Node& run) {
    static const RE2 tidying(
        "^(apk del|apt-get (-\\S+ )*(purge|remove|autoremove)|(yum|dnf) (-y )?remove)"
    );
    return std::ranges::any_of(run.at("commands").items, [&](const Node& command) {
        return is_found(
            tidying,
            std::string(command.text_at("program")) + " " + std::string(command.text_at("args"))
        );
    });
}

std::optional<Answer> last_stage_does_not_build(const Subject& subject, const Facts&) {
    for (const auto* const stage : docker_image_stages(*subject.node)) {
        auto failure =
            ask_runs(*stage, [](const Node& run, const Node& command) -> std::optional<Answer> {
                if (!builds(command) || is_tidied(run)) {
                    return std::nullopt;
                }
                return fails_at(
                    command, std::string(command.text_at("program")), "a stage that builds"
                );
            });
        if (failure) {
            return failure;
        }
    }
    return holds();
}

constexpr std::array<NamedCheck, 9> checks = {{
    {"system-packages-are-pinned", system_packages_are_pinned},
    {"stage-installs-language-packages", installs_language_packages},
    {"language-packages-are-pinned", language_packages_are_pinned},
    {"image-installs-packages", image_installs_packages},
    {"package-caches-are-removed", package_caches_are_removed},
    {"pipes-fail", pipes_fail},
    {"downloads-are-not-piped-to-a-shell", downloads_are_not_piped},
    {"build-context-is-filtered", context_is_filtered},
    {"last-stage-does-not-build", last_stage_does_not_build},
}};

}  // namespace

std::span<const NamedCheck> docker_build_checks() {
    return checks;
}

}  // namespace deployctl::readiness

// SPDX-License-Identifier: Apache-2.0
#include "readiness/checks/commands.hpp"
#include "readiness/checks/pipelines.hpp"
#include "readiness/inputs/deliveries.hpp"
#include "readiness/inputs/github.hpp"
#include "readiness/patterns.hpp"

#include <algorithm>
#include <array>

namespace deployctl::readiness {

namespace {

using documents::Node;

bool has_pipeline(const Facts& facts) {
    return !facts.of("workflow").empty() || !facts.of("gitlab-ci").empty();
}

bool builds_images(const Facts& facts) {
    static const RE2 builds(
        R"(\bdocker (buildx )?build\b|docker/build-push-action|kaniko|\bbuildah (bud|build)\b|\bko build\b|\bjib)"
    );
    return !facts.of("dockerfile").empty() || !first_command(facts, builds).empty();
}

bool pushes_images(const Facts& facts) {
    static const RE2 pushes(
        R"(\bdocker push\b|--push\b|docker/build-push-action|kaniko|\bcrane push\b)"
    );
    return !first_command(facts, pushes).empty();
}

bool delivers_anything(const Facts& facts) {
    return !facts.of("deploy-commands").empty();
}

/// A command that has to be somewhere, and when.
struct Wanted {
    bool (*is_asked)(const Facts& facts);
    const char* pattern;
    const char* missing;
};

template <const Wanted& wanted>
std::optional<Answer> some_command(const Subject& /*repository*/, const Facts& facts) {
    if (!wanted.is_asked(facts)) {
        return std::nullopt;
    }
    static const RE2 pattern(wanted.pattern);
    const auto place = first_command(facts, pattern);
    return guessed(place.empty() ? fails(wanted.missing) : holds(place));
}

constexpr Wanted scans = {
    [](const Facts& facts) { return has_pipeline(facts) && builds_images(facts); },
    R"((?i)\b(trivy|grype|snyk|anchore|clair|docker scout|twistcli|sysdig|container-scanning|container_scanning)\b)",
    "no command scans an image"
};
constexpr Wanted bills = {
    pushes_images,
    R"((?i)\b(syft|sbom|cyclonedx|spdx|bom generate)|provenance=)",
    "no command makes a bill of materials"
};
constexpr Wanted signs = {
    pushes_images,
    R"((?i)\bcosign\b|notation sign|attest-build-provenance|docker trust sign)",
    "no command signs an image"
};
constexpr Wanted audits = {
    has_pipeline,
    R"((?i)npm audit|yarn audit|pnpm audit|pip-audit|osv-scanner|govulncheck|cargo audit|cargo deny|)"
    R"(dependency-review-action|dependency-check|safety (check|scan)|bundler?-audit|trivy (fs|repo)|snyk test|Dependency-Scanning)",
    "no command looks for dependencies with known holes"
};
constexpr Wanted reads_code = {
    has_pipeline,
    R"((?i)codeql|semgrep|sonar|bandit|gosec|golangci-lint|snyk code|brakeman|spotbugs|clang-tidy|Security/SAST)",
    "no command looks for holes in the code"
};
constexpr Wanted seeks_secrets = {
    has_pipeline,
    R"((?i)gitleaks|trufflehog|detect-secrets|git-secrets|ggshield|Secret-Detection)",
    "no command looks for secrets that were committed"
};
constexpr Wanted checks_manifests = {
    [](const Facts& facts) { return has_pipeline(facts) && !facts.of("workload").empty(); },
    R"((?i)kubeconform|kubeval|kube-score|kube-linter|conftest|polaris|checkov|kubescape|deployctl\b.*\b(assess|plan)|--dry-run=server|helm lint|kyverno|datree)",
    "no command checks the manifests before they are applied"
};

bool goes_back_by_itself(const Facts& facts) {
    return !facts.of("deploy-config").empty() || !facts.of("Rollout").empty() ||
           !facts.of("Canary").empty();
}

std::optional<Answer> rollback_exists(const Subject& /*repository*/, const Facts& facts) {
    static const RE2 back(R"((?i)roll_?-?back|rollout undo|--atomic\b)");
    if (!delivers_anything(facts)) {
        return std::nullopt;
    }
    if (goes_back_by_itself(facts)) {
        return holds("what delivers goes back by itself");
    }
    auto place = first_command(facts, back);
    for (const auto* makefile : facts.of("makefile")) {
        for (const auto& target : makefile->node->at("targets").entries) {
            const bool does =
                is_found(back, target.key) && !target.value.at("recipe").items.empty();
            place = place.empty() && does ? makefile->path : place;
        }
    }
    return guessed(
        place.empty() ? fails("no command, target or function goes back") : holds(place)
    );
}

bool is_scheduled(const Subject& origin) {
    static const RE2 scheduled("schedule");
    if (const auto* workflow = origin.nearest("workflow")) {
        return is_started_by(*workflow->node, "schedule");
    }
    bool found = false;
    for (const auto* const key : {"rules", "only"}) {
        look_through(origin.node->at(key), [&](const Node& node) {
            found = found || (node.is_scalar() && is_found(scheduled, node.text));
            return !found;
        });
    }
    return found;
}

std::optional<Answer> drift_is_detected(const Subject& /*repository*/, const Facts& facts) {
    static const RE2 compares(
        R"((?i)detailed-exitcode|driftctl|kubectl\b.*\bdiff\b|\bdrift\b|argocd app diff|helm diff)"
    );
    const bool has_state = !facts.of("tf:directory").empty() || !facts.of("workload").empty();
    if (!has_state || !has_pipeline(facts)) {
        return std::nullopt;
    }
    if (!facts.of("Application").empty() || !facts.of("HelmRelease").empty()) {
        return holds("GitOps compares all the time");
    }
    std::string by_hand;
    std::string by_clock;
    look_through_commands(facts, [&](const CommandLine& line) {
        if (is_found(compares, line.text)) {
            auto& place = is_scheduled(*line.origin) ? by_clock : by_hand;
            place = place_text(*line.origin, *line.node);
        }
        return by_clock.empty();
    });
    if (!by_clock.empty()) {
        return guessed(holds(by_clock));
    }
    return guessed(fails(
        by_hand.empty() ? "nothing compares what is wanted with what is there"
                        : "the comparison at " + by_hand + " runs by no schedule"
    ));
}

std::optional<Answer> dependencies_updated(const Subject& /*repository*/, const Facts& facts) {
    static constexpr std::array<std::string_view, 8> files = {
        ".github/dependabot.yml",
        ".github/dependabot.yaml",
        "renovate.json",
        "renovate.json5",
        ".github/renovate.json",
        ".github/renovate.json5",
        ".renovaterc",
        ".renovaterc.json"
    };
    static const RE2 runs("(?i)renovate");
    if (!has_pipeline(facts)) {
        return std::nullopt;
    }
    const bool is_there = std::ranges::any_of(files, [&](std::string_view file) {
        return facts.file(file) != nullptr;
    });
    return is_there || !first_command(facts, runs).empty()
               ? holds()
               : fails("neither Dependabot nor Renovate is configured");
}

/// Builds whose tag is known to be none of the commit.
bool has_floating_tag(std::string_view line) {
    static const RE2 tagged(R"(\bdocker\b.*\b(build|tag|push)\b|\bbuildah\b|--destination)");
    static const RE2 latest(R"([\w/.-]+:latest\b)");
    return is_found(tagged, line) && is_found(latest, line);
}

std::optional<Answer> tags_name_commits(const Subject& /*repository*/, const Facts& facts) {
    static const RE2 commit(
        R"((?i)github\.sha|GITHUB_SHA|CI_COMMIT_(SHORT_)?(SHA|TAG)|git rev-parse|git describe|docker/metadata-action|ref_name|github\.ref|\bgit log\b)"
    );
    if (!pushes_images(facts)) {
        return std::nullopt;
    }
    std::string named;
    std::string floating;
    const auto take = [&](std::string_view text, const Subject& origin, const Node& node) {
        if (named.empty() && is_found(commit, text)) {
            named = place_text(origin, node);
        }
        if (floating.empty() && has_floating_tag(text)) {
            floating = place_text(origin, node);
        }
    };
    look_through_commands(facts, [&](const CommandLine& line) {
        take(line.text, *line.origin, *line.node);
        return named.empty();
    });
    // Where a Makefile or a step hands the tag over.
    for (const auto* const kind : {"makefile", "workflow"}) {
        for (const auto* origin : facts.of(kind)) {
            look_through(*origin->node, [&](const Node& node) {
                if (node.is_scalar()) {
                    take(node.text, *origin, node);
                }
                return named.empty();
            });
        }
    }
    if (!named.empty()) {
        return guessed(holds(named));
    }
    return guessed(fails(
        floating.empty() ? "no tag of an image names the commit"
                         : "the tag at " + floating + " does not name the commit"
    ));
}

std::optional<Answer> migration_before_rollout(const Subject& commands, const Facts& /*facts*/) {
    static const RE2 migrates(
        R"((?i)\bmigrat(e|ions?)\b|flyway|liquibase|alembic upgrade|goose\b.*\bup\b)"
    );
    const Node* migration = nullptr;
    const Node* rollout = nullptr;
    for (const auto& line : commands.node->at("lines").items) {
        if (migration == nullptr && is_found(migrates, line.text)) {
            migration = &line;
        }
        if (rollout == nullptr && runs_delivery(line.text) && !is_found(migrates, line.text)) {
            rollout = &line;
        }
    }
    if (migration == nullptr || rollout == nullptr) {
        return std::nullopt;
    }
    return guessed(
        migration < rollout ? holds()
                            : fails_at(*migration, "the migration comes after the rollout")
    );
}

constexpr std::array<NamedCheck, 12> checks = {{
    {"images-are-scanned", some_command<scans>},
    {"sbom-is-made", some_command<bills>},
    {"images-are-signed", some_command<signs>},
    {"dependencies-audited", some_command<audits>},
    {"code-is-scanned", some_command<reads_code>},
    {"secrets-are-sought", some_command<seeks_secrets>},
    {"manifests-are-checked", some_command<checks_manifests>},
    {"rollback-exists", rollback_exists},
    {"drift-is-detected", drift_is_detected},
    {"dependencies-updated", dependencies_updated},
    {"tags-name-commits", tags_name_commits},
    {"migration-before-rollout", migration_before_rollout},
}};

}  // namespace

std::span<const NamedCheck> delivery_checks() {
    return checks;
}

}  // namespace deployctl::readiness

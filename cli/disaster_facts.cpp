// SPDX-License-Identifier: Apache-2.0
#include "cli/disaster_facts.hpp"

#include "cli/deploy_file.hpp"
#include "cli/disaster_backup.hpp"
#include "cli/environment_standing.hpp"
#include "cli/output/style.hpp"
#include "cli/redacting.hpp"
#include "cli/standings.hpp"
#include "documents/json.hpp"
#include "ports/scripts.hpp"

#include <algorithm>
#include <filesystem>
#include <sstream>
#include <utility>

namespace deployctl::cli {

namespace {

struct Wish {
    std::string from;
    std::string tag;  ///< empty: what was promoted there last
};

/// The digest is the one that was promoted there by that tag, which may have been moved since; else
/// the registry's. Why there is none; empty: it is known, or nobody asks for one.
std::string find_version(
    Session& session,
    const Configuration& configuration,
    const Wish& wish,
    engine::DisasterFacts& facts
) {
    const auto promoted = promoted_in(session, configuration, wish.from);
    const auto standing = std::ranges::find_if(promoted, [&wish](const RolloutRecord& one) {
        return wish.tag.empty() || one.next_version == wish.tag;
    });
    facts.version = wish.tag;
    if (standing != promoted.end()) {
        facts.version = standing->next_version;
        facts.digest = standing->digest;
    }
    if (wish.tag.empty() || !facts.digest.empty()) {
        return "";
    }
    const auto told = ask_registry(session, configuration.app, wish.tag, "");
    facts.digest = told.digest;
    return told.trouble;
}

bool cannot_be_run(const std::string& path) {
    namespace fs = std::filesystem;
    constexpr auto any = fs::perms::owner_exec | fs::perms::group_exec | fs::perms::others_exec;
    std::error_code unknown;
    const auto status = fs::status(path, unknown);
    return !unknown && fs::is_regular_file(status) && (status.permissions() & any) == fs::perms{};
}

/// What is run in earnest is what was there when the plan was made, and can be run at all.
void freeze_scripts(Session& session, engine::DisasterDraft& draft) {
    auto& files = session.parts.outside().files;
    for (auto& stage : draft.plan.stages) {
        if (stage.run.empty() || !is_script(stage.run.front())) {
            continue;
        }
        const auto& path = stage.run.front();
        const auto script = read_script(files, path);
        const auto head = std::string("stage ") + engine::to_text(stage.step) + ": " + path;
        if (script.kind != FileAnswer::Kind::read) {
            draft.refusals.push_back(
                head + " cannot be read: " + script.failure +
                "; its path begins in the working folder"
            );
        } else if (cannot_be_run(path)) {
            draft.refusals.push_back(head + " is not executable: chmod +x " + path);
        } else {
            stage.script_hash = documents::sha256_hex(script.text);
        }
    }
}

/// The plan is kept in the journal, word by word, so that it can be gone on with.
void refuse_secrets(engine::DisasterDraft& draft) {
    for (const auto& stage : draft.plan.stages) {
        if (redacted_command(stage.run) != stage.run) {
            draft.refusals.push_back(
                std::string("stage ") + engine::to_text(stage.step) +
                ": a word of its program looks like a secret, and would be kept in the journal: "
                "let the program read it from a file or from its environment"
            );
        }
    }
}

/// In earnest a registry out of reach stops nothing: the nodes may have the image.
void ask_for_image(
    Session& session, const Configuration& configuration, engine::DisasterDraft& draft
) {
    const auto& plan = draft.plan;
    if (plan.version.empty()) {
        return;
    }
    const auto told = ask_registry(session, configuration.app, plan.version, plan.digest);
    if (!told.trouble.empty()) {
        const bool is_earnest = plan.exercise == engine::Exercise::failover;
        (is_earnest ? draft.warnings : draft.refusals).push_back(told.trouble);
    }
}

}  // namespace

engine::DisasterDraft draft_disaster(
    Session& session,
    const Configuration& configuration,
    engine::Exercise exercise,
    const std::string& tag
) {
    const auto settings = configuration.disaster.value_or(DisasterSettings());
    const bool is_back = exercise == engine::Exercise::failback;
    const auto from = is_back ? settings.standby : settings.primary;
    engine::DisasterFacts facts;
    const auto unresolved = find_version(session, configuration, {from, tag}, facts);
    const auto backup = settings.database.empty()
                            ? std::nullopt
                            : find_last_backup(configuration, {from, settings.database});
    if (backup) {
        facts.backup = backup->last;
    }
    auto draft = engine::plan_disaster(configuration, exercise, facts);
    freeze_scripts(session, draft);
    refuse_secrets(draft);
    if (unresolved.empty()) {
        ask_for_image(session, configuration, draft);
    } else {
        draft.refusals.push_back(unresolved);
    }
    if (backup && backup->seal == plugins::backup::Seal::sealed) {
        draft.warnings.push_back(
            "the backup " + facts.backup->artifact +
            " is sealed: the restore program gets it as it is, and needs the key"
        );
    }
    return draft;
}

std::string app_of(const Session& session) {
    const auto& place = session.globals.place;
    const auto configuration = read_deploy_file(place);
    return place.app.empty() && configuration ? configuration->app.name : place.app;
}

std::string printable_lines(const std::string& text) {
    std::string clean;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) {
        clean += printable(line) + "\n";
    }
    return clean;
}

}  // namespace deployctl::cli

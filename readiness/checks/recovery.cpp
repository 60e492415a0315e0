// SPDX-License-Identifier: Apache-2.0
#include "readiness/checks/recovery.hpp"

#include "documents/lines.hpp"
#include "readiness/checks/commands.hpp"
#include "readiness/checks/promises.hpp"
#include "readiness/cron_period.hpp"
#include "readiness/inputs/github.hpp"
#include "readiness/patterns.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace deployctl::readiness {

namespace {

using documents::Node;

Answer with(Confidence confidence, Answer answer) {
    answer.confidence = confidence;
    return answer;
}

bool runs_anything(const Facts& facts) {
    return !facts.of("workload").empty() || !facts.of("deploy-commands").empty() ||
           !facts.of("tf:directory").empty() || !facts.of("compose-service").empty();
}

/// A line of a document says it; where nothing runs, nothing has to be said.
struct Said {
    const char* pattern;
    const char* missing;
};

template <const Said& said>
std::optional<Answer> some_document(const Subject& /*repository*/, const Facts& facts) {
    if (!runs_anything(facts)) {
        return std::nullopt;
    }
    static const RE2 pattern(said.pattern);
    const auto found = first_said(facts, pattern);
    return with(
        Confidence::declared,
        found.line == nullptr ? fails(said.missing)
                              : holds(place_text(*found.document, *found.line))
    );
}

constexpr Said says_rpo = {
    R"(\bRPO\b\D{0,30}\d|(?i)recovery point objective\D{0,30}\d)",
    "no document says how much data may be lost"
};
constexpr Said says_rto = {
    R"(\bRTO\b\D{0,30}\d|(?i)recovery time objective\D{0,30}\d)",
    "no document says how long a recovery may take"
};
constexpr Said says_objective = {
    R"(\b9\d(\.\d+)? ?%|\bSL[OA]\b.*\d)", "no document says how available the service has to be"
};

/// What copies each change as it happens.
bool copies_all_the_time(const Facts& facts) {
    static const RE2 ships(
        R"(wal-g\b.*wal-push|archive_command|archive-push|pgbackrest|barman|--read-from-remote-server|point_in_time_recovery)"
    );
    const auto keeps = [](const Subject* database) {
        const auto& days = database->node->at("backup_retention_period");
        return days.exists() && days.text != "0";
    };
    return !first_command(facts, ships).empty() ||
           std::ranges::any_of(facts.of("tf:aws_db_instance"), keeps) ||
           std::ranges::any_of(facts.of("tf:aws_rds_cluster"), keeps);
}

/// The shortest pause between two backups that run by a clock.
std::optional<int> shortest_pause(const Facts& facts) {
    std::optional<int> shortest;
    const auto take = [&](std::string_view cron) {
        const auto pause = longest_pause(cron);
        if (pause && (!shortest || *pause < *shortest)) {
            shortest = pause;
        }
    };
    for (const auto* commands : facts.of("backup-commands")) {
        take(commands->node->text_at("schedule"));
    }
    for (const auto* schedule : facts.of("Schedule")) {
        take(schedule->node->text_at("spec/schedule"));
    }
    static const RE2 backup("(?i)backup|dump");
    for (const auto* crontab : facts.of("crontab")) {
        for (const auto& line : crontab->node->at("lines").items) {
            const auto words = documents::split_words(line.text);
            if (words.size() > 5 && is_found(backup, line.text)) {
                const auto end = words[4].data() + words[4].size() - line.text.data();
                take(line.text.substr(0, static_cast<std::size_t>(end)));
            }
        }
    }
    return shortest;
}

std::string duration(int minutes) {
    return minutes >= 60 && minutes % 60 == 0 ? std::to_string(minutes / 60) + " h"
                                              : std::to_string(minutes) + " min";
}

/// Each costs a look through all that runs.
bool is_among_the_first(const Subject& document, const Facts& facts) {
    constexpr std::size_t most = 300;
    const auto all = facts.of("document").first(std::min(most, facts.of("document").size()));
    return std::ranges::find(all, &document) != all.end();
}

std::optional<Answer> rpo_is_kept(const Subject& document, const Facts& facts) {
    for (const auto& line : document.node->at("lines").items) {
        const auto promised = promised_rpo_minutes(line.text);
        if (!promised) {
            continue;
        }
        if (!is_among_the_first(document, facts)) {
            return not_known("there are too many documents to hold against what runs");
        }
        if (copies_all_the_time(facts)) {
            return with(Confidence::heuristic, holds());
        }
        const auto pause = shortest_pause(facts);
        if (!pause) {
            return with(
                Confidence::heuristic,
                fails_at(
                    line, "an RPO of " + duration(*promised) + ", and no backup runs by a clock"
                )
            );
        }
        if (*pause > *promised) {
            return with(
                Confidence::heuristic,
                fails_at(
                    line,
                    "an RPO of " + duration(*promised) + ", and backups up to " + duration(*pause) +
                        " apart",
                    "a copy at least every " + duration(*promised) + ", or point-in-time recovery"
                )
            );
        }
        return with(Confidence::heuristic, holds());
    }
    return std::nullopt;
}

std::optional<Answer> runbook_exists(const Subject& /*repository*/, const Facts& facts) {
    if (!runs_anything(facts)) {
        return std::nullopt;
    }
    const auto runbooks = facts.of("runbook");
    return with(
        Confidence::declared,
        runbooks.empty() ? fails("no document is a runbook") : holds(runbooks[0]->path)
    );
}

std::optional<Answer> owners_exist(const Subject& /*repository*/, const Facts& facts) {
    if (!runs_anything(facts)) {
        return std::nullopt;
    }
    return facts.of("codeowners").empty() ? fails("there is no CODEOWNERS") : holds();
}

const Subject* environment_for(const Facts& facts, std::string_view role) {
    for (const auto* environment : facts.of("environment")) {
        if (environment->node->text_at("role") == role) {
            return environment;
        }
    }
    return nullptr;
}

std::optional<Answer> recovery_environment_exists(
    const Subject& /*repository*/, const Facts& facts
) {
    if (environment_for(facts, "production") == nullptr) {
        return std::nullopt;
    }
    return environment_for(facts, "recovery") != nullptr
               ? holds()
               : fails("no environment is there for the day when production is lost");
}

void find_regions(std::string_view text, std::set<std::string>& regions) {
    static const RE2 region(
        R"re(\b((?:us|eu|ap|sa|ca|me|af|il|cn)-(?:gov-)?(?:north|south|east|west|central)(?:east|west)?-?\d|(?:us|europe|asia|australia|northamerica|southamerica)-(?:north|south|east|west|central)(?:east|west)?\d))re"
    );
    re2::StringPiece rest(text.data(), text.size());
    std::string found;
    while (RE2::FindAndConsume(&rest, region, &found)) {
        regions.insert(found);
    }
}

std::set<std::string> regions_of(const Subject& environment, const Facts& facts) {
    std::set<std::string> regions;
    for (const auto& path : environment.node->at("files").items) {
        if (const auto* file = facts.file(path.text)) {
            find_regions(file->tree.source(), regions);
        }
    }
    return regions;
}

std::optional<Answer> recovery_is_elsewhere(const Subject& environment, const Facts& facts) {
    const auto* production = environment_for(facts, "production");
    if (environment.node->text_at("role") != "recovery" || production == nullptr) {
        return std::nullopt;
    }
    const auto here = regions_of(environment, facts);
    const auto there = regions_of(*production, facts);
    if (here.empty() || there.empty()) {
        return not_known(
            "no file of " + std::string(here.empty() ? environment.name : "production") +
            " names a region"
        );
    }
    const bool is_elsewhere = std::ranges::any_of(here, [&](const std::string& region) {
        return !there.contains(region);
    });
    return with(
        Confidence::heuristic,
        is_elsewhere ? holds() : fails("it is in " + *here.begin() + ", as production is")
    );
}

/// Up to two, of what configures; nothing where that is too much to look through.
std::optional<std::set<std::string>> configured_regions(const Facts& facts) {
    std::size_t left = 32UL << 20U;
    std::set<std::string> regions;
    for (const auto& file : facts.files()) {
        const auto source = file.tree.source();
        if (file.kind == "document" || regions.size() > 1) {
            continue;
        }
        if (source.size() > left) {
            return std::nullopt;
        }
        left -= source.size();
        find_regions(source, regions);
    }
    return regions;
}

const Node* claim_of_regions(const Subject& document) {
    static const RE2 claim(
        R"((?i)\b(multi-?region|cross-?region|across (several |multiple |two )?regions|second region|another region)\b)"
    );
    static const RE2 wish(
        R"((?i)\b(no|not|todo|missing|should|planned|future|want|recommend\w*|consider|roadmap|tbd)\b)"
    );
    for (const auto& line : document.node->at("lines").items) {
        if (is_found(claim, line.text) && !is_found(wish, line.text)) {
            return &line;
        }
    }
    return nullptr;
}

std::optional<Answer> regions_are_there(const Subject& document, const Facts& facts) {
    const auto* line = claim_of_regions(document);
    if (line == nullptr) {
        return std::nullopt;
    }
    const auto regions =
        is_among_the_first(document, facts) ? configured_regions(facts) : std::nullopt;
    if (!regions) {
        return not_known("there is too much to hold the document against");
    }
    if (regions->size() > 1) {
        return with(Confidence::heuristic, holds());
    }
    const auto only =
        regions->empty() ? std::string("none is") : "only " + *regions->begin() + " is";
    return with(
        Confidence::heuristic,
        fails_at(*line, "several regions are claimed, and " + only + " configured")
    );
}

/// A command, a target or a function of this name.
bool something_does(const Facts& facts, const RE2& pattern) {
    if (!first_command(facts, pattern).empty()) {
        return true;
    }
    for (const auto* const kind : {"makefile", "script"}) {
        for (const auto* one : facts.of(kind)) {
            const bool by_name = is_found(pattern, one->path);
            const bool by_target =
                std::ranges::any_of(one->node->at("targets").entries, [&](const auto& target) {
                    return is_found(pattern, target.key) &&
                           !target.value.at("recipe").items.empty();
                });
            if (by_name || by_target) {
                return true;
            }
        }
    }
    return false;
}

std::optional<Answer> failover_exists(const Subject& /*repository*/, const Facts& facts) {
    static const RE2 fails_over(
        R"((?i)fail-?_?over|promote-read-replica|switch-?over|deployctl\b.*\bdr\b|pg_ctl\b.*promote|repmgr|patronictl)"
    );
    if (environment_for(facts, "production") == nullptr && facts.of("restore-commands").empty()) {
        return std::nullopt;
    }
    return with(
        Confidence::heuristic,
        something_does(facts, fails_over) ? holds()
                                          : fails("no script, target or command fails over")
    );
}

bool runs_by_clock(const CommandLine& line) {
    const auto* workflow = line.origin->nearest("workflow");
    return workflow != nullptr && is_started_by(*workflow->node, "schedule");
}

std::optional<Answer> drills_are_scheduled(const Subject& /*repository*/, const Facts& facts) {
    static const RE2 drill(
        R"((?i)\bdrill|game-?day|chaos|deployctl\b.*\b(dr|rehearse)\b|fail-?over|restore)"
    );
    if (facts.of("backup-commands").empty() && environment_for(facts, "recovery") == nullptr) {
        return std::nullopt;
    }
    std::string place;
    look_through_commands(facts, [&](const CommandLine& line) {
        if (is_found(drill, line.text) && runs_by_clock(line)) {
            place = place_text(*line.origin, *line.node);
        }
        return place.empty();
    });
    for (const auto* cron : facts.of("CronJob")) {
        place = is_found(drill, cron->name) ? cron->path : place;
    }
    return with(
        Confidence::heuristic, place.empty() ? fails("no drill runs by a clock") : holds(place)
    );
}

constexpr std::array<NamedCheck, 11> checks = {{
    {"rpo-is-said", some_document<says_rpo>},
    {"rto-is-said", some_document<says_rto>},
    {"objective-is-said", some_document<says_objective>},
    {"rpo-is-kept", rpo_is_kept},
    {"runbook-exists", runbook_exists},
    {"owners-exist", owners_exist},
    {"recovery-environment-exists", recovery_environment_exists},
    {"recovery-is-elsewhere", recovery_is_elsewhere},
    {"regions-are-there", regions_are_there},
    {"failover-exists", failover_exists},
    {"drills-are-scheduled", drills_are_scheduled},
}};

}  // namespace

std::span<const NamedCheck> recovery_checks() {
    return checks;
}

}  // namespace deployctl::readiness

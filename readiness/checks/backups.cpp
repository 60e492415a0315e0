// SPDX-License-Identifier: Apache-2.0
#include "readiness/checks/backups.hpp"

#include "readiness/checks/commands.hpp"
#include "readiness/inputs/github.hpp"
#include "readiness/inputs/paths.hpp"
#include "readiness/patterns.hpp"

#include <algorithm>
#include <array>

namespace deployctl::readiness {

namespace {

using documents::Node;

/// A kind of database, how its image is called and what backs it up.
struct Engine {
    std::string_view name;
    const RE2* image;
    const RE2* tools;
};

std::span<const Engine> engines() {
    static const RE2 postgresql(R"((^|/)(postgres|postgresql|postgis|timescaledb|pgvector)([:@]|$))"
    );
    static const RE2 dumps_postgresql("pg_dump|pg_basebackup|wal-g|pgbackrest|barman");
    static const RE2 mysql(R"((^|/)(mysql|mariadb|percona)([:@]|$))");
    static const RE2 dumps_mysql("mysqldump|mariadb-dump|mydumper|xtrabackup");
    static const RE2 mongodb(R"((^|/)(mongo|mongodb)([:@]|$))");
    static const RE2 dumps_mongodb("mongodump");
    static const RE2 influxdb(R"((^|/)influxdb([:@]|$))");
    static const RE2 dumps_influxdb("influxd? backup");
    static const RE2 etcd(R"((^|/)etcd([:@]|$))");
    static const RE2 saves_etcd("etcdctl");
    static const std::array<Engine, 5> all = {{
        {"PostgreSQL", &postgresql, &dumps_postgresql},
        {"MySQL", &mysql, &dumps_mysql},
        {"MongoDB", &mongodb, &dumps_mongodb},
        {"InfluxDB", &influxdb, &dumps_influxdb},
        {"etcd", &etcd, &saves_etcd},
    }};
    return all;
}

const Engine* engine_of(std::string_view image) {
    const auto all = engines();
    const auto found = std::ranges::find_if(all, [&](const Engine& engine) {
        return is_found(*engine.image, image);
    });
    return found == all.end() ? nullptr : &*found;
}

bool some_backup_runs(const Facts& facts, const RE2& tools) {
    return std::ranges::any_of(facts.of("backup-commands"), [&](const Subject* commands) {
        return std::ranges::any_of(commands->node->at("tools").items, [&](const Node& tool) {
            return is_found(tools, tool.text);
        });
    });
}

/// What backs up volumes, whatever is on them.
bool volumes_are_backed_up(const Facts& facts) {
    static const RE2 any(R"(restic|borg|velero|create-(db-)?snapshot|create-snapshot)");
    return !facts.of("Schedule").empty() || !facts.of("ScheduledBackup").empty() ||
           !facts.of("tf:aws_backup_plan").empty() || some_backup_runs(facts, any);
}

std::optional<Answer> database_has_backup(const Subject& subject, const Facts& facts) {
    std::vector<std::string_view> images = {subject.node->text_at("image")};
    for (const auto& container : subject.node->at("spec/template/spec/containers").items) {
        images.push_back(container.text_at("image"));
    }
    for (const auto image : images) {
        const auto* engine = engine_of(image);
        if (engine == nullptr) {
            continue;
        }
        if (some_backup_runs(facts, *engine->tools) || volumes_are_backed_up(facts)) {
            return guessed(holds());
        }
        return guessed(fails(
            "nothing here backs " + std::string(engine->name) + " up", engine->tools->pattern()
        ));
    }
    return std::nullopt;
}

bool is_retained(const Subject& database) {
    const auto& days = database.node->at("backup_retention_period");
    return days.exists() && days.text != "0";
}

bool anything_backs_up(const Facts& facts) {
    return !facts.of("backup-commands").empty() || volumes_are_backed_up(facts) ||
           std::ranges::any_of(
               facts.of("tf:aws_db_instance"), [](const Subject* one) { return is_retained(*one); }
           ) ||
           std::ranges::any_of(facts.of("tf:aws_rds_cluster"), [](const Subject* one) {
               return is_retained(*one);
           });
}

bool claims_backups(std::string_view line) {
    static const RE2 claim(
        R"((?i)\b(automat\w*|nightly|daily|hourly|weekly|regular|scheduled|continuous|database|encrypted)\b.{0,40}\bback-?ups?\b|)"
        R"(\bback-?ups?\b.{0,60}\b(automat\w*|nightly|daily|hourly|weekly|every|retention|rotation|rotated|scheduled|retained)\b|)"
        R"(\bpoint-in-time recovery\b|\bPITR\b)"
    );
    static const RE2 wish(
        R"((?i)\b(no|not|never|without|todo|missing|should|planned|future|want|need|lacks?|roadmap|tbd|if)\b)"
    );
    return is_found(claim, line) && !is_found(wish, line);
}

/// Where nothing runs, a document speaks of something else.
bool runs_anything(const Facts& facts) {
    return !facts.of("workload").empty() || !facts.of("deploy-commands").empty() ||
           !facts.of("tf:directory").empty() || !facts.of("compose-service").empty();
}

std::optional<Answer> claims_have_evidence(const Subject& document, const Facts& facts) {
    if (!runs_anything(facts)) {
        return std::nullopt;
    }
    for (const auto& line : document.node->at("lines").items) {
        if (claims_backups(line.text)) {
            return guessed(
                anything_backs_up(facts)
                    ? holds()
                    : fails_at(line, "backups are claimed, and nothing here makes one")
            );
        }
    }
    return std::nullopt;
}

bool is_dump(std::string_view line) {
    static const RE2 dumps(
        R"((pg_dump|pg_dumpall|pg_basebackup|mysqldump|mariadb-dump|mongodump|xtrabackup|etcdctl)\b)"
    );
    return is_found(dumps, line);
}

bool is_strict(const Subject& commands, std::string_view option) {
    const auto& strict = commands.node->at("strict").items;
    return std::ranges::find(strict, option, &Node::text) != strict.end();
}

std::optional<Answer> failures_count(const Subject& commands, const Facts& /*facts*/) {
    static const RE2 pipe(R"([^|]\|[^|])");
    static const RE2 asks(R"(\|\|\s*(exit|return|die|fail|\{)|^(if|until|while)\b|PIPESTATUS|\$\?)"
    );
    static const RE2 hides(R"(\|\|\s*(true|:|echo)\b)");
    bool is_asked = false;
    for (const auto& line : commands.node->at("lines").items) {
        if (!is_dump(line.text)) {
            continue;
        }
        is_asked = true;
        if (is_found(hides, line.text)) {
            return guessed(fails_at(line, "a failed dump is waved through"));
        }
        if (is_found(pipe, line.text) && !is_strict(commands, "pipefail")) {
            return guessed(fails_at(
                line, "of the pipe only the end counts: a failed dump is an empty file", "pipefail"
            ));
        }
        const bool is_alone = commands.node->at("lines").items.size() == 1;
        if (!is_found(asks, line.text) && !is_alone && !is_strict(commands, "errexit")) {
            return guessed(fails_at(line, "nobody looks whether the dump failed", "set -e"));
        }
    }
    return is_asked ? std::optional(guessed(holds())) : std::nullopt;
}

/// Told without the line: it is the secret.
std::optional<Answer> backup_hides_passwords(const Subject& commands, const Facts& /*facts*/) {
    static const RE2 plain(
        R"(mysqldump\b[^|]*\s-p[^\s$"']|(PGPASSWORD|MYSQL_PWD)=["']?[^\s$"'`]|--password[= ]["']?[^\s$"'`-]|)"
        R"((mongodump|pg_dump)\b[^|]*(mongodb(\+srv)?|postgres(ql)?)://[^:/\s]+:[^$@\s{]+@)"
    );
    for (const auto& line : commands.node->at("lines").items) {
        if (is_found(plain, line.text)) {
            return fails_at(line, "a password in plain text");
        }
    }
    return holds();
}

/// Whether something that runs by a clock speaks of this.
bool is_called_by_clock(const Facts& facts, const RE2& name) {
    for (const auto* crontab : facts.of("crontab")) {
        for (const auto& line : crontab->node->at("lines").items) {
            if (!line.text.starts_with('#') && is_found(name, line.text)) {
                return true;
            }
        }
    }
    for (const auto* cron : facts.of("CronJob")) {
        bool found = false;
        look_through(cron->node->at("spec/jobTemplate"), [&](const Node& node) {
            found = found || (node.is_scalar() && is_found(name, node.text));
            return !found;
        });
        if (found) {
            return true;
        }
    }
    bool found = false;
    look_through_commands(facts, [&](const CommandLine& line) {
        const auto* workflow = line.origin->nearest("workflow");
        found = workflow != nullptr && is_started_by(*workflow->node, "schedule") &&
                is_found(name, line.text);
        return !found;
    });
    return found;
}

std::optional<Answer> backup_is_scheduled(const Subject& commands, const Facts& facts) {
    if (commands.node->at("schedule").exists()) {
        return holds();
    }
    const auto arrow = commands.path.find(" -> target/");
    const auto name = arrow == std::string::npos ? std::string(base_name(commands.path))
                                                 : "make " + commands.path.substr(arrow + 11);
    if (is_called_by_clock(facts, RE2(RE2::QuoteMeta(name)))) {
        return guessed(holds());
    }
    // The copy before a delivery has its own clock.
    const auto deploys = facts.of("deploy-commands");
    const bool is_before_delivery = std::ranges::any_of(deploys, [&](const Subject* deploy) {
        return deploy->path == commands.path;
    });
    return is_before_delivery ? std::nullopt
                              : std::optional(guessed(fails("nothing here runs it by a clock")));
}

std::optional<Answer> restore_exists(const Subject& /*repository*/, const Facts& facts) {
    if (facts.of("backup-commands").empty()) {
        return std::nullopt;
    }
    const auto restores = facts.of("restore-commands");
    return guessed(
        restores.empty() ? fails("no command brings a backup back") : holds(restores[0]->path)
    );
}

std::optional<Answer> restore_is_tested(const Subject& /*repository*/, const Facts& facts) {
    static const RE2 drills(R"((?i)restore|drill|dr test|recovery.test)");
    if (facts.of("backup-commands").empty()) {
        return std::nullopt;
    }
    return guessed(
        is_called_by_clock(facts, drills)
            ? holds()
            : fails("nothing restores a backup by a clock to see that it can")
    );
}

std::optional<Answer> state_is_backed_up(const Subject& /*repository*/, const Facts& facts) {
    static const RE2 pulls(R"(terraform\b.*\bstate pull\b|tofu\b.*\bstate pull\b)");
    if (facts.of("tf:directory").empty()) {
        return std::nullopt;
    }
    if (!facts.of("tf:aws_s3_bucket_versioning").empty()) {
        return holds("a bucket keeps versions");
    }
    const auto place = first_command(facts, pulls);
    return guessed(
        place.empty() ? fails("neither a copy of the state nor a bucket with versions is here")
                      : holds(place)
    );
}

std::optional<Answer> backup_age_is_watched(const Subject& /*repository*/, const Facts& facts) {
    static const RE2 age(R"((?i)backup|snapshot|last_successful_time|cronjob)");
    if (facts.of("backup-commands").empty() || facts.of("alert").empty()) {
        return std::nullopt;
    }
    const bool is_watched = std::ranges::any_of(facts.of("alert"), [](const Subject* alert) {
        return is_found(age, alert->name) || is_found(age, alert->node->text_at("expr"));
    });
    return guessed(is_watched ? holds() : fails("no alert says that a backup is late"));
}

constexpr std::array<NamedCheck, 9> checks = {{
    {"database-has-backup", database_has_backup},
    {"claims-have-evidence", claims_have_evidence},
    {"backup-failures-count", failures_count},
    {"backup-hides-passwords", backup_hides_passwords},
    {"backup-is-scheduled", backup_is_scheduled},
    {"restore-exists", restore_exists},
    {"restore-is-tested", restore_is_tested},
    {"state-is-backed-up", state_is_backed_up},
    {"backup-age-is-watched", backup_age_is_watched},
}};

}  // namespace

std::span<const NamedCheck> backup_checks() {
    return checks;
}

}  // namespace deployctl::readiness

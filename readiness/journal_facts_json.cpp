// SPDX-License-Identifier: Apache-2.0
#include "documents/json.hpp"
#include "readiness/inputs/yaml_language.hpp"
#include "readiness/journal_facts.hpp"
#include "readiness/live.hpp"

namespace deployctl::readiness {

namespace {

using std::chrono::seconds;

Value seconds_value(const std::optional<seconds>& span) {
    return span ? Value(static_cast<std::int64_t>(span->count())) : Value();
}

Value drill_value(const std::optional<DrillFact>& drill) {
    return drill ? Value::map({
                       {"number", drill->number},
                       {"is_good", drill->is_good},
                       {"age_seconds", seconds_value(drill->age)},
                       {"rto_seconds", seconds_value(drill->rto)},
                       {"rpo_seconds", seconds_value(drill->rpo)},
                   })
                 : Value();
}

Value drills_value(const DrillFacts& drills) {
    return Value::map({
        {"every_seconds", seconds_value(drills.every)},
        {"rto_target_seconds", seconds_value(drills.rto)},
        {"rpo_target_seconds", seconds_value(drills.rpo)},
        {"last", drill_value(drills.last)},
        {"last_good", drill_value(drills.last_good)},
    });
}

Value returns_value(const ReturnFacts& returns) {
    return Value::map({
        {"count", returns.count},
        {"median_seconds", seconds_value(returns.median)},
        {"slowest_seconds", seconds_value(returns.slowest)},
        {"rto_target_seconds", seconds_value(returns.target)},
    });
}

AssessedFile empty_file() {
    AssessedFile file;
    file.path = journal_path;
    file.kind = journal_kind;
    file.rendering = live_rendering;
    return file;
}

}  // namespace

AssessedFile journal_file(const JournalFacts& facts) {
    Value::Array backups;
    for (const auto& backup : facts.backups) {
        backups.push_back(Value::map({
            {"database", backup.database},
            {"can_be_verified", backup.can_be_verified},
            {"verified_seconds_ago", seconds_value(backup.verified)},
            {"failed_seconds_ago", seconds_value(backup.failed_last)},
        }));
    }
    const auto all = Value::map({
        {"drills", facts.drills ? drills_value(*facts.drills) : Value()},
        {"rollbacks", facts.returns ? returns_value(*facts.returns) : Value()},
        {"backups", std::move(backups)},
    });
    auto file = empty_file();
    file.tree = yaml_language().read(documents::write_json_indented(all)).tree;
    return file;
}

AssessedFile unread_journal(std::string why) {
    auto file = empty_file();
    file.trouble.what = std::move(why);
    return file;
}

}  // namespace deployctl::readiness

// SPDX-License-Identifier: Apache-2.0
#include "cli/output/backup_json.hpp"

namespace deployctl::cli {

namespace {

using plugins::backup::Fate;
using plugins::backup::Judged;
using plugins::backup::Listed;
using plugins::backup::Presence;

const char* to_text(Presence presence) {
    switch (presence) {
        case Presence::whole: return "whole";
        case Presence::missing: return "missing";
        case Presence::changed: break;
    }
    return "changed";
}

Value seconds_or_null(const std::optional<Duration>& duration) {
    return duration ? Value(in_seconds(*duration)) : Value();
}

}  // namespace

Value to_value(
    const Listed& listed, const Database& database, const std::string& short_id, WallTime now
) {
    auto value = plugins::backup::to_value(listed.artefact);
    value.set("/short_id", short_id);
    value.set("/path", database.folder().path_of(listed.artefact.file));
    value.set("/file_is", to_text(listed.presence));
    value.set("/good", listed.is_good());
    value.set("/age_seconds", in_seconds(now - listed.artefact.making.started));
    return value;
}

Value to_value(const Judged& judged, const Database& database) {
    const auto& artefact = judged.listed.artefact;
    return Value::map({
        {"id", artefact.id},
        {"database", database.name()},
        {"path", database.folder().path_of(artefact.file)},
        {"bytes", artefact.making.bytes},
        {"goes", judged.fate == Fate::goes},
        {"why", judged.why},
    });
}

Value to_value(const Freshness& freshness, const Database& database) {
    return Value::map({
        {"database", database.name()},
        {"folder", database.settings.dir},
        {"newest_good_age_seconds", seconds_or_null(freshness.age)},
        {"max_age_seconds", seconds_or_null(freshness.max_age)},
        {"stale", freshness.is_stale()},
    });
}

Value unreadable_value(const Database& database) {
    Value::Array items;
    for (const auto& one : database.unreadable()) {
        items.push_back(Value::map({
            {"database", database.name()},
            {"manifest", database.folder().path_of(one.manifest)},
            {"why", one.why},
        }));
    }
    return Value(std::move(items));
}

}  // namespace deployctl::cli

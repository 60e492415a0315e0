// SPDX-License-Identifier: Apache-2.0
#include "state/pruning.hpp"

#include "state/connection.hpp"
#include "state/rows.hpp"
#include "state/statement.hpp"
#include "state/transaction.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <ranges>

namespace deployctl::state {

namespace {

using Records = std::vector<RolloutRecord>;

/// In the order in which rows can go: what refers to a rollout before the rollout.
constexpr std::array tables_of_rollout{
    "events", "steps", "attempts", "gate_results", "causes", "requests", "approvals", "plans"
};

std::vector<std::int64_t> read_targets(SQLite::Database& database, const std::string& app) {
    auto rows =
        prepare(database, "SELECT id FROM targets WHERE ?1 = '' OR app = ?1 ORDER BY id", app);
    std::vector<std::int64_t> targets;
    while (rows.executeStep()) {
        targets.push_back(rows.getColumn(0).getInt64());
    }
    return targets;
}

Records read_oldest_first(SQLite::Database& database, std::int64_t target) {
    auto rows =
        prepare(database, select_rollouts + "WHERE r.target_id = ? ORDER BY r.number", target);
    return read_records(rows);
}

bool is_promoted(const RolloutRecord& rollout) {
    return rollout.state == RolloutState::promoted;
}

/// The promotion from which a rollback returns, and back to the first one of the same version: what
/// was promoted in between says what that version replaced.
std::size_t first_needed_by_rollback(const Records& rollouts) {
    const auto newest = std::ranges::find_if(rollouts | std::views::reverse, is_promoted);
    if (newest == std::ranges::rend(rollouts)) {
        return rollouts.size();
    }
    const auto& version = newest->next_version;
    if (version == newest->previous_version) {
        return static_cast<std::size_t>(std::distance(newest, rollouts.rend()) - 1);
    }
    const auto first = std::ranges::find_if(rollouts, [&](const RolloutRecord& one) {
        return is_promoted(one) && one.next_version == version;
    });
    return static_cast<std::size_t>(std::distance(rollouts.begin(), first));
}

/// How many of them the rule lets go, from the oldest on.
std::size_t count_removable(const Records& rollouts, const PruneRule& rule, WallTime now) {
    const auto kept = static_cast<std::size_t>(std::max(1, rule.keep.value_or(1)));
    const auto outnumbered = rollouts.size() - std::min(rollouts.size(), kept);
    const auto at_most = std::min(outnumbered, first_needed_by_rollback(rollouts));
    std::size_t count = 0;
    while (count < at_most) {
        const auto& rollout = rollouts[count];
        const bool is_young = rule.keep_for && rollout.ended.value_or(now) > now - *rule.keep_for;
        if (!is_terminal(rollout.state) || is_young) {
            break;
        }
        ++count;
    }
    return count;
}

struct Ends {
    std::int64_t first = 0;
    std::int64_t last = 0;
};

Ends read_ends(SQLite::Database& database, const RolloutId& rollout) {
    auto row =
        prepare(database, "SELECT min(seq), max(seq) FROM events WHERE rollout_id = ?", rollout);
    row.executeStep();
    return {row.getColumn(0).getInt64(), row.getColumn(1).getInt64()};
}

/// A remark may follow an end, so that events of two rollouts lie among each other: such a rollout
/// stays until the other one goes, too.
void leave_whole_chain(SQLite::Database& database, const Records& rollouts, std::size_t& count) {
    std::int64_t first_kept = INT64_MAX;
    for (auto at = rollouts.size(); at-- > 0;) {
        const auto ends = read_ends(database, rollouts[at].id);
        if (at < count && ends.last > first_kept) {
            count = at;
        }
        if (at >= count) {
            first_kept = std::min(first_kept, ends.first);
        }
    }
}

std::int64_t last_event(SQLite::Database& database, const Records& removed) {
    std::int64_t last = 0;
    for (const auto& rollout : removed) {
        last = std::max(last, read_ends(database, rollout.id).last);
    }
    return last;
}

/// Before any event goes: the table lets go only of what lies behind an anchor.
void set_anchor(
    SQLite::Database& database, std::int64_t target, const Records& removed, WallTime now
) {
    execute(
        database,
        "INSERT INTO anchors (target_id, seq, hash, rollouts, pruned_at) "
        "SELECT target_id, seq, hash, ?, ? FROM events WHERE target_id = ? AND seq = ? "
        "ON CONFLICT (target_id) DO UPDATE SET seq = excluded.seq, hash = excluded.hash, "
        "rollouts = rollouts + excluded.rollouts, pruned_at = excluded.pruned_at",
        std::int64_t{std::ssize(removed)},
        now,
        target,
        last_event(database, removed)
    );
}

std::int64_t count_events(SQLite::Database& database, const RolloutId& rollout) {
    auto row = prepare(database, "SELECT count(*) FROM events WHERE rollout_id = ?", rollout);
    row.executeStep();
    return row.getColumn(0).getInt64();
}

void remove(SQLite::Database& database, const RolloutId& rollout) {
    for (const std::string table : tables_of_rollout) {
        execute(database, "DELETE FROM " + table + " WHERE rollout_id = ?", rollout);
    }
    execute(database, "DELETE FROM rollouts WHERE id = ?", rollout);
}

void prune_target(
    SQLite::Database& database,
    std::int64_t target,
    const PruneRule& rule,
    WallTime now,
    Pruned& pruned
) {
    auto rollouts = read_oldest_first(database, target);
    auto count = count_removable(rollouts, rule, now);
    leave_whole_chain(database, rollouts, count);
    rollouts.resize(count);
    if (rollouts.empty()) {
        return;
    }
    if (rule.effect == PruneRule::Effect::remove) {
        set_anchor(database, target, rollouts, now);
    }
    for (auto& rollout : rollouts) {
        pruned.events += count_events(database, rollout.id);
        if (rule.effect == PruneRule::Effect::remove) {
            remove(database, rollout.id);
        }
        pruned.rollouts.push_back(std::move(rollout));
    }
}

std::vector<std::string> find_old_operations(
    SQLite::Database& database, const PruneRule& rule, WallTime now
) {
    const auto youngest = rule.keep_for ? std::optional(now - *rule.keep_for) : std::nullopt;
    auto rows = prepare(
        database,
        "WITH ranked AS (SELECT *, row_number() OVER work AS place, "
        "max(CASE state WHEN 'done' THEN number END) OVER (PARTITION BY kind, app, environment, "
        "subject) AS last_good FROM operations "
        "WINDOW work AS (PARTITION BY kind, app, environment, subject ORDER BY number DESC)) "
        "SELECT id FROM ranked WHERE (?1 = '' OR app = ?1) AND place > ?2 "
        "AND state NOT IN ('running', 'needs_human') AND number IS NOT last_good "
        "AND (?3 IS NULL OR ended_at <= ?3) ORDER BY number",
        rule.app,
        std::max(1, rule.keep.value_or(1)),
        youngest
    );
    std::vector<std::string> ids;
    while (rows.executeStep()) {
        ids.push_back(rows.getColumn(0).getString());
    }
    return ids;
}

void prune_operations(
    SQLite::Database& database, const PruneRule& rule, WallTime now, Pruned& pruned
) {
    const auto ids = find_old_operations(database, rule, now);
    pruned.operations = std::ssize(ids);
    if (rule.effect == PruneRule::Effect::show) {
        return;
    }
    for (const auto& id : ids) {
        execute(database, "DELETE FROM operation_events WHERE operation_id = ?", id);
        execute(database, "DELETE FROM operations WHERE id = ?", id);
    }
}

Pruned prune_all(SQLite::Database& database, const PruneRule& rule, WallTime now) {
    Pruned pruned;
    for (const auto target : read_targets(database, rule.app)) {
        prune_target(database, target, rule, now, pruned);
    }
    prune_operations(database, rule, now, pruned);
    return pruned;
}

}  // namespace

Pruned prune(const std::filesystem::path& file, const PruneRule& rule, WallTime now) {
    SqliteOptions options;
    options.file = file;
    const bool removes = rule.effect == PruneRule::Effect::remove;
    // Looked at first: opening for writing would make the file.
    options.access =
        removes && std::filesystem::exists(file) ? Access::read_write : Access::read_only;
    Pruned pruned;
    const auto connection = open_journal(options, now);
    if (!connection) {
        return pruned;
    }
    const auto work = [&] { pruned = prune_all(connection->database(), rule, now); };
    if (removes) {
        write(*connection, work);
    } else {
        guarded(file, work);
    }
    return pruned;
}

}  // namespace deployctl::state

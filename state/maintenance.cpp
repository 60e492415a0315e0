// SPDX-License-Identifier: Apache-2.0
#include "state/maintenance.hpp"

#include "documents/json.hpp"
#include "state/connection.hpp"
#include "state/event_log.hpp"
#include "state/failure.hpp"
#include "state/transaction.hpp"

#include <cerrno>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

namespace deployctl::state {

namespace {

struct Head {
    std::int64_t target = 0;
    std::string app;
    std::int64_t seq = 0;
    std::string hash;
};

std::vector<Head> read_heads(SQLite::Database& database) {
    auto rows = prepare(database, "SELECT id, app, last_seq, last_hash FROM targets ORDER BY id");
    std::vector<Head> heads;
    while (rows.executeStep()) {
        heads.push_back({
            rows.getColumn(0).getInt64(),
            rows.getColumn(1).getString(),
            rows.getColumn(2).getInt64(),
            rows.getColumn(3).getString(),
        });
    }
    return heads;
}

Link read_link(SQLite::Statement& row) {
    Link link;
    link.event.seq = row.getColumn(0).getInt64();
    link.event.rollout = row.getColumn(1).getString();
    link.moment.wall = to_wall_time(row.getColumn(2).getInt64());
    link.moment.boot.since_boot = Duration(row.getColumn(3).getInt64());
    link.moment.boot_id = row.getColumn(4).getString();
    link.actor = row.getColumn(5).getString();
    link.event.type = row.getColumn(6).getString();
    if (!row.getColumn(7).isNull()) {
        link.event.step = row.getColumn(7).getInt();
    }
    link.event.data = documents::read_json(row.getColumn(8).getString());
    link.previous = row.getColumn(9).getString();
    return link;
}

/// Walks one chain and says of each event whether it follows from the one before it.
class ChainWalk {
public:
    ChainWalk(Head head, int at_most)
        : head_(std::move(head)), seq_(head_.seq > at_most ? head_.seq - at_most : 0) {}

    std::int64_t after() const { return seq_; }

    void visit(const Link& link, const std::string& hash, std::vector<std::string>& faults) {
        const bool is_first_seen = hash_.empty() && seq_ > 0;
        if (link.event.seq != seq_ + 1) {
            faults.push_back(place(seq_ + 1) + " is missing");
        } else if (!is_first_seen && link.previous != hash_) {
            faults.push_back(place(link.event.seq) + " does not follow from the one before it");
        } else if (hash != hash_of(link)) {
            faults.push_back(place(link.event.seq) + " was changed after it was written");
        }
        seq_ = link.event.seq;
        hash_ = hash;
    }

    void end(std::vector<std::string>& faults) const {
        if (hash_ != head_.hash) {
            faults.push_back(place(head_.seq) + ", the last one, is not the one that was written");
        }
    }

private:
    std::string place(std::int64_t seq) const {
        return "event " + std::to_string(seq) + " of " + head_.app;
    }

    Head head_;
    std::int64_t seq_;
    std::string hash_;
};

void check_chain(
    SQLite::Database& database, ChainWalk walk, ChainReport& report, std::int64_t target
) {
    auto rows = prepare(
        database,
        "SELECT seq, rollout_id, ts_wall, ts_boot, boot_id, actor, kind, step_idx, body_json, "
        "prev_hash, hash "
        "FROM events WHERE target_id = ? AND seq > ? ORDER BY seq",
        target,
        walk.after()
    );
    while (rows.executeStep()) {
        walk.visit(read_link(rows), rows.getColumn(10).getString(), report.faults);
        ++report.checked;
    }
    walk.end(report.faults);
}

std::unique_ptr<Connection> open_for_reading(const std::filesystem::path& file) {
    SqliteOptions options;
    options.file = file;
    options.access = Access::read_only;
    return open_journal(options, WallTime());
}

}  // namespace

ChainReport verify_chain(const std::filesystem::path& file, int at_most) {
    ChainReport report;
    const auto connection = open_for_reading(file);
    if (connection) {
        guarded(file, [&] {
            for (const auto& head : read_heads(connection->database())) {
                check_chain(connection->database(), ChainWalk(head, at_most), report, head.target);
            }
        });
    }
    return report;
}

void copy_journal(Connection& connection, const std::filesystem::path& copy) {
    // SQLite fills an empty file that is there, and so keeps its mode.
    const int made = ::open(copy.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (made < 0) {
        throw not_writable(copy, std::generic_category().message(errno));
    }
    ::close(made);
    execute(connection.database(), "VACUUM INTO ?", copy.string());
}

void back_up(const std::filesystem::path& file, const std::filesystem::path& copy) {
    const auto connection = open_for_reading(file);
    if (!connection) {
        throw Error(
            ExitCode::state_unreadable, "there is no journal " + file.string() + " to copy"
        );
    }
    guarded(file, [&] {
        connection->database().exec("PRAGMA query_only = OFF");
        copy_journal(*connection, copy);
    });
}

}  // namespace deployctl::state

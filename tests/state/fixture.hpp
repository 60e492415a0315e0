// SPDX-License-Identifier: Apache-2.0
// What the tests of the stores share: a clock that stands still, a folder that goes away, and
// rollouts and entries with defaults.
#pragma once

#include "ports/clock.hpp"
#include "ports/store.hpp"
#include "simcluster/run.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

namespace deployctl::tests {

using namespace simcluster;

class StillClock final : public Clock {
public:
    WallTime now() const override { return wall_; }

    BootTime boot_time() const override { return {wall_ - WallTime()}; }

    std::string boot_id() const override { return "boot-1"; }

    Task<> sleep(Duration duration) override {
        wall_ += duration;
        co_return;
    }

    void advance(Duration duration) { wall_ += duration; }

private:
    WallTime wall_ = *read_rfc3339("2026-01-31T12:00:00Z");
};

class TempFolder {
public:
    TempFolder() {
        std::string pattern = std::filesystem::temp_directory_path() / "deployctl-state-XXXXXX";
        if (::mkdtemp(pattern.data()) == nullptr) {
            throw std::runtime_error("no temporary folder");
        }
        path_ = pattern;
    }

    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;

    ~TempFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

private:
    std::filesystem::path path_;
};

inline std::string read_text(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

inline void write_text(const std::filesystem::path& file, const std::string& text) {
    std::ofstream(file, std::ios::binary) << text;
}

/// "0198f3c2-7d0e-7a41-9b1f-00000000000N".
inline RolloutId id_of(int n) {
    auto digits = std::to_string(n);
    return "0198f3c2-7d0e-7a41-9b1f-" + std::string(12 - digits.size(), '0') + digits;
}

inline NewRollout a_rollout(int n, const std::string& app = "web") {
    NewRollout made;
    made.record.id = id_of(n);
    made.record.target = {app, "production", "shop", "cluster-1"};
    made.record.context = "kind-shop";
    made.record.strategy = StrategyKind::canary;
    made.record.previous_version = "v1";
    made.record.next_version = "v2";
    made.record.digest = "sha256:abc";
    made.record.plan_hash = "f00d";
    made.record.initiator = "ada@laptop";
    made.record.reason = "release day";
    made.plan = Value::map({
        {"schema", 1},
        {"strategy", "canary"},
        {"steps", Value::list({"pin", "scale"})},
        {"share", 0.25},
    });
    made.begun = {"ada@laptop", "v1", "v2", StrategyKind::canary, 7};
    return made;
}

inline Freeze a_freeze(int n, const std::string& app = "web") {
    Freeze made;
    made.id = id_of(n);
    made.app = app;
    made.environment = "production";
    made.by = "ada@laptop";
    made.reason = "the database is \"slow\"";
    made.since = *read_rfc3339("2026-01-31T12:00:00.000123Z");
    return made;
}

inline Approval an_approval(int n) {
    Approval made;
    made.id = id_of(100 + n);
    made.rollout = id_of(n);
    made.name = "sre";
    made.plan_hash = "5d0e";
    made.by = "bob@laptop";
    made.reason = "seen \"it\"";
    made.at = *read_rfc3339("2026-01-31T12:00:00.000123Z");
    return made;
}

inline StateChanged to_state(
    RolloutState from, RolloutState to, Direction direction = Direction::forward
) {
    StateChanged entry;
    entry.from = from;
    entry.to = to;
    entry.direction = direction;
    return entry;
}

inline StateChanged the_end(
    RolloutState from, RolloutState to, ExitCode exit, const std::string& reason
) {
    auto entry = to_state(from, to);
    entry.exit = exit;
    entry.reason = reason;
    return entry;
}

inline IntentRecorded an_intent(const std::string& attempt) {
    return {
        attempt,
        Direction::forward,
        2,
        EffectVerb::patch,
        {Kind::deployment, "shop", "web"},
        "web/1234/1.1",
        "web/1234/1.2",
        "beef",
    };
}

inline RolloutRecord begin(Store& store, int n, const std::string& app = "web") {
    return run(store.begin(a_rollout(n, app))).rollout;
}

inline AppendResult append(Store& store, int n, std::int64_t version, std::vector<Entry> entries) {
    return run(store.append(id_of(n), version, std::move(entries)));
}

/// Appends at whatever version the rollout has.
inline AppendResult append(Store& store, int n, std::vector<Entry> entries) {
    const auto record = run(store.find(id_of(n)));
    return append(store, n, record.value().version, std::move(entries));
}

/// What a call of a store throws, with its help; empty where it throws nothing.
template <class Work>
std::string message_of(Work work) {
    try {
        work();
    } catch (const Error& error) {
        return std::string(error.what()) + " | " + error.help();
    }
    return "";
}

}  // namespace deployctl::tests

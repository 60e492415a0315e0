// SPDX-License-Identifier: Apache-2.0
// Does a gauge of the canary rise (`trend`), or rise more than stable's beside it (`leak`)? By the
// signs of blocks of samples (analysis/trend.hpp): each look adds the blocks that are complete
// since the one before, of the pods that were warm and there for all of a block, so that none is
// counted twice and pods that come and go make no slope. Blocks of a whole rollout count; they
// stand in the evidence, so that another runner goes on. Remembers at most 64 blocks.
#pragma once

#include "analysis/trend.hpp"
#include "gates/gate.hpp"
#include "gates/metric_gate.hpp"

#include <optional>
#include <variant>
#include <vector>

namespace deployctl::gates {

enum class Against { itself, stable };

/// The mean of all series that are whole in a block, or why there is none.
struct BlockReading {
    enum class Kind { whole, warming, none } kind{};
    std::vector<analysis::Sample> samples;
};

/// Ten samples from `begin` on; a series counts that is there for `warm_up` before.
BlockReading read_block(
    const MetricAnswer& answer, WallTime begin, Duration resolution, Duration warm_up
);

/// From the first look on, before which it never answers: a warm-up, and blocks.
Duration least_time(const SlopeSettings& settings);
/// "13m: 5 blocks of 10 samples, one in 15s, after 30s of warm_up"
std::string least_time_told(const SlopeSettings& settings);

/// By all blocks so far.
Verdict judge(
    const SlopeSettings& settings,
    Against against,
    const analysis::Trend& trend,
    const std::string& query
);
/// Adds the blocks of an earlier look, by its evidence.
void recall(analysis::Trend& trend, Against against, const Value& evidence);

class SlopeGate final : public Gate {
public:
    SlopeGate(const Sources& sources, SlopeSettings settings, Against against);

    Task<Verdict> sample(Subjects subjects) override;

    bool remembers() const override { return true; }

    void recall(const Value& evidence) override;

private:
    struct Side {
        std::string query;
        MetricAnswer answer;
    };

    Task<Side> ask(Subjects subjects, Track track, MetricRange range);
    WallTime begin_of_next(const Subjects& subjects, WallTime now) const;
    Verdict take(const Side& canary, const std::optional<Side>& stable, WallTime now);
    BlockReading take_block(const Side& canary, const std::optional<Side>& stable);
    Verdict judge(const std::string& query, Value blocks) const;

    /// Who is asked, when, and as whom.
    struct Asked {
        Metrics& metrics;
        MetricsSource source;
        Clock& clock;
    };

    Asked asked_;
    SlopeSettings settings_;
    Against against_;
    analysis::Trend trend_;
    std::optional<WallTime> next_;  ///< where the next block begins
    Value::Array added_;            ///< in this look, for the evidence
};

}  // namespace deployctl::gates

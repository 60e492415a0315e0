// SPDX-License-Identifier: Apache-2.0
#include "plugins/backup/retention.hpp"

#include "model/text.hpp"

namespace deployctl::plugins::backup {

namespace {

/// A manifest without its file keeps nothing; one of an object in the cluster still leads to it.
bool is_lost(const Listed& one) {
    return one.presence == Presence::missing && one.artefact.making.held.kind.empty();
}

std::string why_it_goes(const Listed& one, const Retention& keep, std::int64_t days) {
    const std::string which = !one.is_good()   ? "no good"
                              : keep.last <= 1 ? "not the newest good one"
                                               : "none of the last " + std::to_string(keep.last);
    return count_of(days, "day") + " old, and " + which;
}

}  // namespace

std::vector<Judged> judge(
    const std::vector<Listed>& newest_first, const Retention& keep, WallTime now
) {
    std::vector<Judged> judged;
    int good = 0;
    for (const auto& one : newest_first) {
        const bool is_good = one.is_good();
        good += is_good ? 1 : 0;
        const auto age = now - one.artefact.making.started;
        const auto days = std::chrono::duration_cast<std::chrono::days>(age).count();
        Judged verdict{one, Fate::stays, ""};
        if (is_good && good == 1) {
            verdict.why = "the newest good one";
        } else if (is_good && good <= keep.last) {
            verdict.why = "one of the last " + std::to_string(keep.last);
        } else if (is_lost(one)) {
            verdict.fate = Fate::goes;
            verdict.why = "its file is gone";
        } else if (age < std::chrono::days(keep.days)) {
            verdict.why = "younger than " + count_of(keep.days, "day");
        } else {
            verdict.fate = Fate::goes;
            verdict.why = why_it_goes(one, keep, days);
        }
        judged.push_back(std::move(verdict));
    }
    return judged;
}

}  // namespace deployctl::plugins::backup

// SPDX-License-Identifier: Apache-2.0
#include "plugins/backup/retention.hpp"

#include "model/text.hpp"

namespace deployctl::plugins::backup {

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
        } else if (age < std::chrono::days(keep.days)) {
            verdict.why = "younger than " + count_of(keep.days, "day");
        } else {
            verdict.fate = Fate::goes;
            verdict.why = count_of(days, "day") + " old, and " +
                          (is_good ? "none of the last " + std::to_string(keep.last)
                                   : std::string("no good"));
        }
        judged.push_back(std::move(verdict));
    }
    return judged;
}

}  // namespace deployctl::plugins::backup

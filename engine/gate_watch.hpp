// SPDX-License-Identifier: Apache-2.0
// The gates of a run: when each is due, what it has said so far, and what follows from that. They
// are asked in the background of every step that names them, and for a step's end anew; those that
// ask beyond the cluster beside the watching, and no answer outlives the wait that asked. One a
// run; engine's thread. What it takes to ask is the gate's (`gates/`), what follows is the
// policy's.
#pragma once

#include "engine/errand.hpp"
#include "engine/journal.hpp"
#include "engine/outcome.hpp"
#include "engine/ports.hpp"
#include "gates/gate.hpp"
#include "gates/policy.hpp"
#include "model/plan.hpp"

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace deployctl::engine {

/// Which gates a wait asks.
struct GateOrder {
    Step step;
    std::vector<std::string> must_pass;  ///< before it is done
    BootTime since;                      ///< the wait's begin
};

class GateWatch {
public:
    GateWatch(const Ports& ports, const Plan& plan, Journal& journal);

    /// What they have answered before is no answer for this wait. The longest time for which no
    /// progress can be made only because one of them is not due, or needs more to prove anything.
    Duration ask_anew(const GateOrder& order);
    /// Asks those that are due, for as long as `at_most`; nothing where the wait goes on.
    Task<std::optional<Outcome>> ask(const GateOrder* order, const World* world, Duration at_most);

    /// The wait is over: nobody waits for the answers that are on their way. One that is there by
    /// then is journaled, since its gate has counted it, and counts for no wait.
    Task<> call_off();

    bool all_passed(const GateOrder& order) const;
    /// In words, of those that must pass, which have not yet.
    std::string waiting_text(const GateOrder& order) const;
    /// The step's sequential gates are sure in this wait, of which there is one at least, and no
    /// other gate objects.
    bool have_proven(const GateOrder& order) const;
    int passes_so_far(const std::vector<std::string>& names) const;
    /// The next one of these.
    std::optional<BootTime> due(const std::vector<std::string>& names) const;
    /// For the display: "errors pass, 0 of 20 requests failed (0%)".
    std::vector<std::string> last_answers() const;

private:
    struct Run {
        std::shared_ptr<gates::Gate> gate;  ///< an errand's as well
        std::optional<Errand> pending;      ///< an answer that is on its way
        int asked_in = 0;                   ///< the step in which it was asked for
        gates::Tally tally;
        gates::Ruling ruling;
        BootTime due;
        std::string last;
        std::optional<BootTime> good_in;  ///< the wait in which it was last good enough
        std::string heard_in;             ///< the stage in which it has answered last
    };

    struct Answered {
        std::string name;
        Verdict verdict;
    };

    std::vector<std::string> longest_due_first(const GateOrder& order);
    std::array<std::vector<std::string>, 2> outside_first(std::vector<std::string> names) const;
    Task<std::vector<Answered>> collect(
        const GateOrder* order, const World* world, std::vector<std::string> names, BootTime until
    );
    Entry take(const GateOrder& order, const Answered& answered);
    Task<std::optional<Outcome>> heed_all(
        const GateOrder* order, const World* world, std::vector<Answered> answers
    );
    Task<> prepare(std::string name);
    Task<std::optional<Verdict>> sample(
        const GateOrder* order, std::string name, const World* world
    );
    Task<std::optional<Verdict>> take_answer(Run* run);
    bool is_heard(const GateOrder& order, const std::string& name) const;
    bool has_passed(const GateOrder& order, const std::string& name) const;
    std::optional<Verdict> out_of_time(const GateOrder& order, const std::string& name) const;
    GateEvaluated left_over(const std::string& name, const Verdict& verdict);
    const GateSettings& settings_of(const std::string& name) const;
    const GatePolicy& policy_of(const std::string& name) const;
    std::optional<Duration> waited(const GateOrder& order, const std::string& name) const;

    const Ports& ports_;
    const Plan& plan_;
    Journal& journal_;
    gates::Subjects about_;  ///< all but the pods and the time
    std::map<std::string, Run> runs_;
};

}  // namespace deployctl::engine

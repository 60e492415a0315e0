// SPDX-License-Identifier: Apache-2.0
#include "cli/returning.hpp"

#include "cli/deploy_file.hpp"
#include "cli/output/plan_view.hpp"
#include "cli/question.hpp"
#include "cli/reading.hpp"
#include "cli/run_results.hpp"
#include "model/image.hpp"

#include <ostream>

namespace deployctl::cli {

namespace {

/// Where it was brought out, by today's configuration where there is one.
Globals place_of(Session& session, const RolloutRecord& promoted) {
    auto globals = session.globals;
    auto& place = globals.place;
    place.environment = promoted.target.environment;
    place.app = promoted.target.app;
    const auto configuration = read_deploy_file(place);
    if (!configuration) {
        place.context = place.context.empty() ? promoted.context : place.context;
        place.kube_namespace = promoted.target.kube_namespace;
        place.environment.clear();
        return globals;
    }
    const auto found = configuration->environments.find(place.environment);
    const bool has_clusters =
        found != configuration->environments.end() && !found->second.waves.clusters.empty();
    if (has_clusters && place.context.empty()) {
        place.context = promoted.context;
    }
    return globals;
}

Order order_of(Session& session, const RolloutRecord& promoted, const ReturnPoint& point) {
    Order order;
    order.tag = point.version;
    order.digest = point.digest;
    order.recorded = RecordedRelease{point.pod_template, point.objects};
    order.strategy = StrategyKind::rolling;
    order.freeze.kind = FreezeRule::Kind::ignore;
    order.manner.errand = Errand::goes_back;
    order.manner.haste = Haste::no_pauses;
    if (deploy_file(session.globals.place).empty()) {
        const auto recorded = read_plan_of(session, promoted);
        order.unconfigured = {
            "deploy/" + recorded.workload,
            read_image(recorded.release.previous_image).repository,
            recorded.container,
        };
    }
    return order;
}

/// Only who says so goes back to what may not be able to serve any more.
ReturnPoint find_point(Session& session, const RolloutRecord& promoted, const ReturnWish& wish) {
    auto point = as_beginning([&] { return find_return_point(session, promoted, wish.to); });
    if (point.contracted_by != 0 && wish.past_contract == PastContract::refused) {
        throw Error(
            ExitCode::blocked,
            "rollout " + std::to_string(point.contracted_by) +
                " has run a contract migration since " + point.version +
                " served: it may not be able to any more",
            "nothing was changed; `--past-contract` of `rollout rollback` goes back all the same"
        );
    }
    return point;
}

}  // namespace

ReturnTrip::ReturnTrip(Session& session, const RolloutRecord& promoted, const ReturnWish& wish)
    : promoted_(promoted),
      globals_(place_of(session, promoted)),
      there_{globals_, session.terminal, session.parts, session.environment},
      point_(find_point(session, promoted, wish)),
      prepared_(prepare(there_, order_of(session, promoted, point_))) {
    refuse_if_active(prepared_);
}

std::string ReturnTrip::words(const Style& style) const {
    const PlanView view{prepared_.cluster.context, style, PlanView::Detail::stages};
    return sign(style, Sign::back) + " " + printable(to_text(point_, promoted_)) + "\n" +
           draw(prepared_.draft, view);
}

engine::RunResult ReturnTrip::run(const RunChoices& choices) {
    return do_plan(there_, choices, prepared_);
}

ExitCode return_from(
    Session& session,
    const RunChoices& choices,
    const RolloutRecord& promoted,
    const ReturnWish& wish
) {
    need_whole_chain(session, promoted.target.app);
    ReturnTrip back(session, promoted, wish);
    auto& terminal = session.terminal;
    terminal.err << back.words(terminal.err_style);
    refuse_if_refused(back.prepared().draft);
    if (back.prepared().draft.is_no_change) {
        throw Error(ExitCode::blocked, back.version() + " runs already", "nothing was changed");
    }
    if (!is_confirmed(session, "Go back to " + back.version() + "?")) {
        throw Error(ExitCode::blocked, "not started, as answered", "nothing was changed");
    }
    return conclude(session, back.run(choices), choices.summary);
}

}  // namespace deployctl::cli

// SPDX-License-Identifier: Apache-2.0
#include "cli/returning.hpp"

#include "cli/deploy_file.hpp"
#include "cli/finding.hpp"
#include "cli/locating.hpp"
#include "cli/output/plan_view.hpp"
#include "cli/question.hpp"
#include "cli/reading.hpp"
#include "cli/return_point.hpp"
#include "cli/steering.hpp"
#include "model/image.hpp"

#include <ostream>

namespace deployctl::cli {

ExitCode return_from(
    Session& session, const RunChoices& choices, const RolloutRecord& newest, const std::string& to
) {
    need_whole_chain(session, newest.target.app);
    Globals globals = session.globals;
    auto& place = globals.place;
    place.environment = newest.target.environment;
    place.app = newest.target.app;
    Session there{globals, session.terminal, session.parts, session.environment};
    Order order;
    const auto point = as_beginning([&] { return find_return_point(session, newest, to); });
    order.tag = point.version;
    order.digest = point.digest;
    order.source = TemplateSource::given;
    order.pod_template = point.pod_template;
    order.strategy = StrategyKind::rolling;
    order.freeze.kind = FreezeRule::Kind::ignore;
    order.haste = Haste::no_pauses;
    if (deploy_file(place).empty()) {
        const auto recorded = read_plan_of(session, newest);
        order.unconfigured = {
            "deploy/" + recorded.workload,
            read_image(recorded.release.previous_image).repository,
            recorded.container,
        };
        place.context = place.context.empty() ? newest.context : place.context;
        place.kube_namespace = newest.target.kube_namespace;
        place.environment.clear();
    }
    const auto prepared = prepare(there, order);
    refuse_if_active(prepared);
    auto& terminal = session.terminal;
    terminal.err << sign(terminal.err_style, Sign::back) << " " << printable(to_text(point, newest))
                 << "\n";
    terminal.err << draw(
        prepared.draft, {prepared.cluster.context, terminal.err_style, PlanView::Detail::stages}
    );
    refuse_if_refused(prepared.draft);
    if (prepared.draft.is_no_change) {
        throw Error(ExitCode::blocked, order.tag + " runs already", "nothing was changed");
    }
    if (!is_confirmed(session, "Go back to " + order.tag + "?")) {
        throw Error(ExitCode::blocked, "not started, as answered", "nothing was changed");
    }
    return run_plan(there, choices, prepared);
}

}  // namespace deployctl::cli

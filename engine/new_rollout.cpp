// SPDX-License-Identifier: Apache-2.0
#include "engine/new_rollout.hpp"

#include "engine/plan_json.hpp"
#include "model/image.hpp"

namespace deployctl::engine {

namespace {

RolloutRecord make_record_row(const Ports& ports, const Plan& plan, const RunOptions& options) {
    RolloutRecord record;
    record.target = plan.target;
    record.context = options.context;
    record.strategy = plan.strategy;
    record.owner = ports.runners.self();
    record.previous_version = version_text(read_image(plan.release.previous_image));
    record.next_version = plan.release.tag;
    record.digest = plan.release.digest;
    record.plan_hash = hash_of(plan);
    record.initiator = options.initiator;
    record.reason = options.reason;
    return record;
}

}  // namespace

NewRollout make_new(const Ports& ports, const Plan& plan, const RunOptions& options, RolloutId id) {
    NewRollout made;
    made.record = make_record_row(ports, plan, options);
    made.record.id = std::move(id);
    made.plan = without_literals(plan);
    made.begun = {
        options.initiator,
        made.record.previous_version,
        made.record.next_version,
        plan.strategy,
        static_cast<int>(plan.course.steps.size()),
    };
    return made;
}

}  // namespace deployctl::engine

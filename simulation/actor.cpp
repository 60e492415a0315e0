// SPDX-License-Identifier: Apache-2.0
#include "simulation/actor.hpp"

#include "engine/adoption.hpp"

#include <boost/asio/co_spawn.hpp>

#include <algorithm>
#include <exception>
#include <stdexcept>

namespace deployctl::simulation {

Actor::Way::Way(Theatre& theatre, Faults faults, const Post& post)
    : cluster(theatre.scenery, post.identity),
      store(theatre.ground.journals.of(post.machine), theatre.scenery, post.identity, post.machine),
      metrics(theatre.ground.metrics, theatre.scenery, post.identity),
      faulty_cluster(cluster, faults.cluster, theatre.ground.clock),
      faulty_store(store, faults.store) {}

Actor::Actor(Theatre& theatre, simcluster::FaultPlan& faults, const Post& post)
    : theatre_(theatre),
      post_(post),
      way_(theatre, {faults, faults}, post),
      sink_(deaf_),
      interrupts_(theatre.ground.clock),
      surroundings_{simcluster::ScriptedRunners(post.identity)} {
    give_tasks(theatre.ground.tasks);
}

Actor::Actor(Theatre& theatre, Faults faults, const Post& post, EventSink& audience)
    : theatre_(theatre),
      post_(post),
      way_(theatre, faults, post),
      sink_(audience),
      interrupts_(theatre.ground.clock),
      surroundings_{simcluster::ScriptedRunners(post.identity)} {
    way_.faulty_cluster.listen([this](const simcluster::WriteTold& told) { tell(told); });
    give_tasks(theatre.ground.tasks);
}

void Actor::give_tasks(const TaskShape& shape) {
    auto& tasks = surroundings_.beyond.tasks;
    tasks.take(seconds(shape.seconds), theatre_.ground.clock);
    const TaskReport failure{TaskEnd::failed, "exit code 1", {}};
    if (shape.expand_fails) {
        tasks.answer("expand", [failure](const TaskOrder&) { return failure; });
    }
    if (shape.contract_fails) {
        tasks.answer("contract", [failure, &failed = theatre_.ground.failed_contracts](auto&) {
            return ++failed == 1 ? failure : TaskReport{TaskEnd::done, "", {}};
        });
    }
}

void Actor::tell(const simcluster::WriteTold& told) {
    RequestSeen seen;
    seen.runner = post_.identity;
    seen.ref = told.ref;
    seen.request = fence_in(told.changes);
    seen.sent = told.sent;
    seen.answered = theatre_.ground.clock.elapsed();
    seen.answer = told.reply.answer;
    seen.retry_after = told.reply.retry_after;
    theatre_.checker.on_answer(seen);
}

void Actor::know_dead(const std::set<std::string>& identities) {
    for (const auto& identity : identities) {
        surroundings_.runners.say(identity, Liveness::dead);
    }
}

/// Beside the cluster and the journal only metrics are simulated.
deployctl::Outside Actor::outside() {
    auto& beyond = surroundings_.beyond;
    return {
        way_.metrics,
        beyond.http,
        beyond.process,
        beyond.files,
        beyond.registry,
        beyond.assessor,
        beyond.tasks,
    };
}

engine::Ports Actor::ports() {
    return {
        way_.faulty_cluster,
        way_.faulty_store,
        theatre_.ground.clock,
        theatre_.ground.ids,
        sink_,
        interrupts_,
        surroundings_.runners,
        outside(),
    };
}

engine::RunOptions Actor::options(const Order& order) const {
    engine::RunOptions options;
    options.initiator = post_.identity;
    options.lock = order.lock;
    options.on_pause = order.on_pause;
    return options;
}

void Actor::begin(Order order) {
    theatre_.turns.enter();
    if (order.lock == engine::LockPolicy::take_over) {
        theatre_.checker.on_takeover(post_.identity);
    }
    boost::asio::co_spawn(theatre_.ground.loop, act(order), [](const std::exception_ptr& error) {
        if (error) {
            std::rethrow_exception(error);
        }
    });
}

/// The border of a process: its death, the message it ends with, and a bug that shows itself.
Task<> Actor::act(Order order) {
    try {
        co_await perform(order);
        departure_.exit = departure_.result ? std::optional(departure_.result->exit) : std::nullopt;
    } catch (const simcluster::SimulatedCrash&) {
        departure_.by_death = true;
    } catch (const Error& error) {
        departure_.exit = error.exit();
        departure_.last_words = error.what();  // and is gone: somebody else takes the rollout up
    } catch (const std::logic_error& bug) {
        theatre_.checker.report("bug", theatre_.ground.clock.elapsed(), bug.what());
    }
    theatre_.checker.on_leave(post_.identity);
    theatre_.turns.leave();
}

Task<> Actor::perform(Order order) {
    const RolloutFilter filter;
    const auto known = co_await theatre_.ground.journals.of(post_.machine).list(filter);
    const auto wanted = options(order);
    const auto world = ports();
    const bool asks_cluster = post_.is_apart && order.verb != Order::Verb::start;
    const bool has_ended = std::ranges::all_of(known, [](const RolloutRecord& rollout) {
        return is_terminal(rollout.state);
    });
    bool is_elsewhere = asks_cluster && known.empty();
    if (asks_cluster && has_ended && !known.empty()) {
        is_elsewhere = co_await is_named_elsewhere();
    }
    if (is_elsewhere) {
        co_await perform_by_cluster(order);
    } else if (order.verb == Order::Verb::start || known.empty()) {
        const auto plan = theatre_.draft.plan;
        departure_.result = co_await engine::start(world, plan, wanted);
    } else if (order.verb == Order::Verb::turn_back) {
        departure_.result = co_await engine::turn_back(world, known.front(), order.request, wanted);
    } else {
        departure_.result = co_await engine::resume(world, known.front(), wanted);
    }
}

/// All that this journal has is over, and the Lease names one that is not, and is in another one:
/// as whoever starts a rollout is told there, that one is gone on with.
Task<bool> Actor::is_named_elsewhere() {
    const auto& target = theatre_.draft.plan.target;
    const auto seen = co_await engine::view_lease(theatre_.ground.cluster, target);
    const auto known = co_await theatre_.ground.journals.of(post_.machine).find(seen.rollout);
    co_return engine::names_unfinished(seen) && !known;
}

/// With a journal that knows nothing of it, as after `rollout adopt`, or with `--from-cluster`.
Task<> Actor::perform_by_cluster(Order order) {
    const auto& target = theatre_.draft.plan.target;
    const auto wanted = options(order);
    const auto world = ports();
    const auto seen = co_await engine::view_lease(theatre_.ground.cluster, target);
    if (order.verb == Order::Verb::turn_back) {
        departure_.result =
            co_await engine::roll_back_from_cluster(world, target.app, target, wanted);
    } else if (seen.rollout.empty()) {
        const auto plan = theatre_.draft.plan;
        departure_.result = co_await engine::start(world, plan, wanted);
    } else {
        const auto adopted = co_await engine::adopt(world, target, wanted);
        departure_.result = co_await engine::resume(world, adopted.rollout, wanted);
    }
}

}  // namespace deployctl::simulation

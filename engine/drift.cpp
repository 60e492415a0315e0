// SPDX-License-Identifier: Apache-2.0
#include "engine/drift.hpp"

#include "documents/json.hpp"
#include "engine/changes.hpp"
#include "engine/effects.hpp"
#include "engine/objects.hpp"
#include "engine/release.hpp"
#include "model/text.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <map>
#include <utility>

namespace deployctl::engine {

namespace {

/// What the actions so far have made of the world.
struct Expected {
    Version stable = Version::previous;
    std::optional<int> stable_replicas;  ///< nothing: not ours to say
    std::map<Slot, int> beside;          ///< pods of those that have to be there
    bool candidate_grows = false;        ///< an autoscaler sizes it
    std::map<std::string, Pointing> pointing;
    bool may_be_freed = false;  ///< WriteTemplate frees Services from a pin to what it replaces
    std::set<std::string> pointed_since;
};

bool writes_stable_size(const Step& step) {
    const auto* scale = std::get_if<Scale>(&step.action);
    const auto* write = std::get_if<WriteTemplate>(&step.action);
    return (scale != nullptr && scale->slot == Slot::stable) ||
           (write != nullptr && write->replicas);
}

Expected at_start(const Plan& plan) {
    Expected expected;
    if (std::ranges::any_of(plan.course.steps, writes_stable_size)) {
        expected.stable_replicas = plan.scene.replicas;
    }
    return expected;
}

void apply(Expected& expected, const Action& action) {
    if (const auto* write = std::get_if<WriteTemplate>(&action)) {
        expected.stable = write->version;
        expected.may_be_freed = true;
        expected.pointed_since.clear();
        if (write->replicas) {
            expected.stable_replicas = write->replicas;
        }
    } else if (const auto* scale = std::get_if<Scale>(&action)) {
        if (scale->slot == Slot::stable) {
            expected.stable_replicas = scale->replicas;
        } else {
            expected.beside[scale->slot] = scale->replicas;
        }
    } else if (std::holds_alternative<MoveAutoscaler>(action)) {
        expected.candidate_grows = true;
    } else if (const auto* point = std::get_if<PointService>(&action)) {
        expected.pointing[point->service] = point->to;
        expected.pointed_since.insert(point->service);
    } else if (std::holds_alternative<CreateCandidate>(action)) {
        expected.beside[Slot::candidate] = 0;
    } else if (std::holds_alternative<CreateBaseline>(action)) {
        expected.beside[Slot::baseline] = 0;
    } else if (std::holds_alternative<RetireCandidate>(action)) {
        expected.beside.erase(Slot::candidate);
    } else if (std::holds_alternative<RetireBaseline>(action)) {
        expected.beside.erase(Slot::baseline);
    }
}

/// Before the step at hand, and after it.
using Expectations = std::array<Expected, 2>;

Expectations expectations(const Plan& plan, int step) {
    auto before = at_start(plan);
    const auto& steps = plan.course.steps;
    const auto count = std::min(static_cast<std::size_t>(std::max(step, 0)), steps.size());
    for (std::size_t index = 0; index < count; ++index) {
        apply(before, steps[index].action);
    }
    auto after = before;
    if (count < steps.size()) {
        apply(after, steps[count].action);
    }
    return {std::move(before), std::move(after)};
}

std::string text_of(const Labels& selector) {
    std::vector<std::string> entries;
    for (const auto& [key, value] : selector) {
        entries.push_back(key + "=" + value);
    }
    return entries.empty() ? "empty" : join(entries, ",");
}

/// A pin by hash is late-bound: any hash is one.
bool is_pointed(const Plan& plan, const std::string& service, Pointing to, const Labels& selector) {
    auto wanted = original_selector(plan, service);
    if (to == Pointing::candidate) {
        wanted[std::string(mark::track)] = track_of(plan, Slot::candidate);
    }
    if (to != Pointing::stable) {
        return selector == wanted;
    }
    const auto labels = read_labels(plan.snapshot.workload.at("/spec/template/metadata/labels"));
    const auto track = labels.find(mark::track);
    const auto key = std::string(track == labels.end() ? mark::template_hash : mark::track);
    const auto pin = selector.find(key);
    if (pin == selector.end() || (track != labels.end() && pin->second != track->second)) {
        return false;
    }
    wanted[key] = pin->second;
    return selector == wanted;
}

Pointing pointing_of(const Expected& expected, const std::string& service) {
    const auto found = expected.pointing.find(service);
    return found == expected.pointing.end() ? Pointing::original : found->second;
}

void compare_service(
    const Plan& plan,
    const Expectations& allowed,
    const ObjectRef& ref,
    const Value& object,
    std::vector<Difference>& found
) {
    const auto selector = read_labels(object.at("/spec/selector"));
    const bool is_ours = std::ranges::any_of(allowed, [&](const Expected& one) {
        const bool is_free = one.may_be_freed && !one.pointed_since.contains(ref.name);
        return is_pointed(plan, ref.name, pointing_of(one, ref.name), selector) ||
               (is_free && (is_pointed(plan, ref.name, Pointing::candidate, selector) ||
                            is_pointed(plan, ref.name, Pointing::original, selector)));
    });
    if (!is_ours) {
        const auto to = pointing_of(allowed.front(), ref.name);
        const auto original = text_of(original_selector(plan, ref.name));
        found.push_back(
            {ref,
             "selector",
             text_of(selector),
             to == Pointing::original ? original : original + " pinned to " + deployctl::to_text(to)
            }
        );
    }
}

template <class Wanted>
void compare_replicas(
    const Expectations& allowed,
    Wanted wanted,
    const ObjectRef& ref,
    const Value& object,
    std::vector<Difference>& found
) {
    const auto replicas = object.number("/spec/replicas", 1);
    const bool is_ours = std::ranges::any_of(allowed, [&](const Expected& one) {
        return !wanted(one) || *wanted(one) == replicas;
    });
    if (!is_ours) {
        found.push_back(
            {ref, "replicas", std::to_string(replicas), std::to_string(*wanted(allowed.front()))}
        );
    }
}

/// Two changes of a hidden value read the same: with it what was decided about one is not taken for
/// the other.
std::string identity_of(const Value& pod_template) {
    constexpr std::size_t enough = 8;
    return documents::sha256_hex(documents::write_json(pod_template)).substr(0, enough);
}

void compare_template(
    const ObjectRef& ref,
    const Value& present,
    std::initializer_list<const Value*> allowed,
    std::vector<Difference>& found
) {
    const bool is_ours =
        std::ranges::any_of(allowed, [&](const Value* one) { return *one == present; });
    if (!is_ours) {
        const auto changes = describe_changes(**allowed.begin(), present);
        const auto text = changes.empty() ? "fewer containers" : join(changes, "; ");
        found.push_back({ref, "pod template", text + " (now " + identity_of(present) + ")", ""});
    }
}

/// Before it is held, that is.
void compare_limits(
    const ObjectRef& ref, const Value& object, const Value& original, std::vector<Difference>& found
) {
    if (limits_of(object) != limits_of(original)) {
        found.push_back({ref, "limits", limits_of(object), limits_of(original)});
    }
}

constexpr std::string_view instead_of = " instead of ";

/// Of what was found alone: what is expected moves on with the steps.
std::string key_of(std::string text) {
    return text.substr(0, text.find(instead_of));
}

std::optional<int> size_beside(const Expected& expected, Slot slot) {
    if (slot == Slot::candidate && expected.candidate_grows) {
        return std::nullopt;
    }
    const auto found = expected.beside.find(slot);
    return found == expected.beside.end() ? std::nullopt : std::optional(found->second);
}

/// The slot made beside stable that the object has to be, by the plan.
std::optional<Slot> slot_beside(
    const Plan& plan, const Expectations& allowed, const ObjectRef& ref
) {
    for (const auto& [slot, size] : allowed[0].beside) {
        if (ref == workload_ref(plan, slot)) {
            return slot;
        }
    }
    return std::nullopt;
}

std::vector<Difference> compare(
    const Plan& plan, const Expectations& allowed, const ObjectRef& ref, const Value& object
) {
    std::vector<Difference> found;
    if (ref == workload_ref(plan, Slot::stable)) {
        const auto size = [](const Expected& one) { return one.stable_replicas; };
        compare_template(
            ref,
            object.at("/spec/template"),
            {&template_of(plan, allowed[0].stable), &template_of(plan, allowed[1].stable)},
            found
        );
        compare_replicas(allowed, size, ref, object, found);
    } else if (const auto slot = slot_beside(plan, allowed, ref)) {
        const auto size = [&](const Expected& one) { return size_beside(one, *slot); };
        const auto wanted = template_beside(plan, *slot);
        compare_template(ref, object.at("/spec/template"), {&wanted}, found);
        compare_replicas(allowed, size, ref, object, found);
    } else if (ref.kind == Kind::service && std::ranges::count(plan.scene.services, ref.name) > 0) {
        compare_service(plan, allowed, ref, object, found);
    }
    return found;
}

}  // namespace

std::string line_of(const Difference& difference) {
    const auto head = to_text(difference.object) + ": " + difference.field;
    return difference.expected.empty()
               ? head + ": " + difference.found
               : head + " is " + difference.found + std::string(instead_of) + difference.expected;
}

std::vector<Difference> drift_of(
    const Plan& plan, int step, const ObjectRef& ref, const Value& object
) {
    if (ref.kind != Kind::autoscaler && ref.kind != Kind::scaled_object) {
        return compare(plan, expectations(plan, step), ref, object);
    }
    std::vector<Difference> found;
    if (step == 0 && !plan.snapshot.autoscalers.empty()) {
        compare_limits(ref, object, plan.snapshot.autoscalers.front(), found);
    }
    return found;
}

std::vector<Difference> drift_of(const Plan& plan, int step, const World& world) {
    std::vector<Difference> found;
    const auto allowed = expectations(plan, step);
    const auto look_at = [&](const ObjectRef& ref, const Value& object) {
        const auto more = compare(plan, allowed, ref, object);
        found.insert(found.end(), more.begin(), more.end());
    };
    for (const auto& ref : workloads_of(plan)) {
        if (const auto* workload = find_workload(world, ref.name)) {
            look_at(ref, workload->body);
        }
    }
    for (const auto& name : plan.scene.services) {
        if (const auto* service = find_service(world, name)) {
            look_at(service_ref(plan, name), service->body);
        }
    }
    return found;
}

bool has_newer_runner(const Plan& plan, const World& world, const Term& own) {
    std::vector<const Value*> bodies;
    for (const auto& ref : workloads_of(plan)) {
        if (const auto* workload = find_workload(world, ref.name)) {
            bodies.push_back(&workload->body);
        }
    }
    for (const auto& name : plan.scene.services) {
        if (const auto* service = find_service(world, name)) {
            bodies.push_back(&service->body);
        }
    }
    return std::ranges::any_of(bodies, [&](const Value* body) {
        return is_of_newer_runner(*body, own);
    });
}

std::optional<Cause> missing_workload(const Plan& plan, int step, const World& world) {
    Cause cause;
    if (find_workload(world, plan.workload) == nullptr) {
        cause.kind = workload_gone;
        cause.subject = to_text(workload_ref(plan, Slot::stable));
        cause.headline = cause.subject +
                         " was deleted by somebody else: create it again from its manifests, then "
                         "`deployctl rollout rollback` ends this";
        return cause;
    }
    const auto beside = slots_beside(plan);
    const bool are_there = std::ranges::all_of(beside, [&](Slot slot) {
        return find_workload(world, name_of(plan, slot)) != nullptr;
    });
    if (are_there) {
        return std::nullopt;
    }
    const auto allowed = expectations(plan, step);
    for (const auto& [slot, size] : allowed[0].beside) {
        const auto ref = workload_ref(plan, slot);
        if (allowed[1].beside.contains(slot) && find_workload(world, ref.name) == nullptr) {
            cause.kind = candidate_gone;
            cause.subject = to_text(ref);
            cause.headline = cause.subject + " was deleted by somebody else";
            return cause;
        }
    }
    return std::nullopt;
}

Cause cause_of_drift(const std::vector<Difference>& differences, const std::string& stage) {
    const auto& first = differences.front();
    Cause cause;
    cause.kind = drift_cause;
    cause.stage = stage;
    cause.subject = to_text(first.object);
    cause.headline = "changed by somebody else: " + line_of(first) +
                     "; resume goes on and writes over it where the plan does, abort brings back "
                     "what was there before the rollout";
    for (const auto& difference : differences) {
        cause.changes.push_back(line_of(difference));
    }
    return cause;
}

void DriftWatch::accept(const std::optional<Cause>& cause) {
    if (cause && cause->kind == drift_cause) {
        for (const auto& change : cause->changes) {
            known_.insert(key_of(change));
        }
    }
}

bool DriftWatch::is_undisturbed(int step, const World& world) const {
    return undisturbed_ && undisturbed_->step == step &&
           undisturbed_->workloads.is_copy_of(world.workloads) &&
           undisturbed_->services.is_copy_of(world.services);
}

std::vector<Difference> DriftWatch::look(const Plan& plan, int step, const World& world) {
    auto found = drift_of(plan, step, world);
    undisturbed_.reset();
    if (found.empty()) {
        undisturbed_ = {step, world.workloads, world.services};
    }
    return confirm(std::move(found));
}

std::vector<Difference> DriftWatch::confirm(std::vector<Difference> differences) {
    std::set<std::string> now;
    std::erase_if(differences, [&](const Difference& one) {
        const auto key = key_of(line_of(one));
        now.insert(key);
        return !seen_.contains(key);
    });
    seen_ = std::move(now);
    return tell(std::move(differences));
}

std::vector<Difference> DriftWatch::tell(std::vector<Difference> differences) const {
    std::erase_if(differences, [&](const Difference& one) {
        return known_.contains(key_of(line_of(one)));
    });
    return differences;
}

}  // namespace deployctl::engine

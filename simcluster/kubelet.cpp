// SPDX-License-Identifier: Apache-2.0
#include "simcluster/kubelet.hpp"

#include "simcluster/pod_status.hpp"

#include <algorithm>

namespace deployctl::simcluster {

namespace {

constexpr Duration probe_period = seconds(10);

std::string container_name(const Value& pod) {
    return pod.text("/spec/containers/0/name");
}

std::string image_of(const Value& pod) {
    return pod.text("/spec/containers/0/image");
}

int restarts_of(const Value& pod) {
    return static_cast<int>(pod.number("/status/containerStatuses/0/restartCount"));
}

std::string pod_ip(int serial) {
    return "10.0." + std::to_string(serial / 250 % 250) + "." + std::to_string(serial % 250 + 1);
}

bool crashes_in(int run, const Behaviour& behaviour) {
    return behaviour.crash && (behaviour.crash->times == 0 || run < behaviour.crash->times);
}

}  // namespace

Duration crash_back_off(int restarts) {
    if (restarts == 0) {
        return Duration{};
    }
    return std::min(
        Duration(seconds(300)), Duration(seconds(10)) * (1 << std::min(restarts - 1, 6))
    );
}

void Kubelet::note(const ObjectChange& change) {
    if (change.ref.kind != Kind::pod || change.after == nullptr) {
        return;
    }
    const auto& pod = *change.after;
    const Ticket ticket{change.ref, pod.text("/metadata/uid"), restarts_of(pod)};
    if (change.before == nullptr) {
        after(sim_.pace.controller, ticket, &Kubelet::schedule);
    } else if (is_leaving(pod) && !is_leaving(*change.before)) {
        const auto grace = seconds(pod.number("/metadata/deletionGracePeriodSeconds", 30));
        const bool runs = pod.has("/spec/nodeName");
        const auto stop = runs ? behaviours_.of(pod).stop_after : sim_.pace.controller;
        sim_.clock.call_in(
            std::min<Duration>(grace, stop),
            [this, ref = ticket.ref, uid = ticket.uid] {
                const auto* found = sim_.objects.find(ref);
                if (found != nullptr && found->text("/metadata/uid") == uid) {
                    sim_.objects.erase(ref);
                }
            }
        );
    }
}

void Kubelet::upset(const ObjectRef& ref) {
    const auto* pod = sim_.objects.find(ref);
    if (pod == nullptr || !pod->has("/status/containerStatuses/0/state/running")) {
        return;
    }
    const Ticket ticket{ref, pod->text("/metadata/uid"), restarts_of(*pod)};
    const auto& behaviour = behaviours_.of(*pod);
    if (crashes_in(ticket.run, behaviour)) {
        after(Duration{}, ticket, &Kubelet::crash);
    } else if (!behaviour.ready_after) {
        after(Duration{}, ticket, &Kubelet::become_unready);
    }
}

/// A step that comes when the pod is leaving, is gone, or has been restarted meanwhile is void.
void Kubelet::after(Duration delay, const Ticket& ticket, Step step) {
    sim_.clock.call_in(delay, [this, ticket, step] {
        const auto* pod = sim_.objects.find(ticket.ref);
        const bool is_due = pod != nullptr && pod->view("/metadata/uid") == ticket.uid &&
                            !is_leaving(*pod) && restarts_of(*pod) == ticket.run;
        if (is_due) {
            (this->*step)(ticket, *pod, behaviours_.of(*pod));
        }
    });
}

void Kubelet::save(const Ticket& ticket, Value pod) {
    sim_.objects.replace(ticket.ref, std::move(pod));
}

void Kubelet::schedule(const Ticket& ticket, Value pod, const Behaviour& behaviour) {
    const auto now = sim_.clock.server_time();
    if (behaviour.start == Behaviour::Start::unschedulable) {
        const auto refused = Value::map({
            {"type", "PodScheduled"},
            {"status", "False"},
            {"reason", "Unschedulable"},
            {"message", behaviour.trouble},
        });
        set_condition(pod, refused, now);
        notices_.warn(pod, "FailedScheduling", behaviour.trouble);
        save(ticket, std::move(pod));
        after(minutes(5), ticket, &Kubelet::schedule);
        return;
    }
    ++scheduled_;
    pod.set("/spec/nodeName", scheduled_ % 2 == 1 ? "node-1" : "node-2");
    pod.set("/status/podIP", pod_ip(scheduled_));
    set_condition(pod, Value::map({{"type", "PodScheduled"}, {"status", "True"}}), now);
    set_waiting(pod, "ContainerCreating", "");
    set_readiness(pod, Readiness::unready, now);
    save(ticket, std::move(pod));
    after(behaviour.start_after, ticket, &Kubelet::start);
}

void Kubelet::start(const Ticket& ticket, Value pod, const Behaviour& behaviour) {
    if (behaviour.start == Behaviour::Start::image_missing) {
        fail_pull(ticket, std::move(pod), behaviour);
        return;
    }
    if (behaviour.start == Behaviour::Start::config_missing) {
        set_waiting(pod, "CreateContainerConfigError", behaviour.trouble);
        notices_.warn(pod, "Failed", "Error: " + behaviour.trouble);
        save(ticket, std::move(pod));
        return;
    }
    set_running(pod, ticket.run, sim_.clock.server_time());
    set_readiness(pod, Readiness::unready, sim_.clock.server_time());
    save(ticket, std::move(pod));
    const bool crashes = crashes_in(ticket.run, behaviour);
    if (crashes) {
        after(behaviour.crash->after, ticket, &Kubelet::crash);
    }
    if (behaviour.ready_after && !(crashes && behaviour.crash->after <= *behaviour.ready_after)) {
        after(*behaviour.ready_after, ticket, &Kubelet::become_ready);
    }
    if (behaviour.unready_after) {
        after(*behaviour.unready_after, ticket, &Kubelet::become_unready);
    }
    if (!behaviour.ready_after && !behaviour.trouble.empty()) {
        after(probe_period, ticket, &Kubelet::complain);
    }
}

void Kubelet::become_ready(const Ticket& ticket, Value pod, const Behaviour&) {
    set_readiness(pod, Readiness::ready, sim_.clock.server_time());
    save(ticket, std::move(pod));
}

void Kubelet::become_unready(const Ticket& ticket, Value pod, const Behaviour& behaviour) {
    set_readiness(pod, Readiness::unready, sim_.clock.server_time());
    save(ticket, pod);
    complain(ticket, std::move(pod), behaviour);
}

void Kubelet::complain(const Ticket& ticket, Value pod, const Behaviour& behaviour) {
    notices_.warn(pod, "Unhealthy", behaviour.trouble);
    after(probe_period, ticket, &Kubelet::complain);
}

void Kubelet::crash(const Ticket& ticket, Value pod, const Behaviour& behaviour) {
    const auto now = sim_.clock.server_time();
    set_terminated(pod, behaviour.crash->exit_code, behaviour.crash->reason, now);
    set_readiness(pod, Readiness::unready, now);
    save(ticket, std::move(pod));
    after(sim_.pace.kubelet, ticket, ticket.run == 0 ? &Kubelet::restart : &Kubelet::back_off);
}

void Kubelet::back_off(const Ticket& ticket, Value pod, const Behaviour&) {
    const auto wait = crash_back_off(ticket.run);
    const auto name = container_name(pod);
    const auto pod_name = pod.text("/metadata/name");
    const auto place = pod_name + "_" + pod.text("/metadata/namespace") + "(" + ticket.uid + ")";
    set_backing_off(
        pod, "back-off " + to_text(wait) + " restarting failed container=" + name + " pod=" + place
    );
    notices_.warn(
        pod, "BackOff", "Back-off restarting failed container " + name + " in pod " + place
    );
    save(ticket, std::move(pod));
    after(wait - sim_.pace.kubelet, ticket, &Kubelet::restart);
}

void Kubelet::restart(const Ticket& ticket, Value pod, const Behaviour& behaviour) {
    if (pod.has("/status/containerStatuses/0/state/terminated")) {
        pod.set(
            "/status/containerStatuses/0/lastState", pod.at("/status/containerStatuses/0/state")
        );
    }
    auto next = ticket;
    next.run += 1;
    start(next, std::move(pod), behaviour);
}

void Kubelet::fail_pull(const Ticket& ticket, Value pod, const Behaviour& behaviour) {
    const auto image = image_of(pod);
    const bool is_first =
        pod.text("/status/containerStatuses/0/state/waiting/reason") != "ErrImagePull";
    const auto reason = behaviour.trouble.empty() ? image + ": not found" : behaviour.trouble;
    const auto why =
        "failed to pull and unpack image \"" + image + "\": failed to resolve reference: " + reason;
    if (is_first) {
        set_waiting(pod, "ErrImagePull", why);
        notices_.warn(pod, "Failed", "Failed to pull image \"" + image + "\": " + why);
    } else {
        set_waiting(
            pod,
            "ImagePullBackOff",
            "Back-off pulling image \"" + image + "\": ErrImagePull: " + why
        );
        notices_.warn(pod, "BackOff", "Back-off pulling image \"" + image + "\"");
    }
    save(ticket, std::move(pod));
    after(is_first ? Duration(seconds(2)) : Duration(seconds(15)), ticket, &Kubelet::fail_pull);
}

}  // namespace deployctl::simcluster

// SPDX-License-Identifier: Apache-2.0
// Scheduler and kubelet in one: takes each pod from Pending to ready, crashes and restarts it with
// the kubelet's back-off, fails to pull images, and ends pods that are deleted; all as the
// behaviour of the image says. One thread.
#pragma once

#include "simcluster/behaviour.hpp"
#include "simcluster/notices.hpp"
#include "simcluster/pace.hpp"

#include <string>

namespace deployctl::simcluster {

class Kubelet {
public:
    Kubelet(Sim sim, const BehaviourTable& behaviours, Notices& notices)
        : sim_(sim), behaviours_(behaviours), notices_(notices) {}

    void note(const ObjectChange& change);
    /// A running pod does at once what its behaviour says by now: crashes, or is unready.
    void upset(const ObjectRef& ref);

private:
    /// One pod at one moment of its life; a step meant for another run of it does nothing.
    struct Ticket {
        ObjectRef ref;
        std::string uid;
        int run = 0;  ///< restarts of the container that decides
    };

    using Step = void (Kubelet::*)(const Ticket&, Value pod, const Behaviour&);

    void after(Duration delay, const Ticket& ticket, Step step);

    void schedule(const Ticket& ticket, Value pod, const Behaviour& behaviour);
    void start(const Ticket& ticket, Value pod, const Behaviour& behaviour);
    void become_ready(const Ticket& ticket, Value pod, const Behaviour& behaviour);
    void become_unready(const Ticket& ticket, Value pod, const Behaviour& behaviour);
    void complain(const Ticket& ticket, Value pod, const Behaviour& behaviour);
    void crash(const Ticket& ticket, Value pod, const Behaviour& behaviour);
    void back_off(const Ticket& ticket, Value pod, const Behaviour& behaviour);
    void restart(const Ticket& ticket, Value pod, const Behaviour& behaviour);
    void fail_pull(const Ticket& ticket, Value pod, const Behaviour& behaviour);

    void save(const Ticket& ticket, Value pod);

    Sim sim_;
    const BehaviourTable& behaviours_;
    Notices& notices_;
    int scheduled_ = 0;
};

/// None, 10 s, 20 s, 40 s ... 5 min: how long the kubelet waits after an exit, by restarts so far.
Duration crash_back_off(int restarts);

}  // namespace deployctl::simcluster

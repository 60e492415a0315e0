// SPDX-License-Identifier: Apache-2.0
// The Deployment controller: a ReplicaSet for each template, sizes step by step within surge and
// unavailability, resizing, revisions, status and conditions. One thread.
#pragma once

#include "simcluster/pace.hpp"
#include "simcluster/work_queue.hpp"

#include <map>
#include <string>
#include <vector>

namespace deployctl::simcluster {

class Deployments {
public:
    explicit Deployments(Sim sim);

    void note(const ObjectChange& change);

private:
    /// A Deployment with its sets, oldest first; `newest` is the one of its present template.
    struct Scene {
        Value deployment;
        std::vector<Value> sets;
        int newest = -1;
    };

    void sync(const ObjectRef& ref);
    Scene look(const ObjectRef& ref) const;
    void make_newest(Scene& scene);
    void resize(Scene& scene);
    void roll(Scene& scene);
    void recreate(Scene& scene);
    void scale(Scene& scene, std::size_t index, int replicas);
    void write_status(const ObjectRef& ref, const Scene& scene);

    Sim sim_;
    WorkQueue queue_;
    WorkQueue deadlines_;
};

/// "7d4b9c6f58": of the canonical text of a pod template.
std::string template_hash(const Value& pod_template);

}  // namespace deployctl::simcluster

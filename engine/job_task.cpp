// SPDX-License-Identifier: Apache-2.0
#include "engine/job_task.hpp"

#include "engine/objects.hpp"
#include "model/image.hpp"

#include <algorithm>

namespace deployctl::engine {

namespace {

constexpr const char* deadline = "/spec/activeDeadlineSeconds";
constexpr std::int64_t kept_seconds = 24L * 60 * 60;
constexpr std::size_t longest_name = 63;  // it becomes a label of its pods
constexpr std::size_t attempt_letters = 8;
constexpr std::string_view is_true = "True";

/// The end of a UUIDv7 is its random part.
std::string name_of(const Value& manifest, const std::string& attempt) {
    const auto suffix =
        "-" + attempt.substr(attempt.size() - std::min(attempt_letters, attempt.size()));
    return manifest.text("/metadata/name").substr(0, longest_name - suffix.size()) + suffix;
}

const Value* condition(const Value& job, std::string_view type) {
    for (const auto& one : job.items("/status/conditions")) {
        if (one.view("/type") == type && one.view("/status") == is_true) {
            return &one;
        }
    }
    return nullptr;
}

void use_image(Value& job, const Plan& plan) {
    const auto ours = read_image(plan.release.image).repository;
    for (const auto* list :
         {"/spec/template/spec/containers", "/spec/template/spec/initContainers"}) {
        for (std::size_t index = 0; index < job.items(list).size(); ++index) {
            const auto place = std::string(list) + "/" + std::to_string(index) + "/image";
            if (read_image(job.text(place)).repository == ours) {
                job.set(place, plan.release.image);
            }
        }
    }
}

void set_missing(Value& job, const char* place, Value value) {
    if (!job.has(place)) {
        job.set(place, std::move(value));
    }
}

}  // namespace

Value make_job(const Plan& plan, const TaskOrder& order, const JobWork& work) {
    auto job = work.manifest;
    job.set("/apiVersion", info(Kind::job).api_version);
    job.set("/kind", info(Kind::job).name);
    job.set("/metadata/name", name_of(job, order.attempt.id));
    job.set("/metadata/namespace", plan.target.kube_namespace);
    job.set("/metadata/labels/" + escape_pointer(mark::app), plan.target.app);
    job.set(annotation_pointer(mark::rollout), order.rollout);
    job.erase("/status");
    const auto most = std::chrono::duration_cast<seconds>(order.task.timeout).count();
    const auto own = job.number(deadline);
    job.set(deadline, own > 0 ? std::min(own, most) : most);  // nobody waits for it any longer
    set_missing(job, "/spec/ttlSecondsAfterFinished", kept_seconds);
    set_missing(job, "/spec/backoffLimit", 0);
    use_image(job, plan);
    return job;
}

bool has_job_ended(const Value& job) {
    return condition(job, "Complete") != nullptr || condition(job, "Failed") != nullptr;
}

TaskReport report_of_job(const std::optional<Value>& job) {
    if (!job) {
        return {TaskEnd::cannot_tell, "its Job was deleted before it had ended", {}};
    }
    if (condition(*job, "Complete") != nullptr) {
        return {TaskEnd::done, "Job/" + job->text("/metadata/name") + " is complete", {}};
    }
    const auto* failed = condition(*job, "Failed");
    if (failed == nullptr) {
        return {TaskEnd::failed, "called off before it had ended", {}};
    }
    const auto reason = failed->text("/reason") + ": " + failed->text("/message");
    return {TaskEnd::failed, "Job/" + job->text("/metadata/name") + " failed, " + reason, {}};
}

}  // namespace deployctl::engine

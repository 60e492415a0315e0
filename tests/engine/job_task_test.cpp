// SPDX-License-Identifier: Apache-2.0
#include "engine/job_task.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;

TEST_CASE("a Job runs no longer than its task may, nor than it says itself", "[engine]") {
    Plan plan;
    plan.target.kube_namespace = "shop";
    TaskOrder order;
    order.attempt.id = "019ae001-0000-7000-8000-000000000001";
    order.task.timeout = minutes(5);
    const auto deadline = [&](Value own) {
        auto manifest = Value::map({{"metadata", Value::map({{"name", "migrate"}})}});
        if (!own.is_null()) {
            manifest.set("/spec/activeDeadlineSeconds", std::move(own));
        }
        return engine::make_job(plan, order, {manifest}).number("/spec/activeDeadlineSeconds");
    };
    CHECK(deadline({}) == 300);
    CHECK(deadline(60) == 60);
    CHECK(deadline(3600) == 300);
    CHECK(deadline(0) == 300);
}

// SPDX-License-Identifier: Apache-2.0
// What could not be seen says what would make it seen: by what it is, and by why.
#include "readiness/reports/next_steps.hpp"

#include "tests/readiness/assessing.hpp"

#include <catch2/catch.hpp>

namespace deployctl::readiness {
namespace {

using Catch::Contains;

/// Of the first subject that the rule could not be asked of.
std::string step_for(const Texts& texts, std::string_view rule) {
    const auto assessment = assess(texts, own_rules());
    for (const auto& result : assessment.results) {
        for (const auto& finding : result.findings) {
            const bool is_open =
                finding.outcome == Outcome::not_assessed && finding.subject != nullptr;
            if (result.rule->id == rule && is_open) {
                return next_step(finding);
            }
        }
    }
    return "nothing is open";
}

TEST_CASE("what is open for want of a value says who can give it", "[readiness]") {
    CHECK_THAT(
        step_for({{"compose.yaml", "services: {web: {image: \"${IMAGE}\"}}\n"}}, "COMPOSE-17"),
        Contains(".env file beside it")
    );
    CHECK_THAT(
        step_for({{"Dockerfile", "FROM a:1\nARG U\nUSER $U\n"}}, "DOCKER-01"),
        Contains("`ARG NAME=value`")
    );
    CHECK_THAT(
        step_for(
            {{"main.tf", "resource \"aws_db_instance\" \"a\" {\n  multi_az = var.multi_az\n}\n"}},
            "AWS-60"
        ),
        Contains("terraform show -json")
    );
}

TEST_CASE("what could not be read says what to install, or whom to ask", "[readiness]") {
    CHECK(
        next_step(UnreadFile{"chart", "there is no helm here to render the chart", {}}) ==
        "install helm, so that it is on $PATH"
    );
    CHECK_THAT(
        next_step(UnreadFile{"live/secrets", "secrets: nobody has allowed to list them", {}}),
        Contains("--verb=list --resource=secrets")
    );
    CHECK_THAT(next_step(UnreadFile{"a.yaml", "a tab", {}}), Contains("`exclude`"));
}

}  // namespace
}  // namespace deployctl::readiness

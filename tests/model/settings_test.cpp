// SPDX-License-Identifier: Apache-2.0
#include "model/settings.hpp"

#include "model/diagnostics.hpp"
#include "model/error.hpp"
#include "model/verdict.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;

TEST_CASE("the words of the settings are read back, and no others", "[model]") {
    for (const auto one : {StrategyKind::rolling, StrategyKind::blue_green, StrategyKind::canary}) {
        CHECK(read_strategy(to_text(one)) == one);
    }
    for (const auto one : {OnFailure::rollback, OnFailure::hold}) {
        CHECK(read_on_failure(to_text(one)) == one);
    }
    for (const auto one : {OnInterrupt::hold, OnInterrupt::shift, OnInterrupt::rollback}) {
        CHECK(read_on_interrupt(to_text(one)) == one);
    }
    for (const auto one : {DigestPolicy::require, DigestPolicy::prefer, DigestPolicy::off}) {
        CHECK(read_digest_policy(to_text(one)) == one);
    }
    CHECK_FALSE(read_strategy("bluegreen"));
    CHECK_FALSE(read_on_failure(""));
    CHECK_FALSE(read_on_interrupt("stop"));
    CHECK_FALSE(read_digest_policy("Prefer"));
}

TEST_CASE("answers have names", "[model]") {
    CHECK(std::string(to_text(Answer::pass)) == "pass");
    CHECK(std::string(to_text(Answer::inconclusive)) == "inconclusive");
}

TEST_CASE("warnings alone are no errors", "[model]") {
    Diagnostic warning;
    warning.severity = Severity::warning;
    CHECK_FALSE(has_errors({}));
    CHECK_FALSE(has_errors({warning}));
    CHECK(has_errors({warning, Diagnostic{}}));
}

TEST_CASE("an error carries its exit code, its help and where it happened", "[model]") {
    Error error(ExitCode::blocked, "no permission", "grant it");
    error.add_context("while shifting traffic of web");
    CHECK(error.exit() == ExitCode::blocked);
    CHECK(std::string(error.what()) == "no permission");
    CHECK(error.help() == "grant it");
    CHECK(error.context() == std::vector<std::string>{"while shifting traffic of web"});
    const ConfigError mistakes({Diagnostic{}});
    CHECK(mistakes.exit() == ExitCode::usage);
    CHECK(mistakes.diagnostics().size() == 1);
}

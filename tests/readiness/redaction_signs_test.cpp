// SPDX-License-Identifier: Apache-2.0
#include "readiness/redaction_signs.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace deployctl::readiness {
namespace {

TEST_CASE("texts without a sign of a secret are spared the long look", "[readiness]") {
    const std::string text = GENERATE(
        as<std::string>(),
        "privileged: false",
        "image: registry.example.com/shop/web:v2",
        "securityContext/runAsUser is not set",
        "replicas: 3",
        "no pod here has these labels",
        "a - b < 3 and -1 > 2",
        "https://example.com/x",
        "prometheus_remote_storage_failed_samples_total_of_x"
    );
    INFO(text);
    CHECK_FALSE(may_hold_secret(text));
}

TEST_CASE("a text with any sign of a secret is looked at", "[readiness]") {
    const std::string text = GENERATE(
        as<std::string>(),
        "DB_PASSWORD=x",
        "curl -u ada:x",
        "-pHunter2",
        "postgres://ada:x@db",
        "api.telegram.org/bot1:x",
        "AKIA0123456789",
        "docker login -u ada",
        "mysql --user=ada:x",
        "${X:-y}",
        "ada:x@tcp(db:3306)",
        "dckr_pat_0123456",
        "hvs.0123456789",
        "shpat_0123456",
        "0123456789abcdefABCDEF0123456789abcdefABCDEF"
    );
    INFO(text);
    CHECK(may_hold_secret(text));
}

}  // namespace
}  // namespace deployctl::readiness

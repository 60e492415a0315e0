// SPDX-License-Identifier: Apache-2.0
#include "tests/promotion/lines.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using promotion::Request;
using tests::digest_of;
using tests::Ground;

TEST_CASE("a version that stands in one environment goes to the next one", "[promotion]") {
    Ground ground;
    ground.stands("dev", "v2").stands("staging", "v1").stands("production", "v1");
    CHECK(
        ground.draw({"v2", "", "", ""}) ==
        "promotion of web v2 (a2a2a2a2a2a2), as it stands in dev\n"
        "  1  staging  web on lab/shop-staging\n"
    );
}

TEST_CASE("the whole line is one plan, each leg behind what it requires", "[promotion]") {
    Ground ground;
    ground.stands("dev", "v2").stands("staging", "v1").stands("production", "v1");
    ground.configuration.promotion.soak["production"] = minutes(90);
    CHECK(
        ground.draw({"", "dev", "", "dr"}) ==
        "promotion of web v2 (a2a2a2a2a2a2), as it stands in dev\n"
        "  1  staging  web on lab/shop-staging\n"
        "  2  production  web on lab/shop-production; after staging, which has stood for 1h30m\n"
        "  3  dr  web on lab/shop-dr; after production\n"
    );
}

TEST_CASE("a version that stands nowhere begins at the registry, in the first one", "[promotion]") {
    const Ground ground;
    CHECK(
        ground.draw({"v2", "", "", "staging"}, digest_of("v2")) ==
        "promotion of web v2 (a2a2a2a2a2a2), from the registry\n"
        "  1  dev  web on lab/shop-dev\n"
        "  2  staging  web on lab/shop-staging; after dev\n"
    );
}

TEST_CASE("no environment is left out, and a moved tag is another version", "[promotion]") {
    Ground ground;
    ground.stands("dev", "v2").stands("staging", "v1").stands("production", "v1");
    CHECK(
        ground.draw({"v2", "", "production", ""}) ==
        "promotion of web v2 (a2a2a2a2a2a2), as it stands in dev\n"
        "  1  production  web on lab/shop-production\n"
        "  !  production requires v2 (a2a2a2a2a2a2) in staging, where v1 (a1a1a1a1a1a1) stands\n"
    );
    ground.stands("staging", "v2");
    ground.facts.stands["staging"].digest = digest_of("v7");
    CHECK(
        ground.draw({"", "dev", "production", ""}) ==
        "promotion of web v2 (a2a2a2a2a2a2), as it stands in dev\n"
        "  1  production  web on lab/shop-production\n"
        "  !  production requires v2 (a2a2a2a2a2a2) in staging, where v2 (a7a7a7a7a7a7) stands\n"
    );
}

TEST_CASE("what is too young says how long is left", "[promotion]") {
    Ground ground;
    ground.stands("staging", "v2", minutes(25)).stands("production", "v1");
    ground.configuration.promotion.soak["production"] = minutes(60);
    CHECK(
        ground.draw({"v2", "", "production", ""}) ==
        "promotion of web v2 (a2a2a2a2a2a2), as it stands in staging\n"
        "  1  production  web on lab/shop-production\n"
        "  !  production: v2 stands in staging for 25m00s of 1h: 35m00s are left\n"
    );
    ground.stands("staging", "v2", minutes(60));
    CHECK(ground.draw({"v2", "", "production", ""}).find("!") == std::string::npos);
    ground.facts.stands["staging"].since.reset();
    CHECK(
        ground.draw({"v2", "", "production", ""})
            .find("!  production: since when it stands in staging is not known, and it has to be 1h"
            ) != std::string::npos
    );
}

TEST_CASE("`require` says what is needed instead of the one before", "[promotion]") {
    Ground ground;
    ground.stands("dev", "v2").stands("staging", "v1");
    ground.configuration.promotion.require["production"] = {"dev"};
    CHECK(
        ground.draw({"v2", "", "production", ""}) ==
        "promotion of web v2 (a2a2a2a2a2a2), as it stands in dev\n"
        "  1  production  web on lab/shop-production\n"
    );
}

TEST_CASE("an environment that follows another gets what that one has", "[promotion]") {
    Ground ground;
    ground.stands("staging", "v2").stands("production", "v1").stands("dr", "v1");
    ground.configuration.promotion.require["dr"] = {"staging"};
    ground.environment("dr").follows = "production";
    CHECK(
        ground.draw({"v2", "", "dr", ""}) ==
        "promotion of web v2 (a2a2a2a2a2a2), as it stands in staging\n"
        "  1  dr  web on lab/shop-dr\n"
        "  !  dr requires v2 (a2a2a2a2a2a2) in production, where v1 (a1a1a1a1a1a1) stands\n"
    );
}

TEST_CASE("where it stands already there is nothing to do", "[promotion]") {
    Ground ground;
    ground.stands("dev", "v2").stands("staging", "v2").stands("production", "v1");
    CHECK(
        ground.draw({"", "dev", "", "production"}) ==
        "promotion of web v2 (a2a2a2a2a2a2), as it stands in dev\n"
        "  =  staging has it already\n"
        "  1  production  web on lab/shop-production\n"
    );
    ground.stands("production", "v2").stands("dr", "v2");
    const auto last = ground.draw({"v2", "", "", ""});
    CHECK(last.find("!  dr is the last one of promotion.order") != std::string::npos);
}

TEST_CASE("clusters come in waves, each behind the one before it", "[promotion]") {
    Ground ground;
    ground.stands("staging", "v2").stands("production/eu-1", "v1").stands("production/us-1", "v1");
    auto& production = ground.environment("production");
    tests::put_on_two_clusters(production);
    production.waves.soak = minutes(10);
    production.waves.on_failure = WaveFailure::rollback_all;
    const std::string head = "promotion of web v2 (a2a2a2a2a2a2), as it stands in staging\n";
    CHECK(
        ground.draw({"v2", "", "", "dr"}) ==
        head +
            "  1  production/eu-1  web on eks-eu-1/shop-production\n"
            "  2  production/us-1  web on eks-us-1/shop-us; after production/eu-1, which has stood "
            "for 10m; if it fails, back: production/eu-1\n"
            "  3  dr  web on lab/shop-dr; after production/eu-1, production/us-1\n"
    );
    ground.stands("production/eu-1", "v2");
    CHECK(
        ground.draw({"v2", "", "production", ""}) ==
        head +
            "  =  production/eu-1 has it already\n"
            "  1  production/us-1  web on eks-us-1/shop-us\n"
    );
}

TEST_CASE("clusters of one wave do not wait for each other", "[promotion]") {
    Ground ground;
    auto& production = ground.environment("production");
    production.waves.clusters = {{"a", "ctx-a", ""}, {"b", "ctx-b", ""}, {"c", "ctx-c", ""}};
    production.waves.order = {{"c"}, {"a", "b"}};
    production.waves.on_failure = WaveFailure::rollback_all;
    const promotion::Wanted wanted{"v2", digest_of("v2")};
    CHECK(
        to_text(promotion::draw_waves(ground.configuration, production, wanted, ground.facts)) ==
        "waves of web v2 (a2a2a2a2a2a2)\n"
        "  1  production/c  web on ctx-c/shop-production\n"
        "  2  production/a  web on ctx-a/shop-production; after production/c; if it fails, back: "
        "production/c\n"
        "  3  production/b  web on ctx-b/shop-production; after production/c; if it fails, back: "
        "production/a, production/c\n"
    );
    production.waves.order = {{"c", "c"}, {"d"}};
    CHECK(
        promotion::mistakes_of(production) ==
        std::vector<std::string>{
            "the waves of production name c twice",
            "a wave of production names d, which is none of its clusters",
            "no wave of production has its cluster a",
            "no wave of production has its cluster b",
        }
    );
}

TEST_CASE("every mistake of the order is told at once", "[promotion]") {
    Ground ground;
    ground.configuration.promotion.order = {"dev", "prod", "staging", "dev"};
    ground.configuration.promotion.require = {{"dev", {"staging"}}, {"staging", {"dev"}}};
    CHECK(
        ground.draw({"v2", "dev", "", "qa"}) ==
        "promotion of web v2, from the registry\n"
        "  !  promotion.order names dev twice\n"
        "  !  promotion.order names prod, which is no environment\n"
        "  !  qa is not in promotion.order, which is dev, prod, staging, dev\n"
        "  !  environments require each other: dev, which requires staging, which requires dev\n"
    );
    ground.configuration.promotion = {};
    CHECK(
        ground.draw({"v2", "", "", ""}) ==
        "promotion of web v2, from the registry\n  !  deploy.yaml has no promotion.order\n"
    );
}

TEST_CASE("two environments of one namespace are refused", "[promotion]") {
    Ground ground;
    ground.stands("dev", "v2");
    ground.environment("staging").kube_namespace = "shop-dev";
    CHECK(
        ground.draw({"v2", "", "", ""})
            .find("!  dev and staging are the same namespace, shop-dev") != std::string::npos
    );
}

TEST_CASE("a digest that nobody knows is not promoted, unless the tag is enough", "[promotion]") {
    Ground ground;
    ground.stands("dev", "v2").stands("staging", "v1");
    ground.facts.stands["dev"].digest.clear();
    CHECK(
        ground.draw({"v2", "", "", ""}) ==
        "promotion of web v2, as it stands in dev\n"
        "  !  the digest of v2 is not known in dev, and promotion.same_digest wants it\n"
    );
    ground.configuration.promotion.same_digest = false;
    CHECK(
        ground.draw({"v2", "", "", ""}) ==
        "promotion of web v2, as it stands in dev\n"
        "  1  staging  web on lab/shop-staging\n"
    );
}

TEST_CASE("what is under way, unknown, or elsewhere is a reason not to", "[promotion]") {
    Ground ground;
    ground.stands("dev", "v2").stands("staging", "v1");
    ground.facts.stands["staging"].under_way = "v3 of rollout 7";
    CHECK(
        ground.draw({"v2", "", "", ""}).find("!  v3 of rollout 7 is under way in staging") !=
        std::string::npos
    );
    CHECK(
        ground.draw({"v9", "dev", "", ""})
            .find("!  v9 does not stand in dev: v2 (a2a2a2a2a2a2) does") != std::string::npos
    );
    ground.facts.stands["dev"].trouble = "clocks differ";
    CHECK(
        ground.draw({"", "dev", "", ""})
            .find("!  what stands in dev is not known: clocks differ") != std::string::npos
    );
}

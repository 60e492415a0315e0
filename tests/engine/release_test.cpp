// SPDX-License-Identifier: Apache-2.0
#include "engine/release.hpp"

#include "documents/json.hpp"

#include <catch2/catch.hpp>

#include <stdexcept>

using namespace deployctl;
using namespace deployctl::engine;

namespace {

Value a_template() {
    return documents::read_json(R"({"metadata":{"labels":{"app":"web"}},"spec":{"containers":[
        {"name":"sidecar","image":"proxy:1"},
        {"name":"app","image":"shop/web:v1","env":[{"name":"POOL","value":"20"},{"name":"DB_PASSWORD","value":"a"}]}
    ]}})");
}

}  // namespace

TEST_CASE("a release sets the image of its own container alone", "[engine]") {
    const auto next = with_image(a_template(), "app", {"shop/web", "v2", "sha256:ab"});
    CHECK(next.text("/spec/containers/1/image") == "shop/web:v2@sha256:ab");
    CHECK(next.text("/spec/containers/0/image") == "proxy:1");
    CHECK(
        describe_changes(a_template(), next) ==
        std::vector<std::string>{"image shop/web:v1 -> shop/web:v2@sha256:ab"}
    );
}

TEST_CASE("a container that is not in the template is no place for an image", "[engine]") {
    CHECK_THROWS_AS(with_image(a_template(), "web", {"shop/web", "v2", ""}), std::logic_error);
}

TEST_CASE("the port of a container, or of the first one, is 80 where it has none", "[engine]") {
    auto pod_template = a_template();
    pod_template.set(
        "/spec/containers/1/ports", Value::list({Value::map({{"containerPort", 81}})})
    );
    CHECK(first_port(pod_template, "app") == 81);
    CHECK(first_port(pod_template, "sidecar") == 80);
    CHECK(first_port(pod_template, "web") == 80);
    CHECK(first_port(pod_template, "") == 80);
}

TEST_CASE("changes name the variable, with values where they can be no secret", "[engine]") {
    auto before = a_template();
    before.set(
        "/spec/containers/1/env",
        documents::read_json(R"([{"name":"DATABASE_URL","value":"postgres://u:old@db"},
            {"name":"DB_PASS","value":"1234"},{"name":"DEBUG","value":"true"},
            {"name":"GONE","value":"hunter2"},{"name":"POOL","value":"20"},
            {"name":"WAIT","value":"5s"},{"name":"ZERO","value":"1"}])")
    );
    auto next = before;
    next.set(
        "/spec/containers/1/env",
        documents::read_json(R"([{"name":"DATABASE_URL","value":"postgres://u:hunter2@db"},
            {"name":"DB_PASS","value":"5678"},{"name":"DEBUG","value":"false"},
            {"name":"NEW","value":"hunter2"},{"name":"POOL","value":"60"},
            {"name":"WAIT","value":"10s"},{"name":"ZERO","value":"hunter2"}])")
    );
    CHECK(
        describe_changes(before, next) ==
        std::vector<std::string>{
            "env DATABASE_URL changed (values hidden)",
            "env DB_PASS changed (values hidden)",
            "env DEBUG \"true\" -> \"false\"",
            "env GONE is gone (value hidden)",
            "env NEW is new (value hidden)",
            "env POOL \"20\" -> \"60\"",
            "env WAIT \"5s\" -> \"10s\"",
            "env ZERO changed (values hidden)",
        }
    );
}

TEST_CASE("command lines and other texts are hidden, sizes and numbers are told", "[engine]") {
    auto before = a_template();
    before.set("/spec/containers/1/args", Value::list({"--port", "80", "--password", "1"}));
    before.set("/spec/containers/1/resources/limits/memory", "512Mi");
    before.set("/spec/containers/1/readinessProbe/periodSeconds", 5);
    before.set("/spec/containers/1/readinessProbe/exec/command", Value::list({"check", "hunter1"}));
    auto next = before;
    next.set("/metadata/annotations/note", "hunter2");
    next.set("/spec/containers/1/args", Value::list({"--port", "81", "--password", "2"}));
    next.set("/spec/containers/1/command", Value::list({"run", "hunter2"}));
    next.set("/spec/containers/1/envFrom", Value::list({Value::map({{"prefix", "hunter2"}})}));
    next.set("/spec/containers/1/resources/limits/memory", "768Mi");
    next.set("/spec/containers/1/readinessProbe/periodSeconds", 9);
    next.set("/spec/containers/1/readinessProbe/exec/command", Value::list({"check", "hunter2"}));
    next.set("/spec/terminationGracePeriodSeconds", 60);
    CHECK(
        describe_changes(before, next) ==
        std::vector<std::string>{
            "app args changed (values hidden)",
            "app command is new (value hidden)",
            "app envFrom is new (value hidden)",
            "app readinessProbe/exec/command/1 changed (values hidden)",
            "app readinessProbe/periodSeconds 5 -> 9",
            "app resources/limits/memory \"512Mi\" -> \"768Mi\"",
            "metadata/annotations is new (value hidden)",
            "spec/terminationGracePeriodSeconds (none) -> 60",
        }
    );
}

TEST_CASE("the order of variables is no change", "[engine]") {
    auto next = a_template();
    const auto first = next.at("/spec/containers/1/env/0");
    next.set("/spec/containers/1/env/0", next.at("/spec/containers/1/env/1"));
    next.set("/spec/containers/1/env/1", first);
    CHECK(describe_changes(a_template(), next).empty());
}

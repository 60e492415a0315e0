// SPDX-License-Identifier: Apache-2.0
#include "readiness/condition.hpp"

#include "documents/yaml_tree_reader.hpp"
#include "readiness/recognition.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace deployctl::readiness {
namespace {

/// What a condition says of a container in a pod.
class Bench {
public:
    Bench(const std::string& pod, const std::string& container)
        : pod_(documents::read_yaml_tree(pod).tree),
          container_(documents::read_yaml_tree(container).tree),
          facts_(Settings{}) {
        auto& file = facts_.add(read_file("deploy.yaml", "name: web"));
        const auto& owner = facts_.add(Subject{
            "pod", "web", "Pod/web", &pod_.roots().front(), &file, nullptr, &facts_.repository(), 0
        });
        subject_ = &facts_.add(Subject{
            "container",
            "app",
            "Pod/web/container/app",
            &container_.roots().front(),
            &file,
            &owner,
            &facts_.repository(),
            0
        });
    }

    Answer ask(const std::string& condition) {
        rules_.push_back(documents::read_yaml_tree(condition).tree);
        Mistakes mistakes("rules.yaml");
        const auto read = Condition::read(rules_.back().roots().front(), mistakes);
        REQUIRE(mistakes.found().empty());
        return read.ask(*subject_, facts_).value();
    }

    Truth truth(const std::string& condition) { return ask(condition).holds; }

private:
    documents::Tree pod_;
    documents::Tree container_;
    Facts facts_;
    const Subject* subject_ = nullptr;
    std::vector<documents::Tree> rules_;
};

Bench a_container() {
    return {
        "securityContext: {runAsNonRoot: true}\nhostNetwork: yes\n",
        "name: app\n"
        "image: shop:v1\n"
        "securityContext: {runAsUser: 1000, privileged: \"true\"}\n"
        "resources: {limits: {cpu: 500m, memory: 1Gi}}\n"
        "ports: [{containerPort: 80}, {containerPort: 8080}]\n"
        "capabilities: [NET_RAW, ALL]\n"
    };
}

TEST_CASE("operators say what they say of what is there", "[readiness]") {
    auto bench = a_container();
    const auto [condition, wanted] = GENERATE(table<std::string, Truth>({
        {"{path: image, is: \"shop:v1\"}", Truth::yes},
        {"{path: securityContext/runAsUser, is: 1000}", Truth::yes},
        {"{path: securityContext/runAsUser, is: \"1000\"}", Truth::no},
        {"{path: securityContext/privileged, is: true}", Truth::no},
        {"{path: \"pod:hostNetwork\", is: true}", Truth::yes},
        {"{path: image, in: [a, \"shop:v1\"]}", Truth::yes},
        {"{path: image, not_in: [a, \"shop:v1\"]}", Truth::no},
        {"{path: image, matches: \"^shop:\"}", Truth::yes},
        {"{path: image, lacks: \"^shop:\"}", Truth::no},
        {"{path: resources/limits/cpu, at_least: 0.5}", Truth::yes},
        {"{path: resources/limits/cpu, at_least: 501m}", Truth::no},
        {"{path: resources/limits/memory, at_most: 1024Mi}", Truth::yes},
        {"{path: capabilities, contains: ALL}", Truth::yes},
        {"{path: resources/limits, contains: ephemeral-storage}", Truth::no},
        {"{path: ports, count_at_least: 3}", Truth::no},
        {"{path: ports, each: {path: containerPort, at_least: 80}}", Truth::yes},
        {"{path: ports, each: {path: containerPort, at_least: 81}}", Truth::no},
        {"{path: ports, some: {path: containerPort, is: 8080}}", Truth::yes},
        {"{path: ports/1/containerPort, is: 8080}", Truth::yes},
        {"{path: capabilities, each: {path: ., lacks: NET}}", Truth::no},
    }));
    INFO(condition);
    CHECK(bench.truth(condition) == wanted);
}

TEST_CASE("what is not there fails all but four operators", "[readiness]") {
    auto bench = a_container();
    const auto [condition, wanted] = GENERATE(table<std::string, Truth>({
        {"{path: a/b, is: 1}", Truth::no},
        {"{path: a/b, in: [1]}", Truth::no},
        {"{path: a/b, matches: \"\"}", Truth::no},
        {"{path: a/b, at_most: 5}", Truth::no},
        {"{path: a/b, some: {path: c, is: 1}}", Truth::no},
        {"{path: a/b, exists: false}", Truth::yes},
        {"{path: a/b, exists: true}", Truth::no},
        {"{path: a/b, not_in: [1]}", Truth::yes},
        {"{path: a/b, lacks: x}", Truth::yes},
        {"{path: a/b, each: {path: c, is: 1}}", Truth::yes},
        {"{path: [a/b, image], matches: shop}", Truth::yes},
        {"{path: \"nobody:image\", exists: false}", Truth::yes},
    }));
    INFO(condition);
    CHECK(bench.truth(condition) == wanted);
}

TEST_CASE("a default is taken for what is not there, and the verdict is derived", "[readiness]") {
    auto bench = a_container();
    const auto answer =
        bench.ask("{path: [securityContext/runAsNonRoot], default: false, is: false}");
    CHECK(answer.holds == Truth::yes);
    CHECK(answer.confidence == Confidence::derived);
    CHECK(answer.observed == "securityContext/runAsNonRoot is not set");
    CHECK(answer.where->spot.line == 3);
}

TEST_CASE("conditions are joined by all, any and not", "[readiness]") {
    auto bench = a_container();
    const std::string yes = "{path: image, exists: true}";
    const std::string no = "{path: image, exists: false}";
    CHECK(bench.truth("[" + yes + ", " + no + "]") == Truth::no);
    CHECK(bench.truth("{all: [" + yes + ", " + yes + "]}") == Truth::yes);
    CHECK(bench.truth("{any: [" + no + ", " + yes + "]}") == Truth::yes);
    CHECK(bench.truth("{any: [" + no + ", " + no + "]}") == Truth::no);
    CHECK(bench.truth("{not: " + no + "}") == Truth::yes);
    CHECK(bench.truth("{not: " + no + ", all: [" + no + "]}") == Truth::no);
}

/// What `var.x` of Terraform becomes, in a list and as a value.
Truth of_unknown(const std::string& condition) {
    documents::Tree tree;
    std::vector<documents::Node> items = {
        tree.scalar({1, 1}, "audit"), tree.scalar({1, 2}, "var.a", documents::NodeKind::unknown)
    };
    const std::vector<documents::NodeEntry> entries = {
        {"types", {1, 1}, tree.list({1, 1}, items)},
        {"size", {2, 1}, tree.scalar({2, 1}, "var.size", documents::NodeKind::unknown)},
        {"name", {3, 1}, tree.scalar({3, 1}, "web")},
    };
    const auto root = tree.map({1, 1}, entries);
    Facts facts{Settings{}};
    auto& file = facts.add(read_file("main.tf", "locals {}"));
    const auto& subject =
        facts.add(Subject{"x", "x", "x", &root, &file, nullptr, &facts.repository(), 0});
    const auto rules = documents::read_yaml_tree(condition).tree;
    Mistakes mistakes("rules.yaml");
    const auto read = Condition::read(rules.roots().front(), mistakes);
    REQUIRE(mistakes.found().empty());
    return read.ask(subject, facts)->holds;
}

TEST_CASE("what rests on a value that is not known is not known", "[readiness]") {
    const auto [condition, wanted] = GENERATE(table<std::string, Truth>({
        {"{path: size, at_least: 3}", Truth::unknown},
        {"{path: size, exists: true}", Truth::yes},
        {"{path: types, contains: audit}", Truth::yes},
        {"{path: types, contains: api}", Truth::unknown},
        {"{not: {path: types, contains: api}}", Truth::unknown},
        {"{path: types, contains: api, count_at_least: 3}", Truth::no},
        {"{path: types, some: {path: ., is: audit}}", Truth::yes},
        {"{path: types, each: {path: ., is: api}}", Truth::no},
        {"{path: types, some: {path: ., is: api}}", Truth::unknown},
        {"{path: types, some: {path: ., is: api}, each: {path: ., is: api}}", Truth::no},
        {"[{path: size, at_least: 3}, {path: name, is: db}]", Truth::no},
        {"[{path: size, at_least: 3}, {path: name, is: web}]", Truth::unknown},
        {"{any: [{path: size, at_least: 3}, {path: name, is: web}]}", Truth::yes},
    }));
    INFO(condition);
    CHECK(of_unknown(condition) == wanted);
}

TEST_CASE("a value that may be a secret is not shown", "[readiness]") {
    Bench bench("{}", "{name: app, dbPassword: hunter2, token: {value: hunter2}}");
    CHECK(bench.ask("{path: dbPassword, is: x}").observed == "dbPassword: (not shown)");
    CHECK(bench.ask("{path: token/value, is: x}").observed == "value: (not shown)");
}

TEST_CASE("a value that only sounds like a secret is shown", "[readiness]") {
    Bench bench("{}", "{automountServiceAccountToken: true, secret: {items: 4}, tokenTtl: 1h}");
    CHECK(
        bench.ask("{path: automountServiceAccountToken, is: false}").observed ==
        "automountServiceAccountToken: true"
    );
    CHECK(bench.ask("{path: secret/items, is: 3}").observed == "items: 4");
    CHECK(bench.ask("{path: tokenTtl, is: 2h}").observed == "tokenTtl: 1h");
}

TEST_CASE("mistakes in a condition are told with their place", "[readiness]") {
    const auto [condition, wanted] = GENERATE(table<std::string, std::string>({
        {"{path: image}", "this condition has a path and asks nothing of it"},
        {"{path: image, equals: 1}", "`equals` is no operator"},
        {"{path: image, matches: \"(\"}", "this is no regular expression: missing ): ("},
        {"{path: image, in: 1}", "`in` cannot be this"},
        {"{path: image, at_least: many}", "`at_least` cannot be this"},
        {"{path: [], is: 1}", "no path is in this list"},
        {"{some: 1}", "`some` is no condition"},
        {"{check: nobody-knows}", "there is no check `nobody-knows`"},
        {"{all: []}", "a list of conditions is wanted here"},
        {"text", "a condition is a map or a list"},
    }));
    const auto tree = documents::read_yaml_tree(condition).tree;
    Mistakes mistakes("rules.yaml");
    Condition::read(tree.roots().front(), mistakes);
    INFO(condition);
    REQUIRE(!mistakes.found().empty());
    CHECK(mistakes.found().front().message == wanted);
    CHECK(mistakes.found().front().place.line == 1);
}

}  // namespace
}  // namespace deployctl::readiness

// SPDX-License-Identifier: Apache-2.0
// What somebody might do to a repository for a better score, and nothing else: against a baseline
// none of it raises the low end, and none of it is told as mended.
#include "documents/json.hpp"
#include "readiness/delta.hpp"
#include "readiness/reports/assessment_json.hpp"
#include "tests/readiness/assessing.hpp"
#include "tests/readiness/report_bench.hpp"

#include <boost/multiprecision/cpp_int.hpp>
#include <catch2/catch.hpp>

#include <functional>

namespace deployctl::readiness {
namespace {

using Rational = boost::multiprecision::cpp_rational;

std::string deployment(const std::string& name, const std::string& more) {
    return "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: " + name +
           ", namespace: shop}\nspec:\n  replicas: 3\n  selector: {matchLabels: {app: " + name +
           "}}\n  template:\n    metadata: {labels: {app: " + name +
           "}}\n    spec:\n      containers:\n        - name: app\n          image: r/" + name +
           ":1.2.3\n" + more;
}

const std::string probe =
    "          readinessProbe:\n            httpGet: {path: /ready, port: 8080}\n";

Texts repository() {
    return {
        {"k8s/web.yaml", deployment("web", "          securityContext: {privileged: true}\n")},
        {"k8s/api.yaml", deployment("api", probe)},
        {"k8s/service.yaml",
         "apiVersion: v1\nkind: Service\nmetadata: {name: api, namespace: shop}\n"
         "spec: {selector: {app: api}, ports: [{port: 80, targetPort: 8080}]}\n"},
        {"Dockerfile", "FROM debian\nRUN apt-get update\nCMD run\n"},
        {"deploy.sh", "#!/bin/sh\nkubectl apply -f k8s\nkubectl get pods\nsleep 5\necho done\n"},
    };
}

struct Trick {
    const char* what;
    std::function<void(Texts&)> play;
};

void move_file(Texts& texts, const std::string& from, const std::string& to) {
    texts[to] = texts.at(from);
    texts.erase(from);
}

std::vector<Trick> tricks() {
    return {
        {"add an empty file", [](Texts& texts) { texts["k8s/empty.yaml"] = ""; }},
        {"add a file of comments", [](Texts& texts) { texts["k8s/empty.yaml"] = "# nothing\n"; }},
        {"delete the worst manifest", [](Texts& texts) { texts.erase("k8s/web.yaml"); }},
        {"delete all manifests",
         [](Texts& texts) {
             std::erase_if(texts, [](const auto& one) { return one.first.starts_with("k8s/"); });
         }},
        {"delete everything", [](Texts& texts) { texts.clear(); }},
        {"empty the worst manifest", [](Texts& texts) { texts["k8s/web.yaml"] = ""; }},
        {"delete the Dockerfile", [](Texts& texts) { texts.erase("Dockerfile"); }},
        {"rename the Dockerfile",
         [](Texts& texts) { move_file(texts, "Dockerfile", "app/Dockerfile"); }},
        {"rename the Dockerfile to something else",
         [](Texts& texts) { move_file(texts, "Dockerfile", "Notes.txt"); }},
        {"rename a folder",
         [](Texts& texts) {
             move_file(texts, "k8s/web.yaml", "manifests/web.yaml");
             move_file(texts, "k8s/api.yaml", "manifests/api.yaml");
             move_file(texts, "k8s/service.yaml", "manifests/service.yaml");
         }},
        {"comment a probe out",
         [](Texts& texts) { texts["k8s/api.yaml"] = deployment("api", "# " + probe.substr(2)); }},
        {"break the worst manifest", [](Texts& texts) { texts["k8s/web.yaml"] += "\t: [\n"; }},
        {"break every file",
         [](Texts& texts) {
             for (auto& [path, text] : texts) {
                 text = "\t: [\n";
             }
         }},
        {"delete the script", [](Texts& texts) { texts.erase("deploy.sh"); }},
    };
}

Rational low_end(const Assessment& assessment) {
    return assessment.score ? Rational(assessment.score->low.exact) : Rational(0);
}

}  // namespace

TEST_CASE("what is hidden, moved or broken is never taken for fixed", "[readiness]") {
    const auto before = assess(repository(), own_rules());
    const auto baseline = read_recorded(documents::write_json(to_value(before, report_head())));
    REQUIRE(baseline.trouble == "");
    REQUIRE(low_end(before) > 0);
    for (const auto& trick : tricks()) {
        CAPTURE(trick.what);
        auto texts = repository();
        trick.play(texts);
        auto now = assess(texts, own_rules());
        count_removed(now, baseline);
        CHECK(low_end(now) <= low_end(before));
        for (const auto& row : compare(baseline, recorded_of(now)).rows) {
            CAPTURE(row.rule, row.object);
            CHECK(row.change != Change::fixed);
        }
    }
}

TEST_CASE("to mend something does raise the low end", "[readiness]") {
    const auto before = assess(repository(), own_rules());
    const auto baseline = recorded_of(before);
    auto texts = repository();
    texts["k8s/web.yaml"] = deployment("web", "          securityContext: {privileged: false}\n");
    auto now = assess(texts, own_rules());
    count_removed(now, baseline);
    CHECK(low_end(now) > low_end(before));
    CHECK(how_many(compare(baseline, recorded_of(now)), Change::fixed) > 0);
}

}  // namespace deployctl::readiness

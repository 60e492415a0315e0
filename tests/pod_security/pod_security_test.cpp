// SPDX-License-Identifier: Apache-2.0
// Our verdicts of the Pod Security Standards against the library's: run by pod_security_test.py,
// which has the pods judged.
#include "tests/plugins/given.hpp"
#include "tests/readiness/assessing.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

namespace deployctl::readiness {
namespace {

struct Judged {
    bool baseline = false;
    bool restricted = false;
    std::string pod;
};

std::vector<Judged> judged_pods() {
    std::vector<Judged> all;
    std::ifstream lines(tests::given("DEPLOYCTL_TEST_PODS"));
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string baseline;
        std::string restricted;
        Judged one;
        words >> baseline >> restricted >> std::ws;
        std::getline(words, one.pod);
        one.baseline = baseline == "true";
        one.restricted = restricted == "true";
        all.push_back(std::move(one));
    }
    return all;
}

bool is_of(const Rule& rule, const std::string& level) {
    const auto& references = rule.text.references;
    return std::find(references.begin(), references.end(), level) != references.end();
}

/// The restricted rules about capabilities and seccomp stand in place of those of baseline.
bool is_replaced(const Rule& rule) {
    return rule.id == "K8S-41" || rule.id == "K8S-142";
}

/// The name of the pod that a finding is about: "pod-7".
std::string pod_of(const Finding& finding) {
    return finding.subject->nearest("workload")->name;
}

/// Pods that some rule fails, and the rules that do.
using Failures = std::map<std::string, std::string>;

struct Verdicts {
    Failures baseline;
    Failures restricted;
    int unknown = 0;
};

Verdicts our_verdicts(const Texts& texts) {
    Verdicts verdicts;
    const auto assessment = assess(texts, own_rules());
    for (const auto& result : assessment.results) {
        const bool is_baseline = is_of(*result.rule, "PSS baseline");
        const bool is_restricted = is_of(*result.rule, "PSS restricted");
        if (!is_baseline && !is_restricted) {
            continue;
        }
        for (const auto& finding : result.findings) {
            verdicts.unknown += finding.outcome == Outcome::not_assessed ? 1 : 0;
            if (finding.outcome != Outcome::fail) {
                continue;
            }
            if (is_baseline) {
                verdicts.baseline[pod_of(finding)] += result.rule->id + " ";
            }
            if (is_restricted || !is_replaced(*result.rule)) {
                verdicts.restricted[pod_of(finding)] += result.rule->id + " ";
            }
        }
    }
    return verdicts;
}

TEST_CASE("verdicts of the Pod Security Standards are those of the library", "[pod-security]") {
    const auto pods = judged_pods();
    Texts texts;
    for (std::size_t number = 0; number < pods.size(); ++number) {
        texts["pods/" + std::to_string(number) + ".json"] = pods[number].pod;
    }
    const auto ours = our_verdicts(texts);
    CHECK(ours.unknown == 0);
    int classes[3] = {};
    for (std::size_t number = 0; number < pods.size(); ++number) {
        const auto& [baseline, restricted, pod] = pods[number];
        const auto name = "pod-" + std::to_string(number);
        const auto failed = ours.baseline.find(name);
        const auto failed_more = ours.restricted.find(name);
        INFO(pod);
        INFO(
            "ours: " << (failed == ours.baseline.end() ? "" : failed->second) << "; "
                     << (failed_more == ours.restricted.end() ? "" : failed_more->second)
        );
        CHECK((failed == ours.baseline.end()) == baseline);
        CHECK((failed_more == ours.restricted.end()) == restricted);
        ++classes[restricted ? 2 : baseline ? 1 : 0];
    }
    // Each verdict is common enough to prove something.
    CHECK(pods.size() >= 1000);
    CHECK(classes[0] >= 500);
    CHECK(classes[1] >= 500);
    CHECK(classes[2] >= 500);
}

}  // namespace
}  // namespace deployctl::readiness

// SPDX-License-Identifier: Apache-2.0
#include "readiness/fixes.hpp"

#include "tests/readiness/assessing.hpp"

#include <catch2/catch.hpp>

namespace deployctl::readiness {
namespace {

using Catch::Matchers::Contains;

Fixes fixes_of(const Texts& texts) {
    return mechanical_fixes(assess(texts, own_rules()));
}

std::string patch_of(const Texts& texts) {
    std::string text;
    for (const auto& patch : fixes_of(texts).patches) {
        text += patch.diff;
    }
    return text;
}

const std::string head =
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: shop}\nspec:\n"
    "  selector: {matchLabels: {app: web}}\n  template:\n    metadata: {labels: {app: web}}\n"
    "    spec:\n";

}  // namespace

TEST_CASE("missing lines of a pod and its container are added", "[readiness]") {
    CHECK(
        patch_of(
            {{"web.yaml", head + "      containers:\n        - name: app\n          image: a/b:1\n"}
            }
        ) ==
        "--- a/web.yaml\n"
        "+++ b/web.yaml\n"
        "@@ -6,6 +6,14 @@\n"
        "   template:\n"
        "     metadata: {labels: {app: web}}\n"
        "     spec:\n"
        "+      automountServiceAccountToken: false\n"
        "+      securityContext:\n"
        "+        seccompProfile:\n"
        "+          type: RuntimeDefault\n"
        "       containers:\n"
        "         - name: app\n"
        "+          securityContext:\n"
        "+            allowPrivilegeEscalation: false\n"
        "+            capabilities:\n"
        "+              drop: [ALL]\n"
        "           image: a/b:1\n"
    );
}

TEST_CASE("lines go into what is there already", "[readiness]") {
    const auto patch = patch_of(
        {{"web.yaml",
          head +
              "      automountServiceAccountToken: false\n      securityContext:\n"
              "        runAsNonRoot: true\n      containers:\n        - name: app\n"
              "          image: a/b:1\n          securityContext:\n            runAsUser: 10001\n"}}
    );
    CHECK_THAT(
        patch,
        Contains("+        seccompProfile:\n+          type: RuntimeDefault\n         runAsNonRoot")
    );
    CHECK_THAT(
        patch,
        Contains("+            allowPrivilegeEscalation: false\n+            capabilities:\n"
                 "+              drop: [ALL]\n             runAsUser: 10001\n")
    );
    CHECK(patch.find("+      securityContext") == std::string::npos);
}

TEST_CASE("what has been patched fails no longer", "[readiness]") {
    const Texts before = {
        {"web.yaml", head + "      containers:\n        - name: app\n          image: a/b:1\n"}
    };
    const auto assessment = assess(before, own_rules());
    const std::vector<AddedLines> lines = {
        {9,
         "      automountServiceAccountToken: false\n      securityContext:\n"
         "        seccompProfile:\n          type: RuntimeDefault\n"},
        {11,
         "          securityContext:\n            allowPrivilegeEscalation: false\n"
         "            capabilities:\n              drop: [ALL]\n"},
    };
    CHECK(patch_of(before) == unified_diff("web.yaml", before.at("web.yaml"), lines));
    const auto patched = with_lines(before.at("web.yaml"), lines);
    CHECK(patch_of({{"web.yaml", patched}}) == "");
    CHECK(
        assess({{"web.yaml", patched}}, own_rules()).score->low.hundredths >
        assessment.score->low.hundredths
    );
}

TEST_CASE("what somebody has said on purpose is left, and named", "[readiness]") {
    const auto fixes = fixes_of(
        {{"web.yaml",
          head +
              "      automountServiceAccountToken: true\n      containers:\n        - name: app\n"
              "          image: a/b:1\n          securityContext:\n"
              "            allowPrivilegeEscalation: true\n"
              "            capabilities: {drop: [NET_RAW]}\n"}}
    );
    for (const auto& patch : fixes.patches) {
        CHECK(patch.diff.find("allowPrivilegeEscalation: false") == std::string::npos);
        CHECK(patch.diff.find("drop: [ALL]") == std::string::npos);
        CHECK(patch.diff.find("automount") == std::string::npos);
    }
    CHECK(fixes.left.size() >= 2);
}

TEST_CASE("what is written in one line is left to people", "[readiness]") {
    const auto fixes = fixes_of(
        {{"web.yaml",
          "{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: [{name: a, image: "
          "b}]}}\n"}}
    );
    CHECK(fixes.patches.empty());
    CHECK_FALSE(fixes.left.empty());
}

TEST_CASE("a patch that could not be read again is not given", "[readiness]") {
    const auto fixes = fixes_of(
        {{"web.yaml",
          "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {\n  containers: [{name: a, "
          "image: "
          "b}],\n  restartPolicy: Always\n}\n"}}
    );
    CHECK(fixes.patches.empty());
    CHECK_FALSE(fixes.left.empty());
}

TEST_CASE("files that a patch would not keep are left", "[readiness]") {
    const auto text = head + "      containers:\n        - name: app\n          image: a/b:1\n";
    std::string with_returns;
    for (const char c : text) {
        with_returns += c == '\n' ? "\r\n" : std::string(1, c);
    }
    CHECK(fixes_of({{"web.yaml", with_returns}}).patches.empty());
    CHECK(fixes_of({{"a\"b.yaml", text}}).patches.empty());
    CHECK(fixes_of({{"web.yaml", text}}).patches.size() == 1);
}

TEST_CASE("two containers with the same lines get them once each", "[readiness]") {
    const auto patch = patch_of(
        {{"web.yaml",
          head + "      containers:\n        - name: app\n          image: a/b:1\n"
                 "        - name: other\n          image: a/c:1\n"}}
    );
    std::size_t count = 0;
    for (auto at = patch.find("drop: [ALL]"); at != std::string::npos;
         at = patch.find("drop: [ALL]", at + 1)) {
        ++count;
    }
    CHECK(count == 2);
}

TEST_CASE("scripts end at the first failure, as their shell can", "[readiness]") {
    const std::string body = "\nbuild\npush\ndeploy\nverify\n";
    CHECK_THAT(
        patch_of({{"deploy.sh", "#!/bin/bash" + body}}),
        Contains("@@ -1,4 +1,5 @@\n #!/bin/bash\n+set -euo pipefail\n build\n")
    );
    CHECK_THAT(
        patch_of({{"deploy.sh", "#!/bin/sh" + body}}), Contains(" #!/bin/sh\n+set -eu\n build\n")
    );
    CHECK(patch_of({{"deploy.sh", "#!/bin/bash\nset -e" + body}}) == "");
}

TEST_CASE("a diff has the right numbers at the ends of a file, and far apart", "[readiness]") {
    CHECK(
        unified_diff("f", "a\nb\n", {{1, "x\n"}}) ==
        "--- a/f\n+++ b/f\n@@ -1,2 +1,3 @@\n+x\n a\n b\n"
    );
    CHECK(
        unified_diff("f", "a", {{1, "x\n"}}) ==
        "--- a/f\n+++ b/f\n@@ -1,1 +1,2 @@\n+x\n a\n\\ No newline at end of file\n"
    );
    std::string text;
    for (int at = 1; at <= 20; ++at) {
        text += std::to_string(at) + "\n";
    }
    CHECK(
        unified_diff("f", text, {{2, "x\n"}, {18, "y\n"}}) ==
        "--- a/f\n+++ b/f\n@@ -1,4 +1,5 @@\n 1\n+x\n 2\n 3\n 4\n"
        "@@ -15,6 +16,7 @@\n 15\n 16\n 17\n+y\n 18\n 19\n 20\n"
    );
    CHECK(with_lines("a\nb\n", {{2, "x\n"}}) == "a\nx\nb\n");
    CHECK(with_lines("", {{1, "x\n"}}) == "x\n");
}

}  // namespace deployctl::readiness

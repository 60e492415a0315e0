// SPDX-License-Identifier: Apache-2.0
// What of the whole cluster is an app's business: the rights that its accounts have everywhere.
#include "readiness/live.hpp"

#include "tests/readiness/assessing.hpp"

#include <catch2/catch.hpp>

namespace deployctl::readiness {
namespace {

const std::string bindings = R"({"items": [
  {"metadata": {"name": "shop-admin"},
   "subjects": [{"kind": "ServiceAccount", "namespace": "shop", "name": "web"}],
   "roleRef": {"kind": "ClusterRole", "name": "everything"}},
  {"metadata": {"name": "all-of-shop"},
   "subjects": [{"kind": "Group", "name": "system:serviceaccounts:shop"}],
   "roleRef": {"kind": "ClusterRole", "name": "cluster-admin"}},
  {"metadata": {"name": "others"},
   "subjects": [{"kind": "ServiceAccount", "namespace": "bank", "name": "web"}],
   "roleRef": {"kind": "ClusterRole", "name": "of-the-bank"}},
  {"metadata": {"name": "discovery", "labels": {"kubernetes.io/bootstrapping": "rbac-defaults"}},
   "subjects": [{"kind": "Group", "name": "system:serviceaccounts"}],
   "roleRef": {"kind": "ClusterRole", "name": "discovery"}}
]})";
const std::string roles = R"({"items": [
  {"metadata": {"name": "everything"},
   "rules": [{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}]},
  {"metadata": {"name": "cluster-admin", "labels": {"kubernetes.io/bootstrapping": "rbac-defaults"}},
   "rules": [{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}]},
  {"metadata": {"name": "of-the-bank"},
   "rules": [{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}]}
]})";

std::vector<std::string> names_of(const Facts& facts, std::string_view kind) {
    std::vector<std::string> names;
    for (const auto* subject : facts.of(kind)) {
        names.push_back(subject->name);
    }
    return names;
}

TEST_CASE(
    "rights of the whole cluster count where they are an account's of the app", "[readiness]"
) {
    Facts facts{Settings{}};
    for (auto& file : live_rights({{200, bindings, ""}, {200, roles, ""}}, "shop")) {
        facts.add(std::move(file));
    }
    gather_subjects(facts);
    using Names = std::vector<std::string>;
    CHECK(names_of(facts, "ClusterRoleBinding") == Names{"all-of-shop", "shop-admin"});
    CHECK(names_of(facts, "ClusterRole") == Names{"everything"});
}

TEST_CASE(
    "rights that nobody may list are told, and no file of the app's is missing", "[readiness]"
) {
    const auto files = live_rights({{403, "", ""}, {403, "", ""}}, "shop");
    REQUIRE(files.size() == 2);
    for (const auto& file : files) {
        CHECK(file.trouble.what.find("nobody has allowed to list them") != std::string::npos);
        CHECK(is_of_whole_cluster(file));
    }
    const auto pods = live_resources()[5];
    CHECK_FALSE(is_of_whole_cluster(live_file(pods, {403, "", ""})));
}

TEST_CASE("only the app's own namespace is asked for", "[readiness]") {
    for (const auto& resource : live_resources()) {
        if (resource.kind == "Namespace") {
            CHECK(
                address_of(resource, "shop") ==
                "/api/v1/namespaces?limit=5000&fieldSelector=metadata.name%3Dshop"
            );
        }
    }
}

}  // namespace
}  // namespace deployctl::readiness

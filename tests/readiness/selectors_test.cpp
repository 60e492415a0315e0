// SPDX-License-Identifier: Apache-2.0
#include "readiness/selectors.hpp"

#include "readiness/inputs/yaml_language.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace deployctl::readiness {
namespace {

/// `selector` and `labels` in one flow.
bool selects_text(const std::string& selector, const std::string& labels) {
    const auto read = yaml_language().read("selector: " + selector + "\nlabels: " + labels + "\n");
    REQUIRE(read.trouble.what.empty());
    const auto& root = read.tree.roots().front();
    return selects(root.at("selector"), root.at("labels"));
}

TEST_CASE("a selector holds where all of its labels and expressions hold", "[readiness]") {
    const auto [selector, labels, expected] = GENERATE(table<std::string, std::string, bool>({
        {"{}", "{}", true},
        {"{matchLabels: {app: web}}", "{app: web, tier: front}", true},
        {"{matchLabels: {app: web, tier: back}}", "{app: web, tier: front}", false},
        {"{matchLabels: {app: web}}", "{}", false},
        {"{matchExpressions: [{key: app, operator: In, values: [api, web]}]}", "{app: web}", true},
        {"{matchExpressions: [{key: app, operator: In, values: [api]}]}", "{app: web}", false},
        {"{matchExpressions: [{key: app, operator: In, values: [api]}]}", "{}", false},
        {"{matchExpressions: [{key: app, operator: NotIn, values: [web]}]}", "{app: web}", false},
        {"{matchExpressions: [{key: app, operator: NotIn, values: [web]}]}", "{}", true},
        {"{matchExpressions: [{key: app, operator: Exists}]}", "{app: web}", true},
        {"{matchExpressions: [{key: app, operator: Exists}]}", "{}", false},
        {"{matchExpressions: [{key: app, operator: DoesNotExist}]}", "{app: web}", false},
        {"{matchExpressions: [{key: app, operator: DoesNotExist}]}", "{}", true},
        {"{matchExpressions: [{key: app, operator: Gt, values: ['1']}]}", "{app: '2'}", false},
        {"{matchLabels: {app: web}, matchExpressions: [{key: tier, operator: Exists}]}",
         "{app: web}",
         false},
    }));
    INFO(selector << " of " << labels);
    CHECK(selects_text(selector, labels) == expected);
}

}  // namespace
}  // namespace deployctl::readiness

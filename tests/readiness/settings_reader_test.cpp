// SPDX-License-Identifier: Apache-2.0
#include "readiness/settings_reader.hpp"

#include "tests/support/source_dir.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <sstream>

namespace deployctl::readiness {
namespace {

/// "line:column code message" of each mistake.
std::string mistakes_in(const std::string& yaml) {
    std::string text;
    for (const auto& mistake : read_settings(yaml, "assess.yaml").diagnostics) {
        CHECK(mistake.place.file == "assess.yaml");
        text += std::to_string(mistake.place.line) + ":" + std::to_string(mistake.place.column) +
                " " + mistake.code + " " + mistake.message + "\n";
    }
    return text;
}

}  // namespace

TEST_CASE("every key of assess.yaml is read", "[readiness]") {
    const auto loaded = read_settings(
        "minimum: 85\n"
        "weights: {containers: 20, cloud: 0}\n"
        "registries: [registry.example.com/shop]\n"
        "kubernetes_version: \"1.31\"\n"
        "exclude: [vendor/, third_party]\n"
        "rules: [rules/own.yaml]\n"
        "x-note: {anything: [goes]}\n"
        "waivers:\n"
        "  - rule: K8S-12\n"
        "    object: prod -> Deployment/shop/web\n"
        "    reason: moves away in January\n"
        "    owner: team-shop\n"
        "    expires: 2027-01-31\n",
        "assess.yaml"
    );
    CHECK(loaded.diagnostics.empty());
    CHECK(loaded.settings.minimum == 85);
    CHECK(loaded.settings.weights == std::map<std::string, int>{{"cloud", 0}, {"containers", 20}});
    CHECK(loaded.settings.registries == std::vector<std::string>{"registry.example.com/shop"});
    CHECK(loaded.settings.kubernetes_version == "1.31");
    CHECK(loaded.settings.exclude == std::vector<std::string>{"vendor/", "third_party"});
    CHECK(loaded.rule_files == std::vector<std::string>{"rules/own.yaml"});
    REQUIRE(loaded.settings.waivers.size() == 1);
    CHECK(loaded.settings.waivers[0].rule == "K8S-12");
    CHECK(loaded.settings.waivers[0].object == "prod -> Deployment/shop/web");
    CHECK(loaded.settings.waivers[0].reason == "moves away in January");
    CHECK(loaded.settings.waivers[0].owner == "team-shop");
    CHECK(loaded.settings.waivers[0].expires == "2027-01-31");
}

TEST_CASE("the example of the page about the format is a good one", "[readiness]") {
    std::ifstream file(tests::source_dir() / "docs/formats/assess-settings.md");
    std::stringstream page;
    page << file.rdbuf();
    const auto text = page.str();
    const auto begin = text.find("```yaml\n") + 8;
    const auto loaded = read_settings(text.substr(begin, text.find("```", begin) - begin), "x");
    CHECK(loaded.diagnostics.empty());
    CHECK(loaded.settings.minimum == 85);
    CHECK(loaded.settings.waivers.size() == 1);
}

TEST_CASE("an empty file has the defaults", "[readiness]") {
    const auto loaded = read_settings("# nothing yet\n", "assess.yaml");
    CHECK(loaded.diagnostics.empty());
    CHECK(loaded.settings.minimum == 80);
    CHECK(loaded.settings.waivers.empty());
}

TEST_CASE("mistakes in assess.yaml are said all at once, with their places", "[readiness]") {
    CHECK(
        mistakes_in("minimum: 101\nwieghts: {}\nweights: {containers: x, boats: 3}\n") ==
        "1:10 C1011 `minimum` takes a whole number from 0 to 100\n"
        "2:1 C1007 unknown key `wieghts` in assess.yaml\n"
        "3:23 C1011 `containers` takes a whole number from 0 to 1000\n"
        "3:26 C1007 unknown key `boats` in `weights`\n"
    );
    CHECK(
        mistakes_in("waivers:\n  - {rule: A, expire: 2027-01-01}\n  - 3\n") ==
        "2:15 C1007 unknown key `expire` in a waiver\n"
        "2:5 C1009 a waiver has no `reason`\n"
        "2:5 C1009 a waiver has no `owner`\n"
        "2:5 C1009 a waiver has no `expires`\n"
        "3:5 C1010 a waiver is a map\n"
    );
    CHECK(mistakes_in("- a\n") == "1:1 C1010 the settings are a map of keys\n");
}

TEST_CASE("values of the wrong type are left out", "[readiness]") {
    for (const auto* yaml :
         {"minimum: \"80\"\n",
          "minimum: -1\n",
          "minimum: 8.5\n",
          "minimum: [80]\n",
          "minimum:\n",
          "weights: 3\n",
          "weights: {containers: 1001}\n",
          "registries: here\n",
          "registries: [{a: b}]\n",
          "kubernetes_version: newest\n",
          "kubernetes_version: \"1.\"\n",
          "exclude: {a: b}\n",
          "exclude: [/etc]\n",
          "exclude: [a/../../b]\n",
          "rules: [../own.yaml]\n",
          "rules: [\"\"]\n",
          "waivers: {rule: A}\n",
          "waivers: [{rule: [A], reason: r, owner: o, expires: x}]\n",
          "weights: {containers: 0, network: 0, storage: 0, monitoring: 0, cicd: 0, iac: 0, "
          "environments: 0, recovery: 0, scaling: 0, cloud: 0}\n"}) {
        CAPTURE(yaml);
        const auto loaded = read_settings(yaml, "assess.yaml");
        CHECK(has_errors(loaded.diagnostics));
        CHECK(loaded.settings.minimum == 80);
        CHECK(loaded.settings.exclude.empty());
        CHECK(loaded.rule_files.empty());
    }
}

TEST_CASE("broken and hostile files are mistakes", "[readiness]") {
    for (const auto& yaml :
         {std::string("minimum: [\n"),
          std::string("a: &a [*a]\n"),
          std::string("\tminimum: 80\n"),
          std::string("minimum: 80\nminimum: 90\n"),
          std::string(5U << 20U, 'a'),
          std::string("\xff\xfe minimum"),
          std::string(200, '[')}) {
        CHECK(has_errors(read_settings(yaml, "assess.yaml").diagnostics));
    }
    std::string many;
    for (int at = 0; at < 1000; ++at) {
        many += "k" + std::to_string(at) + ": 1\n";
    }
    CHECK(read_settings(many, "assess.yaml").diagnostics.size() <= 50);
}

}  // namespace deployctl::readiness

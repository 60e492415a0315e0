// SPDX-License-Identifier: Apache-2.0
#include "config/check.hpp"
#include "config/configuration.hpp"
#include "config/keys.hpp"
#include "documents/json.hpp"
#include "tests/config/samples.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <set>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

using namespace deployctl;
using namespace deployctl::config;

namespace {

class Schema {
public:
    Schema() {
        const auto json = nlohmann::json::parse(documents::write_json(json_schema()));
        valijson::SchemaParser parser;
        parser.populateSchema(valijson::adapters::NlohmannJsonAdapter(json), schema_);
    }

    bool accepts(const std::string& yaml) {
        const documents::YamlSource source(yaml, "deploy.yaml");
        const auto value = documents::to_value(documents::read_yaml(source).root);
        const auto json = nlohmann::json::parse(documents::write_json(value));
        return valijson::Validator().validate(
            schema_, valijson::adapters::NlohmannJsonAdapter(json), nullptr
        );
    }

private:
    valijson::Schema schema_;
};

/// What a schema can see: unknown keys, missing keys, types, choices, names.
bool is_about_shape(const std::string& code) {
    return (code >= "C1007" && code <= "C1013") || code == "C1021" || code == "C1033" ||
           code == "C1060";
}

/// Values inside of one duration are the program's to judge.
bool is_beyond_schemas(const std::string& yaml) {
    return yaml.find("{hold: 1m}]") != std::string::npos ||
           yaml.find("9000h") != std::string::npos || yaml.find("99999999h") != std::string::npos;
}

}  // namespace

TEST_CASE("the schema takes every file that the program takes", "[config]") {
    Schema schema;
    for (const auto& yaml : good_samples()) {
        CAPTURE(yaml);
        CHECK(read_configuration(yaml, "deploy.yaml").diagnostics.empty());
        CHECK(schema.accepts(yaml));
        const auto configuration = read_configuration(yaml, "deploy.yaml").configuration;
        CHECK(schema.accepts(to_yaml(configuration)));
        CHECK(schema.accepts(to_short_yaml(configuration)));
    }
}

TEST_CASE("the schema refuses what has the wrong shape, and nothing else", "[config]") {
    Schema schema;
    for (const auto& yaml : shape_samples()) {
        const auto diagnostics = read_configuration(yaml, "deploy.yaml").diagnostics;
        CAPTURE(yaml);
        const bool wrong = std::ranges::any_of(diagnostics, [](const Diagnostic& one) {
            return is_about_shape(one.code);
        });
        CHECK(schema.accepts(yaml) == (!wrong || is_beyond_schemas(yaml)));
    }
}

TEST_CASE("a key that nobody knows is refused at every place", "[config]") {
    Schema schema;
    const auto every = every_key();
    REQUIRE(schema.accepts(every));
    std::size_t places = 0;
    for (auto at = every.find('{'); at != std::string::npos; at = every.find('{', at + 1)) {
        const auto before = std::string_view(every).substr(0, at);
        const bool takes_any_name = before.ends_with("headers: ") || before.ends_with("queries: ");
        if (before.ends_with('$') || takes_any_name) {
            continue;
        }
        const auto with = [&](const std::string& key) {
            return every.substr(0, at + 1) + key + ": 1, " + every.substr(at + 1);
        };
        CAPTURE(with("zzz"));
        CHECK_FALSE(schema.accepts(with("zzz")));
        CHECK(has_errors(read_configuration(with("zzz"), "deploy.yaml").diagnostics));
        CHECK(schema.accepts(with("x-z")));
        CHECK_FALSE(has_errors(read_configuration(with("x-z"), "deploy.yaml").diagnostics));
        ++places;
    }
    CHECK(places > 15);
}

TEST_CASE("each key of this version has a place in the schema, with its sentence", "[config]") {
    const auto text = documents::write_json(json_schema());
    for (const auto& key : all_keys()) {
        CAPTURE(std::string(key.path));
        const auto property = "\"" + std::string(key.name()) + "\":{";
        const auto says = "\"description\":\"" + std::string(key.says) + "\"";
        const bool is_there = text.find(says) != std::string::npos;
        CHECK(is_there == (key.presence != Presence::later));
        CHECK((key.presence == Presence::later || text.find(property) != std::string::npos));
    }
}

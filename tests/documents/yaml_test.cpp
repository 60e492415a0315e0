// SPDX-License-Identifier: Apache-2.0
#include "documents/yaml.hpp"

using namespace deployctl;
using namespace deployctl::documents;

TEST_CASE("each key and value knows its place") {
    const YamlSource source("a: 1\nb:\n  - \xC3\xA4: \"x y\"\n", "f.yaml");
    const auto tree = read_yaml(source);
    REQUIRE(tree.diagnostics.empty());
    const auto& item = tree.root.find("b")->value.items.at(0).entries.at(0);
    CHECK(item.place.line == 3);
    CHECK(item.place.column == 5);
    CHECK(item.value.place.column == 8);
    CHECK(item.value.place.width == 5);
}

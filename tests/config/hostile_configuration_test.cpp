// SPDX-License-Identifier: Apache-2.0
#include "config/configuration.hpp"

#include <catch2/catch.hpp>

#include <ctime>

using namespace deployctl;
using namespace deployctl::config;

namespace {

#if defined(__SANITIZE_ADDRESS__)
constexpr double slow = 4;
#else
constexpr double slow = 1;
#endif

const std::string head = "apiVersion: deployctl/v1\napp: {name: web, image: example.com/web}\n";
const std::string tail = "environments: {dev: {namespace: shop}}\n";

/// "n0: v", "n1: v" and so on, separated.
std::string many(int count, const std::string& value, const std::string& separator) {
    std::string text;
    for (int i = 0; i < count; ++i) {
        text += (i == 0 ? "" : separator) + "n" + std::to_string(i) + value;
    }
    return text;
}

}  // namespace

TEST_CASE("a file with very many keys is judged in a second", "[config][slow]") {
    const auto text = GENERATE(
        head + tail + many(100'000, ": 1", "\n") + "\n",
        head + tail + "gates:\n  " + many(20'000, ": {type: http}", "\n  ") +
            "\nstrategies: {canary: {gates: [" + many(20'000, "", ", ") + "]}}\n",
        head + tail + "strategies: {canary: {gates: [" + many(50'000, "", ", ") + "]}}\n",
        head + tail + "strategies: {blue-green: {active_service: [" + many(50'000, "", ", ") +
            "]}}\n",
        head + tail + "gates: {a: {" + many(50'000, ": 1", ", ") + "}}\n",
        head + "environments:\n  " + many(20'000, ": {namespace: }", "\n  ") + "\n",
        head + tail + "strategies: {canary: {steps: [" + std::string(20'000, '1') + "]}}\n",
        head + tail + "? " + std::string(100'000, 'x') + "\n: 1\n",
        head + tail + "group: {name: g, members: {" +
            many(20'000, ": {dir: d, needs: [n1]}", ", ") + "}}\n",
        head + tail + "approvals: {" + many(20'000, ": {}", ", ") + "}\ninfra: {stacks: {" +
            many(20'000, ": {dir: d, approval: n9x}", ", ") + "}}\n",
        head + tail + "promotion: {order: [" + many(50'000, "", ", ") + "], require: {" +
            many(20'000, ": [n1]", ", ") + "}}\n",
        head + "environments:\n  " + many(20'000, ": {namespace: s, follows: nx1}", "\n  ") + "\n"
    );
    CAPTURE(text.substr(0, 160));
    const auto start = std::clock();
    const auto loaded = read_configuration(text, "deploy.yaml");
    const auto shown = render(loaded.diagnostics, ColorMode::plain);
    CHECK(static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC < slow);
    CHECK(loaded.diagnostics.size() <= 50);
    CHECK(shown.size() < 500'000);
}

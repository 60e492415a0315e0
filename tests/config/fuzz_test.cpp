// SPDX-License-Identifier: Apache-2.0
#include "config/configuration.hpp"
#include "config/initial.hpp"
#include "tests/config/golden_texts.hpp"
#include "tests/config/samples.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace deployctl;
using namespace deployctl::config;

namespace {

/// A few edits: bytes, pieces moved, pieces of other samples.
std::string spoiled(std::string text, const std::string& other, std::mt19937& random) {
    const std::string spice = "{}[]:,-?&*!|>'\"%@`#\\ \t\n\r~<a0$x\x7f\x80\xC3\xFF";
    for (auto edits = random() % 3 + 1; edits > 0; --edits) {
        const auto at = random() % (text.size() + 1);
        switch (random() % 4) {
            case 0: text.insert(at, 1, spice[random() % spice.size()]); break;
            case 1: text.erase(at, random() % 12); break;
            case 2: text.insert(at, text.substr(at, random() % 40)); break;
            default: text.insert(at, other.substr(random() % other.size(), random() % 40)); break;
        }
    }
    return text;
}

}  // namespace

TEST_CASE("whatever deploy.yaml holds, it is read or its mistakes are shown", "[config][slow]") {
    const auto samples = good_samples();
    std::mt19937 random(20261125);
    int good = 0;
    int bad = 0;
    for (int round = 0; round < 2000; ++round) {
        const auto text =
            spoiled(samples[random() % samples.size()], samples[random() % samples.size()], random);
        const auto loaded = read_configuration(text, "deploy.yaml");
        if (has_errors(loaded.diagnostics)) {
            ++bad;
            CHECK_FALSE(render(loaded.diagnostics, ColorMode::color).empty());
        } else {
            ++good;
            const auto again = read_configuration(to_yaml(loaded.configuration), "deploy.yaml");
            CAPTURE(text, to_yaml(loaded.configuration));
            CHECK(again.configuration == loaded.configuration);
            CHECK_FALSE(has_errors(again.diagnostics));
        }
    }
    CHECK(good > 30);
    CHECK(bad > 500);
}

TEST_CASE("whatever the manifests hold, what is written from them is valid", "[config][slow]") {
    const auto sample = read_source_file("examples/01-canary/k8s/shop.yaml");
    std::mt19937 random(20261126);
    int written = 0;
    for (int round = 0; round < 500; ++round) {
        InitialRequest request;
        request.files = {{"k8s/shop.yaml", spoiled(sample, sample, random)}};
        const auto initial = initial_configuration(request);
        if (!initial.text.empty()) {
            ++written;
            const auto loaded = read_configuration(initial.text, "deploy.yaml");
            CAPTURE(initial.text);
            CHECK(loaded.diagnostics.empty());
        } else {
            CHECK(has_errors(initial.diagnostics));
        }
    }
    CHECK(written > 100);
}

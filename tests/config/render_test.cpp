// SPDX-License-Identifier: Apache-2.0
#include "config/configuration.hpp"
#include "tests/config/golden_texts.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using namespace deployctl::config;

namespace {

std::string shown(const std::string& text) {
    return render(read_configuration(text, "deploy.yaml").diagnostics, ColorMode::plain);
}

const std::string head = "apiVersion: deployctl/v1\napp: {name: web, image: example.com/web}\n";
const std::string tail = "environments: {dev: {namespace: shop}}\n";

}  // namespace

TEST_CASE("every mistake of a file is shown with its line and a way out", "[config]") {
    check_golden(
        "config/mistakes.txt", shown(read_source_file("tests/golden/config/mistakes.yaml"))
    );
}

TEST_CASE("a mistyped key is shown as the manual shows it", "[config]") {
    std::string text = head + tail + "gates:\n";
    for (int line = 5; line < 26; ++line) {
        text += "  g" + std::to_string(line) + ": {type: http}\n";
    }
    text +=
        "  latency:   {type: http, everry: 30s, path: /healthz} # a comment at the end of the "
        "line, which is long\n";
    CHECK(
        shown(text) ==
        "error[C1007]: unknown key `everry` in gate `latency`\n"
        "  --> deploy.yaml:26:27\n"
        "26 |   latency:   {type: http, everry: 30s, path: /healthz} # a comment at the end …\n"
        "   |                           ^^^^^^ known here: dry_run, errors_in_a_row, "
        "every, expect, fail_after, …\n"
        "   = help: write `every: 30s`          = docs: deployctl config explain gates.every\n"
    );
}

TEST_CASE("a mistake far to the right is shown with what stands around it", "[config]") {
    const auto text = head + "x-a: 1\n" + "environments: {" + std::string(200, ' ') +
                      "dev: {namespace: shop, protectd: true}}\n";
    CHECK(
        shown(text) ==
        "error[C1007]: unknown key `protectd` in environment `dev`\n"
        " --> deploy.yaml:4:239\n"
        "4 | …       dev: {namespace: shop, protectd: true}}\n"
        "  |                                ^^^^^^^^ known here: approval, context, follows, "
        "gates, max_lag, …\n"
        "  = help: write `protected: true`          = docs: deployctl config explain "
        "environments.protected\n"
    );
}

TEST_CASE("colour marks the head, the place and the spot, and only where asked for", "[config]") {
    const auto diagnostics =
        read_configuration(head + "gatez: {}\n" + tail, "deploy.yaml").diagnostics;
    const auto text = render(diagnostics, ColorMode::color);
    CHECK(text.find("\x1b[1;31merror[C1007]\x1b[0m") == 0);
    CHECK(text.find("\x1b[1;31m^^^^^") != std::string::npos);
    CHECK(render(diagnostics, ColorMode::plain).find('\x1b') == std::string::npos);
}

TEST_CASE("nothing in a file reaches the terminal as a command", "[config]") {
    const auto text = shown(head + "\"\\x1b[31m\\x9b2J\": 1\n" + tail);
    CHECK(text.find('\x1b') == std::string::npos);
    CHECK(text.find("\xC2\x9B") == std::string::npos);
    CHECK(text.find("unknown key `?[31m?2J`") != std::string::npos);
}

TEST_CASE("a mistake without a place is shown without a line", "[config]") {
    Diagnostic one;
    one.code = "C1050";
    one.message = "no Deployment in the manifests";
    one.place.file = "k8s";
    one.note = "found instead: StatefulSet/db";
    CHECK(
        render({one}, ColorMode::plain) ==
        "error[C1050]: no Deployment in the manifests\n"
        "  --> k8s\n"
        "  = note: found instead: StatefulSet/db\n"
    );
}

TEST_CASE("at most fifty mistakes are reported", "[config]") {
    std::string text = head + tail;
    for (int i = 0; i < 500; ++i) {
        text += "y" + std::to_string(i) + ": 1\n";
    }
    CHECK(read_configuration(text, "deploy.yaml").diagnostics.size() == 50);
}

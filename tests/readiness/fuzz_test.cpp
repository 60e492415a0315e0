// SPDX-License-Identifier: Apache-2.0
// Fixtures of all rules, and a few texts of each language, spoiled by a seeded generator: whatever
// comes of it, an assessment ends soon, and with a score that is one.
#include "documents/yaml.hpp"
#include "tests/readiness/assessing.hpp"
#include "tests/support/source_dir.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <vector>

namespace deployctl::readiness {
namespace {

#if defined(__SANITIZE_ADDRESS__)
constexpr double seconds_of_one = 10;
constexpr int rounds = 300;
#else
constexpr double seconds_of_one = 1;
constexpr int rounds = 3000;
#endif

const Texts one_of_each = {
    {"Dockerfile",
     "# escape=\\\nARG V=1\nFROM --platform=$P debian:${V:-12} AS a\nRUN <<E\necho\nE\nCOPY "
     "--from=a "
     "[\"x y\", \"/\"]\nUSER 1000:0\nHEALTHCHECK CMD [\"x\"]\nCMD [\"x\"]\n"},
    {"compose.yaml",
     "services:\n  web:\n    image: web:1\n    ports: [\"80:8080\", {target: 1}]\n    extends: "
     "{service: "
     "db}\n  db: {image: db, environment: [A=b], volumes: [\"/:/x\"], extends: web}\n"},
    {"k8s/web.yaml",
     "apiVersion: v1\nkind: List\nitems:\n- apiVersion: apps/v1\n  kind: Deployment\n  metadata: "
     "{name: "
     "web}\n  spec:\n    replicas: 2\n    selector: {matchLabels: {app: web}}\n    template:\n     "
     " "
     "metadata: {labels: {app: web}}\n      spec:\n        containers:\n        - name: app\n      "
     "    "
     "image: web:1\n          ports: [{containerPort: 80}]\n          resources: {limits: {cpu: 1, "
     "memory: 1Gi}}\n          env: [{name: A, value: b}]\n- {apiVersion: v1, kind: Service, "
     "metadata: "
     "{name: web}, spec: {selector: {app: web}, ports: [{port: 80}]}}\n"},
    {"overlays/production/kustomization.yaml",
     "resources: [../../k8s, ..]\npatches: [{path: p.yaml}]\n"},
    {"infra/main.tf",
     "terraform {\n  backend \"s3\" { bucket = \"b\" }\n}\nvariable \"v\" { default = [1, {a = "
     "\"${var.v}\"}] }\nresource \"aws_db_instance\" \"d\" {\n  count = var.v ? 1 : 0\n  x = "
     "<<-E\n  a\n  "
     "E\n  y = jsonencode({ a : [for i in b : i] })\n}\n"},
    {"alerts.yaml",
     "groups:\n- name: g\n  rules:\n  - alert: A\n    expr: sum(rate(x{a=~\"b\"}[5m])) by (c) > "
     "1\n    "
     "for: 5m\n    labels: {severity: page}\n  - record: r\n    expr: x\n"},
    {"alertmanager.yml", "route: {receiver: a, routes: [{receiver: b}]}\nreceivers: [{name: a}]\n"},
    {".github/workflows/ci.yml",
     "on: push\njobs:\n  a:\n    runs-on: x\n    needs: [b]\n    steps:\n    - uses: a/b@v1\n    - "
     "run: "
     "make ${{ github.event.x }}\n  b: {needs: a, steps: []}\n"},
    {".gitlab-ci.yml", "stages: [a]\nx:\n  stage: a\n  script: [make, !reference [y, script]]\n"},
    {"Makefile",
     "A := $(shell b)\nall: build \\\n  test ## help\n\t@echo $(A)\nifdef X\nb:\n\tc\nendif\n"},
    {"scripts/backup.sh",
     "#!/bin/sh\nset -eu\nif x; then\n  pg_dump y | gzip > \"$z\"\nfi\ncat <<E\na\nE\n"},
};

std::vector<Texts> seeds() {
    std::vector<Texts> all = {one_of_each};
    const auto folder = std::filesystem::path(tests::source_dir()) / "tests/readiness/rules";
    if (!std::filesystem::exists(folder)) {
        return all;
    }
    std::vector<std::filesystem::path> paths;
    for (const auto& file : std::filesystem::directory_iterator(folder)) {
        paths.push_back(file.path());
    }
    std::sort(paths.begin(), paths.end());
    for (const auto& path : paths) {
        std::ifstream stream(path);
        const std::string text{std::istreambuf_iterator<char>(stream), {}};
        for (const auto& fixture : read_yaml(documents::YamlSource(text, path)).root.entries) {
            Texts texts;
            for (const auto& file : fixture.value.entries) {
                texts[file.key] = file.value.text;
            }
            all.push_back(std::move(texts));
        }
    }
    return all;
}

class Spoiler {
public:
    explicit Spoiler(unsigned seed) : random_(seed) {}

    Texts spoiled(Texts texts) {
        for (auto& [path, text] : texts) {
            for (int changes = below(4); changes > 0; --changes) {
                change(text);
            }
        }
        return texts;
    }

    const Texts& one_of(const std::vector<Texts>& all) {
        return all[static_cast<std::size_t>(below(static_cast<int>(all.size())))];
    }

private:
    int below(int end) { return static_cast<int>(random_() % static_cast<unsigned>(end)); }

    std::size_t place_in(const std::string& text) {
        return static_cast<std::size_t>(below(static_cast<int>(text.size()) + 1));
    }

    /// From the beginning of a line to that of the next.
    std::pair<std::size_t, std::size_t> line_of(const std::string& text) {
        const auto at = place_in(text);
        const auto start = at == 0 ? 0 : text.rfind('\n', at - 1) + 1;
        const auto end = text.find('\n', at);
        return {start, end == std::string::npos ? text.size() : end + 1};
    }

    void change(std::string& text) {
        const auto [start, end] = line_of(text);
        const auto line = text.substr(start, end - start);
        switch (below(7)) {
            case 0: text.erase(start, line.size()); break;
            case 1: text.insert(place_in(text), line); break;
            case 2: text.insert(start, line); break;
            case 3: text.resize(place_in(text)); break;
            case 4: text.insert(place_in(text), odd_character()); break;
            default: give_another_value(text, start, line);
        }
    }

    /// What is read well, and is of another kind than the one that is expected there.
    void give_another_value(std::string& text, std::size_t start, const std::string& line) {
        static const std::vector<std::string> values = {
            "[]",
            "{}",
            "[[]]",
            "[{}]",
            "{a: [b]}",
            "~",
            "''",
            "-1",
            "99999999999999999999",
            "1e999",
            "true",
            "\"\\0\"",
            "*a",
            "&a [*a]",
            "${x}",
            "!x y",
            "\"${jsonencode(\"",
            "<<E",
            "$(x)",
            "%",
            "0x",
            "1Gi1",
            "\xFF",
            "{{ x }}",
            "|",
            "null",
            "9223372036854775807",
            "0.0000000000000001"
        };
        const auto colon = line.find_first_of(":=");
        const auto from = start + (colon == std::string::npos ? 0 : colon + 1);
        const auto size = start + line.size() - from;
        const auto& value =
            values[static_cast<std::size_t>(below(static_cast<int>(values.size())))];
        text.replace(from, size, " " + value + "\n");
    }

    std::string odd_character() {
        static const std::vector<std::string> odd = {
            "\"",
            "'",
            "{",
            "}",
            "[",
            "]",
            "\\",
            "\n",
            "\t",
            "$",
            "`",
            "|",
            ">",
            "#",
            "*",
            "&",
            "\r",
            "\xC3",
            std::string(1, '\0'),
            "<<",
            "${",
            "\xEF\xBB\xBF",
            "\\\n",
            "- ",
            ": ",
            "---\n",
            "%"
        };
        return odd[static_cast<std::size_t>(below(static_cast<int>(odd.size())))];
    }

    std::mt19937 random_;
};

/// Seconds of the processor that an assessment took; its score is one.
double assess_within_bounds(const Texts& texts) {
    const auto start = std::clock();
    const auto assessment = assess(texts, own_rules());
    const auto seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    if (assessment.score) {
        const auto low = assessment.score->low.hundredths;
        const auto high = assessment.score->high.hundredths;
        REQUIRE((low >= 0 && low <= high && high <= 10'000));
    }
    return seconds;
}

}  // namespace

TEST_CASE(
    "whatever is made of the fixtures, an assessment of it ends well and soon", "[readiness]"
) {
    const auto all = seeds();
    double slowest = 0;
    for (int round = 0; round < rounds; ++round) {
        Spoiler spoiler(static_cast<unsigned>(round));
        const auto texts = spoiler.spoiled(round % 8 == 0 ? one_of_each : spoiler.one_of(all));
        CAPTURE(round);
        slowest = std::max(slowest, assess_within_bounds(texts));
    }
    CHECK(slowest < seconds_of_one);
}

TEST_CASE("long and deep texts of any language cost little", "[readiness][slow]") {
    const auto unit = GENERATE(
        "{",
        "[",
        "(",
        "a {\n",
        "\\\n",
        "${",
        "$(",
        "\"",
        "'",
        "a = ",
        "- ",
        "a: ",
        "x <<E\n",
        "#",
        "if x\n",
        "FROM a\n",
        "RUN \\\n",
        "a:\n",
        "/*",
        "%{ if a }",
        "a \"b\" {",
        "!",
        "&&",
        "||",
        "`",
        "a:&a *a\n",
        "<<EOF\n",
        "%{",
        "\t",
        "\n",
        "\xC3\xA4",
        "sum(",
        "x{",
        "1+",
        "$",
        "!(",
        "case x in\n",
        "define a\n"
    );
    std::string text;
    while (text.size() < 200'000) {
        text += unit;
    }
    for (const auto& [path, unused] : one_of_each) {
        CAPTURE(path, unit);
        CHECK(assess_within_bounds({{path, text}}) < seconds_of_one);
    }
}

TEST_CASE("a file of any name may be empty", "[readiness]") {
    for (const auto& [path, unused] : one_of_each) {
        CAPTURE(path);
        CHECK(assess_within_bounds({{path, ""}}) < seconds_of_one);
        CHECK(assess_within_bounds({{path, "\n"}}) < seconds_of_one);
        CHECK(assess_within_bounds({{path, std::string(1, '\0')}}) < seconds_of_one);
    }
}

}  // namespace deployctl::readiness

// SPDX-License-Identifier: Apache-2.0
#include "documents/json.hpp"
#include "tests/cli/shell.hpp"
#include "tests/support/source_dir.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>

using namespace deployctl;
using namespace deployctl::tests;

namespace {

using Catch::Matchers::Contains;

/// With mistakes that some rule of containers and of scaling sees.
const std::string deployment = R"(apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: app
          image: nginx:latest
          securityContext: {privileged: true}
)";

/// Fails at every Deployment, and blocks.
const std::string own_rules = R"(- id: OWN-1
  title: no Deployment is named web
  category: scaling
  severity: high
  blocker: always
  subject: Deployment
  pass: {path: metadata/name, not_in: [web]}
  message: ${name} is named web
  why: It is a test.
  mend: Name it otherwise.
  references: [nobody]
)";

class Repository {
public:
    Repository() { folder.write("web.yaml", deployment); }

    tests::Answer run(const std::string& rest) { return shell.run("assess " + rest); }

    tests::Answer assess(const std::string& rest = "") { return run(folder.path("") + " " + rest); }

    std::string at(const std::string& name) const { return folder.path(name); }

    void use_own_rules(const std::string& more = "") {
        folder.write("own.yaml.rules", own_rules);
        folder.write("assess.yaml", "rules: [own.yaml.rules]\nminimum: 0\n" + more);
    }

    Folder folder;
    Shell shell;
};

}  // namespace

TEST_CASE("assess tells the score, what blocks and what would help", "[cli]") {
    Repository repository;
    repository.shell.columns = 200;
    const auto answer = repository.assess();
    CAPTURE(answer.out, answer.err);
    CHECK(answer.exit == 4);
    CHECK_THAT(answer.out, Contains("NOT READY"));
    CHECK_THAT(answer.out, Contains("Container orchestration"));
    CHECK_THAT(answer.out, Contains("blocks"));
    CHECK_THAT(answer.out, Contains("web.yaml:"));
    CHECK_THAT(answer.out, Contains("mend: "));
    const auto wide = repository.assess("-o wide");
    CHECK(wide.out.size() > answer.out.size());
    CHECK(wide.out.find("-o wide shows all") == std::string::npos);
}

TEST_CASE("what was not looked into is counted, and what is excluded apart", "[cli]") {
    Repository repository;
    repository.shell.columns = 200;
    CHECK(repository.assess().out.find("not looked into") == std::string::npos);
    repository.folder.write("assess.yaml", "exclude: [old.yaml]\n");
    repository.folder.write("old.yaml", deployment);
    std::filesystem::create_directory(repository.at("vendor"));
    const auto answer = repository.assess();
    CAPTURE(answer.out);
    CHECK_THAT(
        answer.out, Contains("not looked into: 1 excluded by the settings, 1 skipped: -o wide")
    );
    CHECK_THAT(repository.assess("-o wide").out, Contains("not looked into: vendor: packages"));
}

TEST_CASE("a folder with nothing to assess has no score: n/a, exit code 12", "[cli]") {
    Folder folder;
    Shell shell;
    const auto answer = shell.run("assess " + folder.path(""));
    CHECK(answer.exit == 12);
    CHECK_THAT(answer.out, Contains("n/a"));
    folder.write("notes.txt", "nothing");
    CHECK(shell.run("assess " + folder.path("")).exit == 12);
    CHECK(shell.run("assess " + folder.path("nowhere")).exit == 2);
}

TEST_CASE("a file that cannot be read makes the assessment incomplete", "[cli]") {
    Repository repository;
    repository.folder.write("broken.yaml", "apiVersion: v1\nkind: Service\n\tname: [\n");
    const auto answer = repository.assess();
    CAPTURE(answer.out);
    CHECK(answer.exit == 12);
    CHECK_THAT(answer.out, Contains("broken.yaml"));
    CHECK_THAT(answer.out, Contains("next: mend it, or leave it out with `exclude`"));
}

TEST_CASE("the same tree gives the same bytes", "[cli]") {
    Repository repository;
    const auto one = repository.assess("-o json");
    const auto other = repository.assess("-o json");
    CHECK(one.exit == 4);
    CHECK(one.out == other.out);
    const auto value = documents::read_json(one.out);
    CHECK(value.number("/v") == 1);
    CHECK(value.text("/verdict") == "not-ready");
    CHECK_FALSE(value.has("/delta"));
}

TEST_CASE("each form of report is written, to the terminal or into a file", "[cli]") {
    Repository repository;
    CHECK_THAT(repository.assess("-o sarif").out, Contains("\"version\": \"2.1.0\""));
    CHECK_THAT(repository.assess("-o junit").out, Contains("<testsuites"));
    CHECK_THAT(repository.assess("-o md").out, Contains("<!-- deployctl:assess"));
    CHECK_THAT(repository.assess("-o html").out, Contains("<!doctype html>"));
    CHECK_THAT(repository.assess("-o name").out, Contains("NOT READY\n"));
    CHECK_THAT(repository.assess("-o yaml").out, Contains("verdict: not-ready"));
    const auto written = repository.assess("-o sarif --out " + repository.at("out.sarif"));
    CHECK(written.exit == 4);
    CHECK_THAT(written.out, Contains("NOT READY"));
    CHECK_THAT(repository.folder.read("out.sarif"), Contains("\"version\": \"2.1.0\""));
    CHECK(repository.assess("-o sarif --out " + repository.at("no/such/folder")).exit == 2);
    CHECK(repository.shell.run("gate list -o sarif").exit == 2);
}

TEST_CASE("the environment and the app are in the report", "[cli]") {
    Repository repository;
    const auto value = documents::read_json(repository.assess("-e staging --app shop -o json").out);
    CHECK(value.text("/env") == "staging");
    CHECK(value.text("/app") == "shop");
}

TEST_CASE("settings and rules of the team are used", "[cli]") {
    Repository repository;
    CHECK(repository.assess("--category scaling --min 0").exit == 0);
    repository.use_own_rules();
    const auto answer = repository.assess("--category scaling");
    CHECK(answer.exit == 4);
    CHECK_THAT(answer.out, Contains("OWN-1"));
    CHECK_THAT(answer.out, Contains("web is named web"));
    repository.folder.write("other.yaml.settings", "minimum: 0\n");
    const auto settings = "--settings " + repository.at("other.yaml.settings");
    CHECK(repository.assess("--category scaling " + settings).exit == 0);
    CHECK(repository.assess("--category scaling --min 101 " + settings).exit != 0);
    CHECK(repository.assess("--category boats").exit == 2);
}

TEST_CASE("mistakes in settings and rules are told with their places", "[cli]") {
    Repository repository;
    repository.folder.write("assess.yaml", "minimum: 80\nwaiver: []\n");
    const auto answer = repository.assess();
    CHECK(answer.exit == 2);
    CHECK_THAT(answer.err, Contains("assess.yaml:2:1"));
    CHECK_THAT(answer.err, Contains("unknown key `waiver`"));
    repository.folder.write("assess.yaml", "rules: [own.yaml.rules]\n");
    CHECK(repository.assess().exit == 2);
    repository.folder.write("own.yaml.rules", "- id: OWN-1\n  sevrity: high\n");
    const auto rules = repository.assess();
    CHECK(rules.exit == 2);
    CHECK_THAT(rules.err, Contains("own.yaml.rules:"));
    CHECK(repository.assess("--settings " + repository.at("none.yaml")).exit == 2);
}

TEST_CASE("a waiver lets a blocker pass until its day, and raises no score", "[cli]") {
    Repository repository;
    const std::string waiver =
        "waivers: [{rule: OWN-1, reason: known, owner: sre, expires: 2026-12-31}]\n";
    repository.use_own_rules();
    const auto open = documents::read_json(repository.assess("--category scaling -o json").out);
    repository.use_own_rules(waiver);
    const auto waived = repository.assess("--category scaling");
    CHECK(waived.exit == 0);
    const auto value = documents::read_json(repository.assess("--category scaling -o json").out);
    CHECK(value.at("/score") == open.at("/score"));
    CHECK(repository.assess("--category scaling --no-waivers").exit == 4);
    repository.use_own_rules(
        "waivers: [{rule: OWN-1, reason: known, owner: sre, expires: 2026-11-01}]\n"
    );
    const auto expired = repository.assess("--category scaling");
    CHECK(expired.exit == 4);
    CHECK_THAT(expired.out, Contains("expired on 2026-11-01"));
}

TEST_CASE("against a baseline new blockers and drops are stopped", "[cli]") {
    Repository repository;
    repository.folder.write("assess.yaml", "minimum: 0\n");
    const auto baseline = repository.at("last.json");
    const std::string scaling = "--category scaling ";
    CHECK(repository.assess(scaling + "-o json --out " + baseline).exit == 0);
    const auto same =
        repository.assess(scaling + "--no-new-blockers --max-drop 0 --baseline " + baseline);
    CAPTURE(same.out, same.err);
    CHECK(same.exit == 0);
    CHECK_THAT(same.out, Contains("since the baseline"));
    repository.use_own_rules();
    const auto blocked = repository.assess(scaling + "--no-new-blockers --baseline " + baseline);
    CHECK(blocked.exit == 4);
    CHECK_THAT(blocked.err, Contains("1 new blocker since the baseline"));
    const auto whole = repository.at("whole.json");
    repository.folder.write("assess.yaml", "minimum: 0\n");
    repository.assess("-o json --out " + whole);
    repository.folder.write("web.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: a}\n");
    const auto dropped = repository.assess("--max-drop 0.5 --baseline " + whole);
    CAPTURE(dropped.out);
    CHECK(dropped.exit == 4);
    CHECK_THAT(dropped.err, Contains("the low end has dropped by"));
    CHECK_THAT(dropped.out, Contains("could not ask what is gone"));
    CHECK_THAT(dropped.out, Contains("no-longer-assessed"));
}

TEST_CASE("what is gone is accepted when somebody says so", "[cli]") {
    Repository repository;
    repository.folder.write("assess.yaml", "minimum: 0\n");
    const auto baseline = repository.at("last.json");
    repository.folder.write(
        "api.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: api}\n"
    );
    CHECK(repository.assess("-o json --out " + baseline).exit == 4);
    std::filesystem::remove(repository.at("api.yaml"));
    const auto low = [&](const std::string& more) {
        return documents::read_json(repository.assess("-o json " + more).out).real("/score/low");
    };
    const auto kept = low("--baseline " + baseline);
    CHECK(kept < low(""));
    CHECK(low("--accept-removed --baseline " + baseline) == low(""));
}

TEST_CASE("limits without a baseline, and baselines that are none, are refused", "[cli]") {
    Repository repository;
    CHECK(repository.assess("--no-new-blockers").exit == 2);
    CHECK(repository.assess("--max-drop 1").exit == 2);
    CHECK(repository.assess("--accept-removed").exit == 2);
    const auto none = repository.assess("--baseline " + repository.at("web.yaml"));
    CHECK(none.exit == 2);
    CHECK_THAT(none.err, Contains("is no assessment to compare with"));
    repository.assess("-o json --out " + repository.at("last.json"));
    const auto odd = repository.assess("--max-drop few --baseline " + repository.at("last.json"));
    CHECK(odd.exit == 2);
    CHECK_THAT(odd.err, Contains("no number of points"));
}

TEST_CASE("links of what is assessed lead to no settings and no rules", "[cli]") {
    Repository repository;
    tests::Folder elsewhere;
    const auto settings = elsewhere.write("s.yaml", "minimum: 0\nrules: [linked.rules]\n");
    std::filesystem::create_symlink(settings, repository.at("assess.yaml"));
    const auto linked = repository.assess();
    CHECK(linked.exit == 2);
    CHECK_THAT(linked.err, Contains("assess.yaml is a link"));
    CHECK_THAT(linked.err, Contains("--settings FILE"));
    std::filesystem::create_symlink(settings, elsewhere.path("linked.rules"));
    const auto rules = repository.assess("--settings " + settings);
    CHECK(rules.exit == 2);
    CHECK_THAT(rules.err, Contains("linked.rules cannot be read"));
}

TEST_CASE("two assessments that were kept are compared", "[cli]") {
    Repository repository;
    const auto before = repository.at("before.json");
    const auto now = repository.at("now.json");
    repository.assess("-o json --out " + before);
    repository.use_own_rules();
    repository.assess("-o json --out " + now);
    const auto answer = repository.run("diff " + before + " " + now);
    CHECK(answer.exit == 0);
    CHECK_THAT(answer.out, Contains("new"));
    CHECK_THAT(answer.out, Contains("OWN-1"));
    CHECK_THAT(answer.out, Contains("the rules are other ones"));
    CHECK(repository.run("diff --no-new-blockers " + before + " " + now).exit == 4);
    CHECK(repository.run("diff " + before).exit == 2);
    const auto data =
        documents::read_json(repository.run("diff -o json " + before + " " + now).out);
    CHECK(data.number("/new_blockers") == 1);
}

TEST_CASE("the page has a trend of earlier assessments", "[cli]") {
    Repository repository;
    const auto may = repository.at("may.json");
    repository.assess("-o json --out " + may);
    repository.shell.parts.time.advance(std::chrono::hours(48));
    CHECK_THAT(repository.assess("-o html --history " + may).out, Contains("<h2>Trend</h2>"));
    CHECK(repository.assess("-o html --history " + repository.at("web.yaml")).exit == 2);
}

TEST_CASE("a check is explained, with what it has found", "[cli]") {
    Repository repository;
    repository.use_own_rules();
    const auto answer = repository.run("explain own-1 " + repository.at(""));
    CAPTURE(answer.out);
    CHECK(answer.exit == 0);
    CHECK_THAT(answer.out, Contains("no Deployment is named web"));
    CHECK_THAT(answer.out, Contains("It is a test."));
    CHECK_THAT(answer.out, Contains("Deployment/shop/web"));
    CHECK_THAT(answer.out, Contains("web.yaml:"));
    const auto data =
        documents::read_json(repository.run("explain OWN-1 -o json " + repository.at("")).out);
    CHECK(data.text("/subjects/0/outcome") == "fail");
    CHECK(data.text("/mend") == "Name it otherwise.");
    const auto unknown = repository.run("explain OWM-1 " + repository.at(""));
    CHECK(unknown.exit == 2);
    CHECK_THAT(unknown.err, Contains("did you mean OWN-1?"));
}

TEST_CASE("all checks are listed without a look at the folder", "[cli]") {
    Repository repository;
    const auto names = repository.assess("--list -o name").out;
    CHECK(std::ranges::count(names, '\n') > 50);
    repository.use_own_rules();
    CHECK_THAT(repository.assess("--list").out, Contains("OWN-1"));
    CHECK(repository.assess("--list --category cloud").out.find("OWN-1") == std::string::npos);
}

TEST_CASE("the cluster that is asked and does not answer is said", "[cli]") {
    Repository repository;
    repository.shell.parts.server_is_away = true;
    const auto answer = repository.assess("--live");
    CAPTURE(answer.out, answer.err);
    CHECK(answer.exit != 0);
    CHECK(answer.exit != 4);
}

TEST_CASE("a written report is audited: 0 sound, 4 contradictory, 2 no table", "[cli]") {
    Repository repository;
    const auto report = (source_dir() / "tests/readiness/audit/report.md").string();
    repository.shell.columns = 400;
    const auto answer = repository.run("audit " + report);
    CHECK(answer.exit == 4);
    for (const auto* part :
         {"92.98, by its weights",
          "92.83 with their mean, 92.68 with the least",
          "the report says 91 (line 5)",
          "5 stars for all of 10 categories",
          "\"TOP 5%\" (line 82)",
          "is 95 in the table (line 67)"}) {
        CHECK_THAT(answer.out, Contains(part));
    }
    const auto data = documents::read_json(repository.run("audit -o json " + report).out);
    CHECK(data.text("/total/low") == "92.98");
    CHECK(data.items("/contradictions").size() == 4);
    repository.folder.write("sound.md", "| Area | Score |\n|---|---|\n| Network | 90 |\n");
    CHECK(repository.run("audit " + repository.at("sound.md")).exit == 0);
    repository.folder.write("words.md", "only words\n");
    const auto none = repository.run("audit " + repository.at("words.md"));
    CHECK(none.exit == 2);
    CHECK_THAT(none.err, Contains("no table of scores"));
    CHECK(repository.run("audit " + repository.at("")).exit == 2);
}

TEST_CASE("the gap between a written report and what lies there is shown", "[cli]") {
    Repository repository;
    const auto report = (source_dir() / "tests/readiness/audit/report.md").string();
    const auto answer = repository.run("audit " + report + " --against " + repository.at(""));
    CAPTURE(answer.out);
    CHECK(answer.exit == 4);
    CHECK_THAT(answer.out, Contains("CLAIMED"));
    const auto data = documents::read_json(
        repository.run("audit -o json " + report + " --against " + repository.at("")).out
    );
    REQUIRE(data.items("/gaps").size() == 10);
    CHECK(data.text("/gaps/0/category") == "Container orchestration");
    CHECK(data.text("/gaps/0/claimed") == "95.00");
    CHECK_FALSE(data.at("/gaps/0/gap").is_null());
    CHECK(data.text("/gaps/9/claimed_as") == "Cloud Integration");
}

TEST_CASE("a patch of the mechanical failures is written, and nothing is changed", "[cli]") {
    Repository repository;
    const auto bare = repository.run("fix " + repository.at(""));
    CHECK(bare.exit == 2);
    CHECK_THAT(bare.err, Contains("--dry-run"));
    const auto answer = repository.run("fix --dry-run " + repository.at(""));
    CAPTURE(answer.out, answer.err);
    CHECK(answer.exit == 0);
    CHECK_THAT(answer.out, Contains("--- a/web.yaml\n+++ b/web.yaml\n"));
    CHECK_THAT(answer.out, Contains("+      automountServiceAccountToken: false\n"));
    CHECK(repository.folder.read("web.yaml") == deployment);
    CHECK(repository.run("fix --dry-run -o name " + repository.at("")).out == "web.yaml\n");
}

TEST_CASE("a second run on the same says the same, at the time of now", "[cli]") {
    Repository repository;
    Folder cache;
    repository.shell.environment["XDG_CACHE_HOME"] = cache.path("");
    const auto one = repository.assess("-o json");
    repository.shell.parts.time.advance(std::chrono::minutes(5));
    const auto again = repository.assess("-o json");
    CHECK(again.exit == one.exit);
    auto first = documents::read_json(one.out);
    const auto second = documents::read_json(again.out);
    CHECK(first.text("/assessed_at") != second.text("/assessed_at"));
    CHECK(second.text("/assessed_at") == to_rfc3339(repository.shell.parts.time.now()));
    first.set("/assessed_at", second.at("/assessed_at"));
    CHECK(first == second);
    CHECK(std::filesystem::exists(cache.path("deployctl/assess")));
    const auto kept = [&] {
        return std::distance(
            std::filesystem::directory_iterator(cache.path("deployctl/assess")),
            std::filesystem::directory_iterator()
        );
    };
    CHECK(kept() == 1);

    SECTION("another file, another answer") {
        repository.folder.write("api.yaml", deployment);
        CHECK(repository.assess("-o json").out != again.out);
        CHECK(kept() == 2);
    }
    SECTION("other settings, another answer") {
        CHECK(repository.assess("-o json --category scaling --min 0").exit == 0);
        CHECK(repository.assess("-o json --category scaling --min 100").exit == 4);
    }
    SECTION("on another day waivers may have expired") {
        repository.shell.parts.time.advance(std::chrono::hours(24));
        repository.assess("-o json");
        CHECK(kept() == 2);
    }
    SECTION("text is not data") {
        CHECK_THAT(repository.assess().out, Contains("NOT READY"));
        CHECK(kept() == 2);
    }
}

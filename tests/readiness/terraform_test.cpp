// SPDX-License-Identifier: Apache-2.0
#include "readiness/inputs/terraform_plan.hpp"
#include "tests/readiness/assessing.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace deployctl::readiness {
namespace {

/// "path = what its node has there": all of a kind, in order.
std::vector<std::string> values(const Facts& facts, const std::string& kind, const char* at) {
    std::vector<std::string> found;
    for (const auto* subject : facts.of(kind)) {
        const auto& node = subject->node->at(at);
        const std::string text = !node.exists()      ? "nothing"
                                 : node.is_list()    ? std::to_string(node.items.size()) + " items"
                                 : node.is_unknown() ? "?" + std::string(node.text)
                                                     : std::string(node.text);
        found.push_back(subject->path + " = " + text);
    }
    return found;
}

using Lines = std::vector<std::string>;

const char* const queue = "resource \"queue\" \"q\" {\n  size = var.size\n}\n";

TEST_CASE("a resource has the values of its variables", "[readiness]") {
    const std::string variables =
        "variable \"size\" {\n  default = 3\n}\nvariable \"name\" {}\nlocals {\n"
        "  twice = local.once\n  once = \"q-${var.size}\"\n}\n";
    const auto facts = facts_of({
        {"infra/variables.tf", variables},
        {"infra/main.tf",
         "resource \"queue\" \"q\" {\n  a = var.size\n  b = local.twice\n  c = var.name\n"
         "  d = \"${var.name}-x\"\n  e = var.size == \"3\" ? \"big\" : \"small\"\n"
         "  f = !(var.size != 3)\n  g = max(var.size, 1)\n  h = var.name ? 1 : 2\n"
         "  i = \"$${var.size}${var.size}\"\n}\n"},
    });
    const auto& node = *facts->of("tf:queue").front()->node;
    CHECK(node.text_at("a") == "3");
    CHECK(node.text_at("b") == "q-3");
    CHECK(node.at("c").is_unknown());
    CHECK(node.at("d").is_unknown());
    CHECK(node.text_at("e") == "big");
    CHECK(node.text_at("f") == "true");
    CHECK(node.at("g").is_unknown());
    CHECK(node.at("h").is_unknown());
    CHECK(node.at("i").is_unknown());
    const auto place = facts->place(*facts->of("tf:queue").front(), node.at("b"));
    CHECK(std::string(place.file) == "infra/main.tf");
    CHECK(place.spot.line == 3);
}

TEST_CASE("locals that are made of each other stay unknown", "[readiness]") {
    const auto facts = facts_of({
        {"main.tf",
         "locals {\n  a = local.b\n  b = local.a\n}\nresource \"queue\" \"q\" {\n  size = "
         "local.a\n}"},
    });
    CHECK(values(*facts, "tf:queue", "size") == Lines{". -> queue.q = ?local.a"});
}

TEST_CASE("values files of environments make a resource once for each", "[readiness]") {
    const auto facts = facts_of({
        {"infra/main.tf", "variable \"size\" {\n  default = 1\n}\n" + std::string(queue)},
        {"infra/envs/production.tfvars", "size = 5\n"},
        {"infra/staging/terraform.tfvars", "size = 2\n"},
        {"infra/terraform.tfvars", "size = 4\n"},
    });
    CHECK(
        values(*facts, "tf:queue", "size") ==
        Lines{"infra (production) -> queue.q = 5", "infra (staging) -> queue.q = 2"}
    );
    CHECK(facts->of("tf:queue").front()->scope->environment == "production");
    CHECK(facts->of("tf:directory").size() == 1);
}

TEST_CASE("values of a file that somebody has to name are not known", "[readiness]") {
    const auto facts = facts_of({
        {"infra/main.tf", "variable \"size\" {\n  default = 1\n}\n" + std::string(queue)},
        {"infra/sizes.tfvars", "size = 5\n"},
    });
    CHECK(values(*facts, "tf:queue", "size") == Lines{"infra -> queue.q = ?size"});
}

TEST_CASE("a module's resources have the arguments of each of its callers", "[readiness]") {
    const auto facts = facts_of({
        {"live/prod/main.tf",
         "module \"jobs\" {\n  source = \"../../modules/q\"\n  size = 9\n}\n"
         "module \"mails\" {\n  source = \"../../modules/q\"\n}\n"
         "module \"off\" {\n  source = \"../../modules/q\"\n  count = 0\n}\n"
         "module \"open\" {\n  source = \"../../modules/q\"\n  size = aws_x.y.size\n}\n"},
        {"modules/q/main.tf", "variable \"size\" {\n  default = 1\n}\n" + std::string(queue)},
    });
    CHECK(
        values(*facts, "tf:queue", "size") ==
        Lines{
            "live/prod -> module.jobs/queue.q = 9",
            "live/prod -> module.mails/queue.q = 1",
            "live/prod -> module.open/queue.q = ?aws_x.y.size",
        }
    );
    CHECK(facts->of("tf:queue").front()->scope->environment == "production");
    CHECK(
        values(*facts, "tf:directory", "is_root") == Lines{"live/prod = true", "modules/q = false"}
    );
}

TEST_CASE("outputs of a module are known to others, as far as they are known", "[readiness]") {
    const auto facts = facts_of({
        {"main.tf",
         "module \"net\" {\n  source = \"./net\"\n  size = 7\n}\n"
         "module \"q\" {\n  source = \"./q\"\n  size = module.net.size\n}\n"
         "module \"r\" {\n  source = \"./q\"\n  size = module.net.made\n}\n"
         "module \"s\" {\n  source = \"./q\"\n  size = module.s.size\n}\n"},
        {"net/main.tf",
         "variable \"size\" {}\noutput \"size\" {\n  value = var.size\n}\n"
         "output \"made\" {\n  value = aws_vpc.main.id\n}\n"},
        {"q/main.tf",
         "variable \"size\" {}\noutput \"size\" {\n  value = var.size\n}\n" + std::string(queue)},
    });
    CHECK(
        values(*facts, "tf:queue", "size") ==
        Lines{
            ". -> module.q/queue.q = 7",
            ". -> module.r/queue.q = ?aws_vpc.main.id",
            ". -> module.s/queue.q = ?module.s.size",
        }
    );
}

TEST_CASE("a module is found from an example of it, and never outside", "[readiness]") {
    const auto facts = facts_of({
        {"examples/small/main.tf",
         "module \"q\" {\n  source = \"../../\"\n  size = 9\n}\n"
         "module \"out\" {\n  source = \"../../../\"\n  size = 8\n}\n"},
        {"main.tf", "variable \"size\" {}\n" + std::string(queue)},
    });
    CHECK(values(*facts, "tf:queue", "size") == Lines{"examples/small -> module.q/queue.q = 9"});
}

TEST_CASE("resources that are made no times are none", "[readiness]") {
    const auto facts = facts_of({
        {"main.tf",
         "variable \"on\" {\n  default = false\n}\n"
         "resource \"queue\" \"a\" {\n  count = var.on ? 1 : 0\n}\n"
         "resource \"queue\" \"b\" {\n  count = var.other ? 1 : 0\n}\n"},
    });
    CHECK(values(*facts, "tf:queue", "x") == Lines{". -> queue.b = nothing"});
}

TEST_CASE("modules that call each other end, and are gathered all the same", "[readiness]") {
    const auto facts = facts_of({
        {"a/main.tf", "module \"b\" {\n  source = \"../b\"\n}\n" + std::string(queue)},
        {"b/main.tf", "module \"a\" {\n  source = \"../a\"\n}\n" + std::string(queue)},
    });
    CHECK(facts->of("tf:queue").size() >= 2);
    std::string fan;
    for (int i = 0; i < 20; ++i) {
        fan += "module \"m" + std::to_string(i) + "\" {\n  source = \"../NEXT\"\n}\n";
    }
    Texts texts;
    for (int level = 0; level < 10; ++level) {
        auto text = fan;
        for (auto at = text.find("NEXT"); at != std::string::npos; at = text.find("NEXT")) {
            text.replace(at, 4, "l" + std::to_string(level + 1));
        }
        texts["l" + std::to_string(level) + "/main.tf"] = text + queue;
    }
    const auto many = facts_of(texts);
    CHECK(many->of("tf:queue").size() < 5'000);
    CHECK(std::any_of(many->files().begin(), many->files().end(), [](const AssessedFile& file) {
        return file.trouble.what.find("too often") != std::string::npos;
    }));
}

TEST_CASE("values that grow with each other are bounded", "[readiness]") {
    std::string locals = "locals {\n  l0 = \"xxxxxxxxxxxxxxxx\"\n";
    for (int i = 1; i < 40; ++i) {
        const auto before = "${local.l" + std::to_string(i - 1) + "}";
        locals += "  l" + std::to_string(i) + " = \"";
        for (int times = 0; times < 40; ++times) {
            locals += before;
        }
        locals += "\"\n";
    }
    const auto facts = facts_of({
        {"main.tf", locals + "}\nresource \"queue\" \"q\" {\n  size = local.l39\n}\n"},
    });
    CHECK(facts->of("tf:queue").front()->node->at("size").is_unknown());
}

TEST_CASE("a broken file costs what it holds, and what may be in it is not known", "[readiness]") {
    const auto rules = rules_of(
        "- {id: X-1, title: t, category: iac, severity: low, subject: \"tf:aws_vpc\", "
        "pass: {check: aws-vpc-has-flow-log}, message: m, why: w, mend: m, references: [r]}\n"
    );
    const Texts whole = {{"infra/main.tf", "resource \"aws_vpc\" \"a\" {}\n"}};
    auto broken = whole;
    broken["infra/more.tf"] =
        "resource \"aws_vpc\" \"b\" {\n}\nresource \"aws_flow_log\" \"f\" {\n";
    CHECK(assess(whole, rules).results.at(0).findings.at(0).outcome == Outcome::fail);
    const auto assessment = assess(broken, rules);
    const auto& findings = assessment.results.at(0).findings;
    REQUIRE(findings.size() == 2);
    CHECK(findings.at(0).outcome == Outcome::not_assessed);
    CHECK(findings.at(1).outcome == Outcome::not_assessed);
    CHECK(std::string(findings.at(1).place.file) == "infra/more.tf");
    CHECK(findings.at(1).place.spot.line == 3);
}

TEST_CASE("to break a file never makes a better score of it", "[readiness]") {
    const std::string main =
        "variable \"size\" {\n  default = 1\n}\nprovider \"aws\" {\n  secret_key = \"x\"\n}\n" +
        std::string(queue);
    const auto outcome = [](const Texts& texts, const std::string& id) {
        for (const auto& result : assess(texts, own_rules()).results) {
            if (result.rule->id == id && !result.findings.empty()) {
                return result.findings.front().outcome;
            }
        }
        return Outcome::waived;
    };
    CHECK(outcome({{"main.tf", main}}, "TF-12") == Outcome::fail);
    CHECK(outcome({{"main.tf", main + "}"}}, "TF-12") == Outcome::not_assessed);
    CHECK(
        outcome({{"main.tf", main + "}"}, {"a.tf", "locals {}"}}, "TF-12") == Outcome::not_assessed
    );
    CHECK(outcome({{"main.tf", main + "}"}}, "TF-6") == Outcome::not_assessed);
    const auto facts = facts_of({
        {"main.tf", main},
        {"prod.tfvars", "size = 5 5\n"},
        {"staging.tfvars", "size = 2\n"},
    });
    CHECK(
        values(*facts, "tf:queue", "size") ==
        Lines{". (production) -> queue.q = ?size", ". (staging) -> queue.q = 2"}
    );
    CHECK(
        outcome(
            {{"main.tf", main}, {"prod.tfvars", "size = 5 5\n"}, {"staging.tfvars", "x = 2\n"}},
            "TF-10"
        ) == Outcome::not_assessed
    );
    CHECK(
        values(
            *facts_of({{"main.tf", main}, {"terraform.tfvars", "size = 5 5\n"}}), "tf:queue", "size"
        ) == Lines{". -> queue.q = ?size"}
    );
}

TEST_CASE("a plan has each resource as it will be", "[readiness]") {
    const auto facts = facts_of({
        {"plan.json",
         R"({"format_version": "1.2", "planned_values": {"root_module": {
  "resources": [{"address": "queue.a", "mode": "managed", "type": "queue", "name": "a",
    "values": {"size": 3, "rules": [{"port": 22}]}}],
  "child_modules": [{"address": "module.m", "resources": [
    {"address": "module.m.queue.b", "mode": "managed", "type": "queue", "name": "b",
     "values": {"size": null}}]}]}},
 "resource_changes": [
  {"address": "queue.a", "change": {"after_unknown": {"id": true, "rules": [{"to": true}]}}},
  {"address": "module.m.queue.b", "change": {"after_unknown": {"size": true}}}]})"},
        {"other.json", R"({"planned_values": 1})"},
    });
    CHECK(
        values(*facts, "tf:queue", "size") ==
        Lines{
            "plan.json -> queue.a = 3",
            "plan.json -> module.m.queue.b = ?known after the apply",
        }
    );
    const auto& node = *facts->of("tf:queue").front()->node;
    CHECK(node.text_at("rules/0/port") == "22");
    CHECK(node.at("rules/0/to").is_unknown());
    CHECK(node.at("id").is_unknown());
    CHECK(facts->place(*facts->of("tf:queue").front(), node.at("size")).spot.line == 3);
    const auto lost = terraform_plan_input().lost(
        read_file("plan.json", R"({"planned_values": [{"type": "queue"}, {"type": "queue"}, {)")
    );
    REQUIRE(lost.size() == 1);
    CHECK(lost.front().subject_kind == "tf:queue");
    CHECK(lost.front().count == 2);
}

TEST_CASE("a secret is never shown", "[readiness]") {
    const auto assessment = assess(
        {{"infra/main.tf", "provider \"aws\" {\n  secret_key = \"hunter2hunter2\"\n}\n"},
         {"infra/prod.tfvars", "db_password = \"hunter2hunter2\"\n"}},
        own_rules()
    );
    bool found = false;
    for (const auto& result : assessment.results) {
        for (const auto& finding : result.findings) {
            found = found || (result.rule->id == "TF-12" && finding.outcome == Outcome::fail);
            CHECK(finding.observed.find("hunter2") == std::string::npos);
        }
    }
    CHECK(found);
}

TEST_CASE("two folders of one module name do not mix", "[readiness]") {
    const auto assessment = assess(
        {{"a/main.tf", "resource \"aws_vpc\" \"main\" {}\n"},
         {"b/main.tf",
          "resource \"aws_vpc\" \"main\" {}\nresource \"aws_flow_log\" \"f\" {\n"
          "  vpc_id = aws_vpc.main.id\n}\n"}},
        rules_of(
            "- {id: X-1, title: t, category: iac, severity: low, subject: \"tf:aws_vpc\", "
            "pass: {check: aws-vpc-has-flow-log}, message: m, why: w, mend: m, references: [r]}\n"
        )
    );
    const auto& findings = assessment.results.at(0).findings;
    CHECK(findings.at(0).outcome == Outcome::fail);
    CHECK(findings.at(1).outcome == Outcome::pass);
}

}  // namespace
}  // namespace deployctl::readiness

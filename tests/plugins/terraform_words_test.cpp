// SPDX-License-Identifier: Apache-2.0
// What Terraform is called with, and what it prints.
#include "model/text.hpp"
#include "plugins/terraform/apply_stream.hpp"
#include "plugins/terraform/arguments.hpp"
#include "plugins/terraform/stack_plan.hpp"
#include "plugins/terraform/stack_report.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using namespace deployctl::plugins::terraform;

namespace {

StackSettings settings() {
    StackSettings stack;
    stack.lock_timeout = seconds(90);
    stack.var_files = {"dev.tfvars"};
    stack.backend_config = {"dev.backend"};
    return stack;
}

const std::string a_plan = R"({"format_version":"1.2","resource_changes":[
 {"address":"aws_db_instance.main","mode":"managed","type":"aws_db_instance","change":{"actions":["delete","create"],
  "before":{"class":"small","password":"old-hunter2"},"after":{"class":"large","password":"new-hunter2"},
  "after_unknown":{"id":true},"after_sensitive":{"password":true},"before_sensitive":{"password":true}}},
 {"address":"terraform_data.b","mode":"managed","type":"terraform_data","change":{"actions":["create"],"before":null,
  "after":{"input":"x"},"after_unknown":{"id":true},"after_sensitive":{}}},
 {"address":"data.x.y","mode":"data","type":"x","change":{"actions":["read"]}},
 {"address":"terraform_data.same","mode":"managed","type":"terraform_data","change":{"actions":["no-op"]}}],
 "resource_drift":[{"address":"local_file.f","type":"local_file","change":{"actions":["delete"],"before":{"content":"c"},"after":null}}],
 "output_changes":{"url":{"actions":["update"],"before":"a","after":"b","after_sensitive":false}},
 "prior_state":{"values":{"secret":"hunter2"}}})";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    return text.replace(text.find(from), from.size(), to);
}

std::vector<std::string> lines(const std::string& json) {
    return lines_of(read_plan(json).value().changes);
}

std::string resource(const std::string& address, const std::string& change) {
    return R"({"address":")" + address + R"(","type":"t","change":{)" + change + "}}";
}

std::string create(
    const std::string& address, const std::string& input, const std::string& unknown = "{}"
) {
    return resource(
        address,
        R"("actions":["create"],"before":null,"after":{"input":")" + input +
            R"("},"after_unknown":)" + unknown
    );
}

std::string replacement(const std::string& address, const std::string& input) {
    return resource(
        address,
        R"("actions":["delete","create"],"before":{"input":"z"},"after":{"input":")" + input +
            R"("},"after_unknown":{})"
    );
}

std::string removal(const std::string& address) {
    return resource(address, R"("actions":["delete"],"before":{"input":"z"},"after":null)");
}

std::vector<StackChange> planned(const std::vector<std::string>& resources) {
    return read_plan(
               R"({"format_version":"1.2","resource_changes":[)" + join(resources, ",") + "]}"
    )
        ->changes;
}

}  // namespace

TEST_CASE("terraform is called with argument lists that never ask", "[plugins][terraform]") {
    CHECK(
        init_arguments(settings(), "infra/data") ==
        Arguments{
            "-chdir=infra/data",
            "init",
            "-input=false",
            "-no-color",
            "-reconfigure",
            "-backend-config=dev.backend"
        }
    );
    CHECK(
        plan_arguments(settings(), "d", "/p/plan") ==
        Arguments{
            "-chdir=d",
            "plan",
            "-input=false",
            "-json",
            "-detailed-exitcode",
            "-out=/p/plan",
            "-lock-timeout=1m30s",
            "-var-file=dev.tfvars"
        }
    );
    CHECK(
        apply_arguments(settings(), "d", "/p/plan") ==
        Arguments{"-chdir=d", "apply", "-input=false", "-json", "-lock-timeout=1m30s", "/p/plan"}
    );
    CHECK(
        workspace_arguments("dev", "d") ==
        Arguments{"-chdir=d", "workspace", "select", "-no-color", "-or-create=true", "dev"}
    );
    CHECK(show_arguments("d", "/p") == Arguments{"-chdir=d", "show", "-json", "-no-color", "/p"});
    CHECK(
        force_unlock_arguments("d", "77") ==
        Arguments{"-chdir=d", "force-unlock", "-force", "-no-color", "77"}
    );
    CHECK(
        state_push_arguments(settings(), "d", "/e") ==
        Arguments{"-chdir=d", "state", "push", "-lock-timeout=1m30s", "/e"}
    );
}

TEST_CASE("a plan is a list of changes by name, and tells no value", "[plugins][terraform]") {
    const auto plan = read_plan(a_plan).value();
    REQUIRE(plan.changes.size() == 3);
    CHECK(
        without_fingerprint(to_text(plan.changes[0])) ==
        "-/+ aws_db_instance.main: class, id, password"
    );
    CHECK(without_fingerprint(to_text(plan.changes[1])) == "~ output.url");
    CHECK(without_fingerprint(to_text(plan.changes[2])) == "+ terraform_data.b");
    CHECK(plan.changes[0].is_stateful);
    CHECK_FALSE(plan.changes[2].is_stateful);
    CHECK(destroys_of(plan.changes) == std::vector<std::string>{"aws_db_instance.main"});
    CHECK(counts_of(plan.changes) == "2 to add, 0 to change, 1 to destroy");
    REQUIRE(plan.drift.size() == 1);
    CHECK(without_fingerprint(to_text(plan.drift[0])) == "- local_file.f");
    CHECK(join(lines(a_plan), "\n").find("hunter2") == std::string::npos);
    CHECK(address_of(to_text(plan.changes[0])) == "aws_db_instance.main");
}

TEST_CASE(
    "a plan with another value is another plan, unless it is secret", "[plugins][terraform]"
) {
    CHECK(lines(a_plan) == lines(a_plan));
    CHECK(lines(a_plan) != lines(replaced(a_plan, "large", "huge")));
    CHECK(lines(a_plan) == lines(replaced(a_plan, "new-hunter2", "hunter3")));
}

TEST_CASE("what is no plan is none", "[plugins][terraform]") {
    CHECK_FALSE(read_plan("").has_value());
    CHECK_FALSE(read_plan("[1,2").has_value());
    CHECK_FALSE(read_plan("{}").has_value());
    CHECK(read_plan(R"({"format_version":"1.2","resource_changes":7,"resource_drift":"x"})")
              ->changes.empty());
}

TEST_CASE("of a plan that is too large names and actions are read", "[plugins][terraform]") {
    const auto filler = std::string(40UL << 20U, 'x');
    const auto plan = read_plan(replaced(a_plan, "small", filler)).value();
    CHECK(plan.is_summary);
    REQUIRE(plan.changes.size() == 2);  // names of outputs are not looked for
    CHECK(plan.changes[0].kind == ChangeKind::replace);
    CHECK(destroys_of(plan.changes) == std::vector<std::string>{"aws_db_instance.main"});
}

TEST_CASE("plans compare by what is in them", "[plugins][terraform]") {
    const auto both = planned({create("a.b", "x"), removal("c.d")});
    const auto agreed = lines_of(both);
    CHECK(compare(agreed, both) == Agreement::same);
    CHECK(compare({agreed[1], agreed[0]}, both) == Agreement::same);
    CHECK(compare(agreed, {both[0]}) == Agreement::part);
    CHECK(compare(agreed, {}) == Agreement::nothing);
    CHECK(compare(agreed, planned({create("a.b", "y")})) == Agreement::another);
    CHECK(compare(agreed, planned({create("a.c", "x")})) == Agreement::another);
    CHECK(compare(agreed, planned({removal("a.b")})) == Agreement::another);
    CHECK(compare({}, both) == Agreement::another);
}

TEST_CASE("what was cut off is done by half", "[plugins][terraform]") {
    const auto agreed = lines_of(planned({create("a.b", "x"), removal("c.d")}));
    CHECK(compare(agreed, planned({replacement("a.b", "x")})) == Agreement::part);
    CHECK(compare(agreed, planned({replacement("a.b", "y")})) == Agreement::another);
    CHECK(compare(agreed, planned({replacement("c.d", "x")})) == Agreement::another);
    const std::string database = R"("type":"aws_db_instance")";
    const auto half = planned({replaced(replacement("a.b", "x"), R"("type":"t")", database)});
    CHECK(compare(agreed, half) == Agreement::another);  // nobody has agreed to lose its content
    const auto replaces = lines_of(planned({replacement("a.b", "x")}));
    CHECK(compare(replaces, planned({create("a.b", "x")})) == Agreement::part);
    CHECK(compare(replaces, planned({create("a.b", "y")})) == Agreement::another);
    const auto old = replaced(removal("a.b"), R"("type")", R"("deposed":"61b9a3fe","type")");
    CHECK(compare(replaces, planned({old})) == Agreement::part);
    CHECK(compare(replaces, planned({removal("a.b")})) == Agreement::another);
}

TEST_CASE(
    "what an apply has learned makes no other plan of what is left of it", "[plugins][terraform]"
) {
    const auto unknown = create("a.b", "x", R"({"id":true,"net":{"subnet":true},"tags":{}})");
    const auto agreed = lines_of(planned({unknown}));
    CHECK(agreed == std::vector<std::string>{agreed[0]});
    CHECK(agreed[0].ends_with("?/id,/net/subnet]"));
    CHECK(address_of(agreed[0]) == "a.b");
    const auto with_net = [](const std::string& net) {
        return replaced(
            create("a.b", "x", R"({"id":true})"), R"("after":{)", R"("after":{"net":)" + net + ","
        );
    };
    CHECK(compare(agreed, planned({with_net(R"({"subnet":"s-1"})")})) == Agreement::part);
    CHECK(
        compare(agreed, planned({with_net(R"({"subnet":"s-1","zone":"b"})")})) == Agreement::another
    );
    CHECK(compare(agreed, planned({with_net("7")})) == Agreement::another);
    CHECK(compare(agreed, planned({create("a.b", "y", R"({"id":true})")})) == Agreement::another);
    // what was known is no longer
    const auto known = lines_of(planned({create("a.b", "x")}));
    CHECK(compare(known, planned({create("a.b", "x", R"({"input":true})")})) == Agreement::another);
}

TEST_CASE(
    "an output that an apply has learned is the one that was agreed to", "[plugins][terraform]"
) {
    const auto output = [](const std::string& body) {
        return read_plan(
                   R"({"format_version":"1.2","output_changes":{"url":{"actions":["create"],)" +
                   body + "}}}"
        )
            ->changes;
    };
    const auto unknown = lines_of(output(R"("after_unknown":true,"after_sensitive":false)"));
    CHECK(unknown[0].ends_with("?]"));
    CHECK(
        compare(unknown, output(R"("after":"http://a","after_unknown":false)")) == Agreement::part
    );
    const auto known = lines_of(output(R"("after":"http://a","after_unknown":false)"));
    CHECK(
        compare(known, output(R"("after":"http://b","after_unknown":false)")) == Agreement::another
    );
}

TEST_CASE("names that are not plain stand for all that is beside them", "[plugins][terraform]") {
    const auto odd = create("a.b", "x", R"({"tags":{"a, b]":true}})");
    const auto line = lines_of(planned({odd}))[0];
    CHECK(line.ends_with("?/tags]"));
    const std::string key = R"(a.b["x: [y\" z"])";
    CHECK(address_of("~ " + key + ": input [1f3ac2d4?/id]") == key);
    CHECK(without_fingerprint("+ a.b [zzzzzzzz]") == "+ a.b [zzzzzzzz]");
    CHECK(without_fingerprint("+ a.b [1f3ac2d4 ]") == "+ a.b [1f3ac2d4 ]");
}

TEST_CASE("the stream of an apply says what began and what ended", "[plugins][terraform]") {
    RunStory story;
    const auto hook = [](const std::string& type, const std::string& address) {
        return R"({"type":")" + type + R"(","hook":{"resource":{"addr":")" + address +
               R"("},"action":"create","id_value":"s3cret"}})";
    };
    const auto fact = story.take(hook("apply_start", "a.a"));
    REQUIRE(fact.has_value());
    CHECK(*fact == Value::map({{"type", "apply_start"}, {"address", "a.a"}, {"action", "create"}}));
    story.take(hook("apply_start", "b.b"));
    story.take(hook("apply_complete", "a.a"));
    CHECK(story.completed() == std::vector<std::string>{"a.a"});
    CHECK(story.open() == std::vector<std::string>{"b.b"});
    CHECK_FALSE(
        story.take(R"({"type":"provision_progress","hook":{"output":"pw=hunter2"}})").has_value()
    );
    CHECK_FALSE(story.take("panic: \x1b[31mred").has_value());
    REQUIRE(story.raw().size() == 1);
    CHECK(story.raw().front().find('\x1b') == std::string::npos);
    story.take(
        R"({"type":"diagnostic","diagnostic":{"severity":"error","summary":"Bad","detail":"so bad","range":{"filename":"main.tf","start":{"line":3,"column":7}}}})"
    );
    REQUIRE(story.errors().size() == 1);
    CHECK(to_text(story.errors().front()) == "main.tf:3:7: Bad: so bad");
}

TEST_CASE("a lock is known by the tool's words on it", "[plugins][terraform]") {
    const Complaint complaint{
        "Error acquiring the state lock",
        "the state is already locked\nLock Info:\n  ID:        77f1-a\n  Path:      x\n  "
        "Operation: "
        "OperationTypeApply\n  Who:       ada@laptop\n  Version:   1.11.4\n  Created:   2026-11-30 "
        "17:00:00 +0000 UTC\n  Info:      \n",
        "",
        ""
    };
    const auto lock = lock_of(complaint).value();
    CHECK(lock.id == "77f1-a");
    CHECK(lock.who == "ada@laptop");
    CHECK(lock.operation == "OperationTypeApply");
    CHECK_FALSE(lock_of({"Unsupported argument", "", "", ""}).has_value());
}

TEST_CASE("lines are made of pieces, and a huge one is cut", "[plugins][terraform]") {
    std::vector<std::string> taken;
    Lines lines;
    const auto take = [&taken](std::string_view line) { taken.emplace_back(line); };
    lines.add("one\ntw", take);
    lines.add("o\n\nthree", take);
    CHECK(taken == std::vector<std::string>{"one", "two"});
    lines.finish(take);
    CHECK(taken.back() == "three");
    lines.add(std::string(1UL << 20U, 'x'), take);
    lines.add("\nnext\n", take);
    CHECK(taken[taken.size() - 2].size() == 64UL << 10U);
    CHECK(taken.back() == "next");
}

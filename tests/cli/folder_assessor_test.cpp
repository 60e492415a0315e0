// SPDX-License-Identifier: Apache-2.0
// What a gate has assessed beside the engine: nothing of the engine's waits for it.
#include "cli/folder_assessor.hpp"

#include "simcluster/run.hpp"
#include "tests/cli/shell.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <catch2/catch.hpp>

using namespace deployctl;
using Catch::Contains;

namespace {

namespace asio = boost::asio;

/// A few hundred manifests: long enough for many turns of a loop.
void write_many(const tests::Folder& folder) {
    for (int number = 0; number < 300; ++number) {
        const auto name = "web-" + std::to_string(number);
        folder.write(
            name + ".yaml",
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: " + name +
                "}\nspec:\n  template:\n    spec: {containers: [{name: app, image: shop/web:1}]}\n"
        );
    }
}

Task<> count_turns(int* turns) {
    while (true) {
        ++*turns;
        co_await asio::post(asio::use_awaitable);
    }
}

Task<AssessorAnswer> beside(cli::FolderAssessor* assessor, AssessorQuestion question, int* turns) {
    using namespace asio::experimental::awaitable_operators;
    auto assessing = assessor->assess(question);
    auto counting = count_turns(turns);
    auto both = std::move(assessing) || std::move(counting);
    auto first = co_await std::move(both);
    co_return std::get<0>(std::move(first));
}

Task<> leave_at_once(cli::FolderAssessor* assessor, AssessorQuestion question) {
    using namespace asio::experimental::awaitable_operators;
    auto assessing = assessor->assess(question);
    auto turn = asio::post(asio::use_awaitable);
    auto either = std::move(turn) || std::move(assessing);
    co_await std::move(either);
}

}  // namespace

TEST_CASE("the engine goes on while a folder is assessed", "[cli]") {
    const tests::Folder folder;
    write_many(folder);
    cli::FolderAssessor assessor;
    int turns = 0;
    const AssessorQuestion question{folder.path(""), ""};
    const auto answer = simcluster::run(beside(&assessor, question, &turns));
    CHECK(answer.failure.empty());
    CHECK_THAT(answer.report, Contains("\"verdict\""));
    CHECK(turns > 10);
}

TEST_CASE("an assessment that nobody waits for any more is called off", "[cli]") {
    const tests::Folder folder;
    write_many(folder);
    cli::FolderAssessor assessor;
    const AssessorQuestion question{folder.path(""), ""};
    simcluster::run(leave_at_once(&assessor, question));
    const auto next = simcluster::run(assessor.assess(question));
    CHECK(next.failure.empty());
}

TEST_CASE("a folder that is not there is an answer in words", "[cli]") {
    cli::FolderAssessor assessor;
    const AssessorQuestion question{"/nowhere", ""};
    CHECK_THAT(simcluster::run(assessor.assess(question)).failure, Contains("/nowhere"));
}

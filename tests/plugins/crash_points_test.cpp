// SPDX-License-Identifier: Apache-2.0
#include "plugins/crash/crash_points.hpp"

#include "model/error.hpp"
#include "plugins/crash/crashing_cluster.hpp"
#include "plugins/crash/crashing_store.hpp"
#include "simcluster/builders.hpp"
#include "simcluster/faulty_cluster.hpp"
#include "simcluster/sim_cluster.hpp"
#include "state/mem_store.hpp"
#include "state/sqlite_store.hpp"
#include "tests/plugins/scratch_folder.hpp"
#include "tests/state/fixture.hpp"

#include <catch2/catch.hpp>

#include <csignal>
#include <functional>
#include <sstream>
#include <sys/wait.h>
#include <unistd.h>

using namespace deployctl;
using namespace deployctl::simcluster;
using namespace deployctl::tests;
using plugins::CrashingCluster;
using plugins::CrashingStore;
using plugins::CrashPoints;

namespace {

/// How a process of its own ends that does this: its exit code is 0 where it comes to its end.
int status_of(const std::function<void()>& work) {
    const auto child = ::fork();
    if (child == 0) {
        work();
        ::_exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, WUNTRACED);
    if (WIFSTOPPED(status)) {
        ::kill(child, SIGCONT);
        int end = 0;
        ::waitpid(child, &end, 0);
        CHECK(end == 0);
    }
    return status;
}

void pass_three(const std::string& order) {
    const StillClock clock;
    CrashPoints points(order, clock);
    points.pass("patch/Service/before");
    points.pass("patch/Service/after");
    points.pass("patch/Service/before");
}

/// Without the times.
std::string names_in(const std::string& path) {
    std::istringstream lines(read_text(path));
    std::string names;
    std::string at;
    std::string name;
    while (lines >> at >> name) {
        names += name + "\n";
    }
    return names;
}

/// A shop whose writes and commits are listed.
struct Listed {
    ScratchFolder folder;
    std::string path = folder.path() + "/list";
    VirtualClock clock;
    CrashPoints points{"list:" + path, clock};
    SimCluster cluster{clock};
    FaultPlan plan;
    FaultyCluster faulty{cluster, plan, clock};
    CrashingCluster crashing{faulty, points};
    ObjectRef web = in_shop(Kind::deployment, "web");

    Listed() { cluster.add(a_deployment("web").replicas(1)); }

    WriteAnswer scale() {
        const JsonPatch changes{{PatchVerb::replace, "/spec/replicas", 2}};
        return run(crashing.patch(web, changes)).answer;
    }
};

}  // namespace

TEST_CASE("a process dies at the n-th passing of the point that is named", "[plugins]") {
    const auto status = status_of([] { pass_three("patch/Service/before:2"); });
    CHECK(WIFSIGNALED(status));
    CHECK(WTERMSIG(status) == SIGKILL);
    CHECK(status_of([] { pass_three("patch/Service/before:3"); }) == 0);
    CHECK(status_of([] { pass_three("patch/Lease/before:1"); }) == 0);
}

TEST_CASE("a process that stops at a point goes on where it is woken", "[plugins]") {
    CHECK(WIFSTOPPED(status_of([] { pass_three("stop:patch/Service/after:1"); })));
}

TEST_CASE("the points that are passed are listed in order, each with its number", "[plugins]") {
    const ScratchFolder folder;
    const auto path = folder.path() + "/list";
    pass_three("list:" + path);
    CHECK(
        names_in(path) == "patch/Service/before:1\npatch/Service/after:1\npatch/Service/before:2\n"
    );
    CHECK(read_text(path).starts_with("1769860800.000000 "));
}

TEST_CASE("what names no crash point is refused before anything is done", "[plugins]") {
    const auto order = GENERATE("nonsense", "stop:", "patch:0", ":1", "patch:one", "patch:-1");
    const StillClock clock;
    CHECK_THROWS_WITH(
        CrashPoints(order, clock), Catch::Contains("DEPLOYCTL_CRASH_AT names no crash point")
    );
    CHECK_THROWS_WITH(
        CrashPoints("list:/nowhere/list", clock), Catch::Contains("cannot be written")
    );
}

TEST_CASE("a write passes a point on each side of it, and a read passes none", "[plugins]") {
    Listed shop;
    CHECK(shop.scale() == WriteAnswer::done);
    run(shop.crashing.get(shop.web));
    const auto other = a_deployment("other").replicas(0).build();
    const auto ref = in_shop(Kind::deployment, "other");
    const auto made = run(shop.crashing.create(ref, other)).object;
    const auto version = made.text("/metadata/resourceVersion");
    run(shop.crashing.remove(ref, made.text("/metadata/uid"), version));
    CHECK(
        names_in(shop.path) ==
        "patch/Deployment/before:1\npatch/Deployment/after:1\n"
        "create/Deployment/before:1\ncreate/Deployment/after:1\n"
        "remove/Deployment/before:1\nremove/Deployment/after:1\n"
    );
}

TEST_CASE("the first point of a write is passed before it is sent", "[plugins]") {
    Listed shop;
    shop.plan.at_write(1, Fault::crash_before);
    CHECK_THROWS_AS(shop.scale(), SimulatedCrash);
    CHECK(names_in(shop.path) == "patch/Deployment/before:1\n");
}

TEST_CASE("a commit is lost before its point and kept after it", "[plugins]") {
    const auto [point, kept] = GENERATE(table<const char*, std::size_t>({
        {"commit/rollout.started/before:1", 0},
        {"commit/rollout.started/after:1", 1},
    }));
    const TempFolder folder;
    const state::SqliteOptions options{(folder / "state.db").string(), state::Access::read_write};
    const StillClock clock;
    const auto status = status_of([&, at = std::string(point)] {
        state::SqliteStore journal(options, clock);
        CrashPoints points(at, clock);
        CrashingStore crashing(journal, points);
        begin(crashing, 1);
    });
    CHECK(WTERMSIG(status) == SIGKILL);
    state::SqliteStore journal(options, clock);
    CHECK(run(journal.list({})).size() == kept);
}

TEST_CASE("an append passes the points of its first entry", "[plugins]") {
    Listed shop;
    state::MemStore journal(shop.clock);
    CrashingStore crashing(journal, shop.points);
    begin(crashing, 1);
    append(crashing, 1, {Noted{"one"}, Noted{"two"}});
    run(crashing.make_request(id_of(1), Request{0, RequestKind::pause, "ada", ""}));
    CHECK(run(crashing.pending_requests(id_of(1))).size() == 1);
    CHECK(
        names_in(shop.path) ==
        "commit/rollout.started/before:1\ncommit/rollout.started/after:1\n"
        "commit/notice/before:1\ncommit/notice/after:1\n"
        "commit/request/before:1\ncommit/request/after:1\n"
    );
}

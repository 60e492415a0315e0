// SPDX-License-Identifier: Apache-2.0
#include "model/error.hpp"
#include "simcluster/builders.hpp"
#include "simcluster/faulty_cluster.hpp"
#include "simcluster/faulty_store.hpp"
#include "simcluster/run.hpp"
#include "simcluster/sim_cluster.hpp"
#include "tests/fakes/fake_http.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;
using namespace deployctl::simcluster;
using namespace deployctl::tests;

namespace {

struct Shop {
    VirtualClock clock;
    SimCluster cluster{clock};
    FaultPlan plan;
    FaultyCluster faulty{cluster, plan, clock};
    ObjectRef web = in_shop(Kind::deployment, "web");

    Shop() { cluster.add(a_deployment("web").replicas(1)); }

    WriteAnswer scale(int from, int to) {
        const JsonPatch changes{
            {PatchVerb::test, "/spec/replicas", from},
            {PatchVerb::replace, "/spec/replicas", to},
        };
        return run(faulty.patch(web, changes)).answer;
    }

    std::int64_t replicas() const { return cluster.object(web).number("/spec/replicas"); }
};

/// A Store of which only what these tests call does anything.
class CountingStore final : public Store {
public:
    int appended = 0;

    Task<BeginAnswer> begin(NewRollout) override { co_return BeginAnswer{}; }

    Task<AppendResult> append(RolloutId, std::int64_t, std::vector<Entry>) override {
        ++appended;
        co_return AppendResult{};
    }

    Task<std::optional<RolloutRecord>> find(std::string) override { co_return std::nullopt; }

    Task<std::vector<RolloutRecord>> list(RolloutFilter) override {
        co_return std::vector<RolloutRecord>{};
    }

    Task<Value> plan(RolloutId) override { co_return Value{}; }

    Task<std::vector<Event>> events(RolloutId, std::int64_t) override {
        co_return std::vector<Event>{};
    }

    Task<std::vector<OpenAttempt>> open_attempts(RolloutId) override {
        co_return std::vector<OpenAttempt>{};
    }

    Task<std::optional<Cause>> cause(RolloutId) override { co_return std::nullopt; }

    Task<> make_request(RolloutId, Request) override { co_return; }

    Task<std::vector<Request>> pending_requests(RolloutId) override {
        co_return std::vector<Request>{};
    }

    Task<Freeze> keep_freeze(Freeze freeze) override { co_return freeze; }

    Task<std::vector<Freeze>> freezes(std::string) override { co_return std::vector<Freeze>{}; }

    Task<> keep_approval(Approval) override { co_return; }

    Task<std::vector<Approval>> approvals(RolloutId) override { co_return std::vector<Approval>{}; }
};

}  // namespace

TEST_CASE("a fault strikes the write it was planned for and no other", "[fakes]") {
    const auto [fault, answer, replicas] = GENERATE(table<Fault, WriteAnswer, int>({
        {Fault::lost_before, WriteAnswer::unknown, 1},
        {Fault::lost_after, WriteAnswer::unknown, 2},
        {Fault::conflict, WriteAnswer::conflict, 1},
        {Fault::throttled, WriteAnswer::throttled, 1},
        {Fault::forbidden, WriteAnswer::forbidden, 1},
        {Fault::invalid, WriteAnswer::invalid, 1},
    }));
    Shop shop;
    shop.plan.at_write(1, fault);
    CHECK(shop.scale(1, 2) == answer);
    CHECK(shop.replicas() == replicas);
    CHECK(shop.scale(replicas, 3) == WriteAnswer::done);
    CHECK(shop.plan.has_struck());
}

TEST_CASE("a crash leaves the program on one side of the write or the other", "[fakes]") {
    Shop shop;
    shop.plan.at_write(1, Fault::crash_before).at_write(2, Fault::crash_after);
    CHECK_THROWS_AS(shop.scale(1, 2), SimulatedCrash);
    CHECK(shop.replicas() == 1);
    CHECK_THROWS_AS(shop.scale(1, 2), SimulatedCrash);
    CHECK(shop.replicas() == 2);
}

TEST_CASE(
    "a late write lands after its caller gave up, unless it tests what has moved", "[fakes]"
) {
    Shop shop;
    shop.plan.at_write(1, Fault::late);
    CHECK(shop.scale(1, 4) == WriteAnswer::unknown);
    CHECK(shop.replicas() == 1);
    shop.clock.advance(minutes(1));
    CHECK(shop.replicas() == 4);

    shop.plan.at_write(2, Fault::twice);
    CHECK(shop.scale(4, 5) == WriteAnswer::done);
    CHECK(shop.scale(5, 6) == WriteAnswer::done);
    shop.clock.advance(minutes(1));
    CHECK(shop.replicas() == 6);
    CHECK(shop.cluster.writes().back().answer == WriteAnswer::conflict);
}

TEST_CASE("in an outage reads throw and writes are lost", "[fakes]") {
    Shop shop;
    shop.plan.in_calls(2, 3, Fault::lost_before);
    CHECK(run(shop.faulty.get(shop.web)).has_value());
    CHECK_THROWS_AS(run(shop.faulty.look()), Error);
    CHECK(shop.scale(1, 2) == WriteAnswer::unknown);
    CHECK(shop.scale(1, 2) == WriteAnswer::done);
    CHECK(
        shop.plan.trace_text() ==
        "1 get Deployment/web\n2 look\n3 patch Deployment/web\n4 patch Deployment/web\n"
    );
}

TEST_CASE("something can happen just before a write is sent", "[fakes]") {
    Shop shop;
    shop.plan.before_write(1, [&] {
        shop.cluster.edit(shop.web, [](Value& object) { object.set("/spec/replicas", 7); });
    });
    CHECK(shop.scale(1, 2) == WriteAnswer::conflict);
    CHECK(shop.replicas() == 7);
}

TEST_CASE("a store fails before or after the commit, and counts in the same plan", "[fakes]") {
    CountingStore inner;
    Shop shop;
    FaultyStore store(inner, shop.plan);
    const std::vector<Entry> entries{Noted{"x"}};
    shop.plan.at_write(2, Fault::lost_before).at_write(3, Fault::lost_after);
    shop.plan.at_write(4, Fault::conflict).at_write(5, Fault::crash_after);

    CHECK(shop.scale(1, 2) == WriteAnswer::done);
    CHECK_THROWS_AS(run(store.append("r", 1, entries)), Error);
    CHECK(inner.appended == 0);
    CHECK_THROWS_AS(run(store.append("r", 1, entries)), Error);
    CHECK(inner.appended == 1);
    CHECK(run(store.append("r", 1, entries)).answer == AppendAnswer::conflict);
    CHECK_THROWS_AS(run(store.append("r", 1, entries)), SimulatedCrash);
    CHECK(inner.appended == 2);
}

TEST_CASE("a fake server answers what it was told and refuses the rest", "[fakes]") {
    FakeHttp http;
    http.on("GET http://x/", 404, "").on("GET http://x/lines", 200, "a\nb\n");
    HttpRequest request;
    request.url = "http://x/lines";
    std::string lines;
    const auto answer =
        run(http.stream(request, [&](const std::string& line) { lines += line + ";"; }));
    CHECK(lines == "a;b;");
    CHECK(answer.status == 200);
    request.url = "http://x/other";
    CHECK(run(http.send(request)).status == 404);
    request.method = "POST";
    CHECK(run(http.send(request)).kind == HttpAnswer::Kind::not_sent);
}

TEST_CASE("a standing fault hits every call until it is taken away", "[fakes]") {
    Shop shop;
    shop.plan.from_now_on(Fault::lost_before);
    CHECK(shop.scale(1, 2) == WriteAnswer::unknown);
    CHECK_THROWS_AS(run(shop.faulty.get(shop.web)), Error);
    shop.plan.from_now_on(Fault::none);
    CHECK(shop.replicas() == 1);
    CHECK(shop.scale(1, 2) == WriteAnswer::done);
}

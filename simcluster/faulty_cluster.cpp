// SPDX-License-Identifier: Apache-2.0
#include "simcluster/faulty_cluster.hpp"

#include "model/error.hpp"
#include "simcluster/run.hpp"

namespace deployctl::simcluster {

namespace {

constexpr Duration late_by = seconds(30);

WriteReply refused(WriteAnswer answer, const char* message) {
    WriteReply reply;
    reply.answer = answer;
    reply.message = message;
    return reply;
}

/// What is answered without asking the inner cluster; nothing where it has to be asked.
std::optional<WriteReply> instead_of(Fault fault, Duration patience) {
    switch (fault) {
        case Fault::lost_before:
        case Fault::late: return refused(WriteAnswer::unknown, "connection reset by peer");
        case Fault::conflict: return refused(WriteAnswer::conflict, "the object has been modified");
        case Fault::forbidden: return refused(WriteAnswer::forbidden, "cannot write this");
        case Fault::invalid: return refused(WriteAnswer::invalid, "admission webhook denied it");
        case Fault::throttled: {
            auto reply = refused(WriteAnswer::throttled, "too many requests");
            reply.retry_after = patience;
            return reply;
        }
        default: return std::nullopt;
    }
}

bool lands_later(Fault fault) {
    return fault == Fault::late || fault == Fault::twice;
}

}  // namespace

Fault FaultyCluster::begin_read(std::string what) {
    const auto fault = plan_.next(FaultPlan::Kind::read, what);
    if (fault == Fault::unreadable) {
        throw Error(ExitCode::blocked, "no permission to " + what);
    }
    if (fault != Fault::none && fault != Fault::crash_after) {
        throw Error(ExitCode::stopped_watching, "cannot " + what + ": connection refused");
    }
    return fault;
}

Task<ClusterIdentity> FaultyCluster::identify() {
    const auto fault = begin_read("identify");
    auto answer = co_await inner_.identify();
    plan_.finish(fault);
    co_return answer;
}

Task<std::optional<Value>> FaultyCluster::get(ObjectRef ref) {
    const auto fault = begin_read("get " + to_text(ref));
    auto answer = co_await inner_.get(ref);
    plan_.finish(fault);
    co_return answer;
}

Task<ListPage> FaultyCluster::list(ListQuery query) {
    const auto fault = begin_read(std::string("list ") + info(query.kind).plural);
    auto answer = co_await inner_.list(query);
    plan_.finish(fault);
    co_return answer;
}

void FaultyCluster::tell(
    const ObjectRef& ref, const JsonPatch& changes, Duration sent, const WriteReply& reply
) const {
    if (listener_) {
        listener_({ref, changes, sent, reply});
    }
}

Task<WriteReply> FaultyCluster::patch(ObjectRef ref, JsonPatch changes) {
    const auto sent = clock_.elapsed();
    auto reply = co_await try_patch(ref, changes);
    tell(ref, changes, sent, reply);
    co_return reply;
}

Task<WriteReply> FaultyCluster::create(ObjectRef ref, Value object) {
    const auto sent = clock_.elapsed();
    auto reply = co_await try_create(ref, std::move(object));
    const JsonPatch no_patch;
    tell(ref, no_patch, sent, reply);
    co_return reply;
}

Task<WriteReply> FaultyCluster::try_patch(ObjectRef ref, JsonPatch changes) {
    const auto fault = plan_.next(FaultPlan::Kind::write, "patch " + to_text(ref));
    if (lands_later(fault)) {
        clock_.call_in(late_by, [this, ref, changes] { run(inner_.patch(ref, changes)); });
    }
    if (auto reply = instead_of(fault, plan_.patience)) {
        co_return *reply;
    }
    auto reply = co_await inner_.patch(ref, std::move(changes));
    plan_.finish(fault);
    if (fault == Fault::lost_after) {
        co_return refused(WriteAnswer::unknown, "connection reset by peer");
    }
    co_return reply;
}

Task<WriteReply> FaultyCluster::rehearse(ObjectRef ref, JsonPatch changes) {
    auto reply = co_await inner_.rehearse(ref, changes);
    co_return reply;
}

Task<WriteReply> FaultyCluster::try_create(ObjectRef ref, Value object) {
    const auto fault = plan_.next(FaultPlan::Kind::write, "create " + to_text(ref));
    if (lands_later(fault)) {
        clock_.call_in(late_by, [this, ref, object] { run(inner_.create(ref, object)); });
    }
    if (auto reply = instead_of(fault, plan_.patience)) {
        co_return *reply;
    }
    auto reply = co_await inner_.create(ref, object);
    plan_.finish(fault);
    if (fault == Fault::lost_after) {
        co_return refused(WriteAnswer::unknown, "connection reset by peer");
    }
    co_return reply;
}

Task<WriteReply> FaultyCluster::remove(
    ObjectRef ref, std::string uid, std::string resource_version
) {
    const auto fault = plan_.next(FaultPlan::Kind::write, "remove " + to_text(ref));
    if (lands_later(fault)) {
        clock_.call_in(late_by, [this, ref, uid, resource_version] {
            run(inner_.remove(ref, uid, resource_version));
        });
    }
    if (auto reply = instead_of(fault, plan_.patience)) {
        co_return *reply;
    }
    auto reply = co_await inner_.remove(ref, uid, resource_version);
    plan_.finish(fault);
    if (fault == Fault::lost_after) {
        co_return refused(WriteAnswer::unknown, "connection reset by peer");
    }
    co_return reply;
}

Task<World> FaultyCluster::look() {
    const auto fault = begin_read("look");
    auto answer = co_await inner_.look();
    plan_.finish(fault);
    co_return answer;
}

Task<> FaultyCluster::wait_for_change(Duration at_most) {
    co_await inner_.wait_for_change(at_most);
}

Task<std::vector<std::string>> FaultyCluster::log(LogQuery query) {
    const auto fault = begin_read("log " + query.pod);
    auto answer = co_await inner_.log(query);
    plan_.finish(fault);
    co_return answer;
}

/// A fault each; it is the way's.
Task<std::vector<PodAnswer>> FaultyCluster::ask_pods(std::vector<PodRequest> requests) {
    std::vector<Fault> faults;
    faults.reserve(requests.size());
    for (const auto& request : requests) {
        std::string what = "ask ";
        what.reserve(what.size() + request.pod.size() + request.path.size());
        what += request.pod;
        what += request.path;
        faults.push_back(plan_.next(FaultPlan::Kind::read, std::move(what)));
    }
    auto answers = co_await inner_.ask_pods(std::move(requests));
    for (std::size_t index = 0; index < faults.size(); ++index) {
        plan_.finish(faults[index]);
        if (faults[index] != Fault::none && faults[index] != Fault::crash_after) {
            answers[index] = {};
            answers[index].failure = "dial tcp 10.0.0.1:6443: connect: connection refused";
            answers[index].trouble = PodAnswer::Trouble::way;
        }
    }
    co_return answers;
}

Task<std::vector<Permission>> FaultyCluster::missing_permissions(std::vector<Permission> wanted) {
    const auto fault = begin_read("ask for permissions");
    auto answer = co_await inner_.missing_permissions(wanted);
    plan_.finish(fault);
    co_return answer;
}

}  // namespace deployctl::simcluster

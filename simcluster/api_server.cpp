// SPDX-License-Identifier: Apache-2.0
#include "simcluster/api_server.hpp"

#include "simcluster/admission.hpp"
#include "simcluster/pod_defaults.hpp"
#include "simcluster/replica_sets.hpp"

#include <variant>

namespace deployctl::simcluster {

namespace {

WriteReply refused(WriteAnswer answer, std::string message) {
    WriteReply reply;
    reply.answer = answer;
    reply.message = std::move(message);
    return reply;
}

WriteReply done(Value object) {
    WriteReply reply;
    reply.answer = WriteAnswer::done;
    reply.object = std::move(object);
    return reply;
}

std::string quoted(const ObjectRef& ref) {
    return std::string(info(ref.kind).plural) + " \"" + ref.name + "\"";
}

}  // namespace

bool ApiServer::allows(const std::string& verb, const std::string& resource) const {
    return !forbidden_.contains({verb, resource});
}

WriteReply ApiServer::forbidden(const char* verb, const ObjectRef& ref) const {
    return refused(
        WriteAnswer::forbidden,
        quoted(ref) + " is forbidden: User \"ci\" cannot " + verb + " resource \"" +
            info(ref.kind).plural + "\""
    );
}

WriteReply ApiServer::patch(const ObjectRef& ref, const JsonPatch& changes) {
    auto reply = try_patch(ref, changes);
    const auto now = sim_.clock.elapsed();
    writes_.push_back({now, ref, WriteRecord::Verb::patch, changes, {}, reply.answer});
    return reply;
}

WriteReply ApiServer::create(const ObjectRef& ref, const Value& object) {
    auto reply = try_create(ref, object);
    const auto now = sim_.clock.elapsed();
    writes_.push_back({now, ref, WriteRecord::Verb::create, {}, object, reply.answer});
    return reply;
}

WriteReply ApiServer::remove(
    const ObjectRef& ref, const std::string& uid, const std::string& resource_version
) {
    auto reply = try_remove(ref, uid, resource_version);
    const auto now = sim_.clock.elapsed();
    writes_.push_back({now, ref, WriteRecord::Verb::remove, {}, {}, reply.answer});
    return reply;
}

WriteReply ApiServer::try_patch(const ObjectRef& ref, const JsonPatch& changes) {
    auto reply = rehearse(ref, changes);
    if (reply.answer == WriteAnswer::done) {
        sim_.objects.replace(ref, std::move(reply.object));
        return done(*sim_.objects.find(ref));
    }
    return reply;
}

WriteReply ApiServer::rehearse(const ObjectRef& ref, const JsonPatch& changes) const {
    if (!allows("patch", info(ref.kind).plural)) {
        return forbidden("patch", ref);
    }
    const auto* before = sim_.objects.find(ref);
    if (before == nullptr) {
        return refused(WriteAnswer::not_found, quoted(ref) + " not found");
    }
    auto patched = apply(changes, *before);
    if (std::holds_alternative<PatchRefused>(patched)) {
        return refused(
            WriteAnswer::conflict, "the server rejected our request due to an error in our request"
        );
    }
    auto after =
        with_defaults(ref.kind, with_server_fields(*before, std::get<Value>(std::move(patched))));
    if (auto why = refusal_of(ref.kind, *before, after); !why.empty()) {
        return refused(WriteAnswer::invalid, std::move(why));
    }
    if (ref.kind == Kind::deployment) {
        const auto& live = before->at("/spec/template");
        after.set("/spec/template", with_pod_defaults(after.at("/spec/template"), live));
    }
    return done(after);
}

WriteReply ApiServer::try_create(const ObjectRef& ref, const Value& object) {
    if (!allows("create", info(ref.kind).plural)) {
        return forbidden("create", ref);
    }
    if (sim_.objects.find(ref) != nullptr) {
        return refused(WriteAnswer::conflict, quoted(ref) + " already exists");
    }
    auto made = with_defaults(ref.kind, object);
    made.erase("/status");
    if (auto why = refusal_of(ref.kind, Value(), made); !why.empty()) {
        return refused(WriteAnswer::invalid, std::move(why));
    }
    return done(sim_.objects.insert(ref, std::move(made)));
}

WriteReply ApiServer::try_remove(
    const ObjectRef& ref, const std::string& uid, const std::string& resource_version
) {
    if (!allows("delete", info(ref.kind).plural)) {
        return forbidden("delete", ref);
    }
    const auto* present = sim_.objects.find(ref);
    if (present == nullptr) {
        return refused(WriteAnswer::not_found, quoted(ref) + " not found");
    }
    const bool is_meant = present->text("/metadata/uid") == uid &&
                          present->text("/metadata/resourceVersion") == resource_version;
    if (!is_meant) {
        return refused(WriteAnswer::conflict, "Precondition failed: UID or resourceVersion");
    }
    auto last = *present;
    if (ref.kind == Kind::pod) {
        delete_pod(sim_, ref);
    } else {
        sim_.objects.erase(ref);
    }
    return done(std::move(last));
}

}  // namespace deployctl::simcluster

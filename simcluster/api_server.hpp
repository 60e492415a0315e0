// SPDX-License-Identifier: Apache-2.0
// The writing side of a simulated API server: each request is one atomic step, is checked as the
// real one checks it, and is recorded with its answer. One thread.
#pragma once

#include "simcluster/pace.hpp"
#include "simcluster/write_log.hpp"

#include <set>
#include <string>
#include <utility>
#include <vector>

namespace deployctl::simcluster {

class ApiServer {
public:
    explicit ApiServer(Sim sim) : sim_(sim) {}

    WriteReply patch(const ObjectRef& ref, const JsonPatch& changes);
    /// A patch with dryRun=All.
    WriteReply rehearse(const ObjectRef& ref, const JsonPatch& changes) const;
    WriteReply create(const ObjectRef& ref, const Value& object);
    WriteReply remove(
        const ObjectRef& ref, const std::string& uid, const std::string& resource_version
    );

    void forbid(const std::string& verb, const std::string& resource) {
        forbidden_.emplace(verb, resource);
    }

    bool allows(const std::string& verb, const std::string& resource) const;

    const std::vector<WriteRecord>& writes() const { return writes_; }

    void forget_writes() { writes_.clear(); }

private:
    WriteReply try_patch(const ObjectRef& ref, const JsonPatch& changes);
    WriteReply try_create(const ObjectRef& ref, const Value& object);
    WriteReply try_remove(
        const ObjectRef& ref, const std::string& uid, const std::string& resource_version
    );
    WriteReply forbidden(const char* verb, const ObjectRef& ref) const;

    Sim sim_;
    std::set<std::pair<std::string, std::string>> forbidden_;
    std::vector<WriteRecord> writes_;
};

}  // namespace deployctl::simcluster

// SPDX-License-Identifier: Apache-2.0
// The objects of one kind in one namespace, kept up to date by list and watch: a 410 lists anew, an ended stream
// goes on from the last resource version, a lost connection is tried again and its age is known. Shared between
// the cluster object and the coroutine that feeds it. Engine's thread.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "model/kubernetes/object.hpp"
#include "model/time.hpp"
#include "model/value.hpp"
#include "plugins/kubectl/proxy.hpp"
#include "ports/clock.hpp"

namespace deployctl::plugins::kubectl {

/// Is told of every object that is there now, and of those that went.
struct CacheSink {
    std::function<void(const Value& object)> put;
    std::function<void(const std::string& name)> drop;
    std::function<void()> clear;
    std::function<void()> changed;
};

class WatchCache {
public:
    WatchCache(Proxy& proxy, Clock& clock, ObjectRef collection, CacheSink sink);

    /// Lists and watches until the object is told to stop.
    Task<> run();
    void stop() { stopping_ = true; }

    bool is_synced() const { return synced_; }
    /// Why it cannot be read, where the server says so; empty otherwise.
    const std::string& refusal() const { return refusal_; }
    /// Since when nothing was heard of the server, if the connection is lost.
    std::optional<BootTime> lost_since() const { return lost_since_; }
    const std::string& failure() const { return failure_; }

private:
    Task<bool> list();
    Task<> watch();
    void take(const std::string& line);
    void lose(const std::string& why);

    Proxy& proxy_;
    Clock& clock_;
    ObjectRef collection_;
    CacheSink sink_;
    std::string resource_version_;
    std::string refusal_;
    std::string failure_;
    std::optional<BootTime> lost_since_;
    bool synced_ = false;
    bool stopping_ = false;
};

}  // namespace deployctl::plugins::kubectl

// SPDX-License-Identifier: Apache-2.0
// The objects of one kind in one namespace, kept up to date by list and watch: a 410 lists anew, an
// ended stream goes on from the last resource version, a lost connection lists anew as soon as
// there is one. What was there stays until a whole list replaces it. Owned by the caches, whose
// coroutine runs it. Engine's thread.
#pragma once

#include "model/kubernetes/object.hpp"
#include "model/time.hpp"
#include "model/value.hpp"
#include "plugins/kubectl/proxy.hpp"
#include "ports/clock.hpp"

#include <functional>
#include <optional>
#include <string>

namespace deployctl::plugins::kubectl {

/// Where the objects go. A list is staged object by object and takes effect at once by `commit`.
struct CacheSink {
    std::function<void()> begin_list;
    std::function<void(const Value& object)> stage;
    std::function<void()> commit;
    std::function<void(const Value& object)> put;
    std::function<void(const std::string& name)> drop;
    /// Something can be seen that could not be before: an object, a loss, a refusal.
    std::function<void()> changed;
};

class WatchCache {
public:
    WatchCache(Proxy& proxy, Clock& clock, ObjectRef collection, CacheSink sink);

    /// Lists and watches until the task is cancelled.
    Task<> run();

    /// The whole list has been here once, or the server refuses to give it.
    bool is_synced() const { return synced_; }

    /// Why it could never be read, where the server says so; empty otherwise. Asked again from time
    /// to time.
    const std::string& refusal() const { return trouble_.refusal; }

    /// Since when the connection is lost, if it is.
    std::optional<BootTime> lost_since() const { return trouble_.lost_since; }

    /// It was watched, and may not be any more.
    bool has_lost_permission() const { return trouble_.is_permission; }

    const std::string& failure() const { return trouble_.failure; }

private:
    Task<> list();
    Task<> watch();
    void take(const std::string& line);
    void take_page(const HttpAnswer& answer);
    void take_refusal(const HttpAnswer& answer);
    void finish_list();
    void lose(const std::string& why);
    Duration next_pause();

    Proxy& proxy_;
    Clock& clock_;
    ObjectRef collection_;
    CacheSink sink_;

    struct Position {
        std::string resource_version;  ///< where the watch goes on; empty: list first
        std::string next_page;         ///< of the list under way
    } position_;

    struct Trouble {
        std::string refusal;
        std::string failure;
        bool is_permission = false;  ///< that is what the failure is about
        std::optional<BootTime> lost_since;
        int quick_ends = 0;  ///< attempts in a row that brought nothing
    } trouble_;

    bool synced_ = false;
    bool was_watched_ = false;
};

}  // namespace deployctl::plugins::kubectl

// SPDX-License-Identifier: Apache-2.0
#include "plugins/kubectl/watch_cache.hpp"

#include "documents/json.hpp"
#include "model/url.hpp"
#include "plugins/kubectl/answers.hpp"

#include <algorithm>

namespace deployctl::plugins::kubectl {

namespace {

constexpr Duration shortest_pause = milliseconds(50);
constexpr Duration longest_pause = seconds(2);
constexpr Duration refusal_pause = seconds(15);
/// The server ends each watch after this time; a watch that is still silent later is lost.
constexpr auto watch_options =
    "?watch=true&allowWatchBookmarks=true&timeoutSeconds=240&resourceVersion=";
constexpr Duration watch_timeout = seconds(300);
constexpr int gone = 410;
constexpr int too_many = 429;

/// What every good pod brings with it tells nothing, and a rollout of many pods brings hundreds of
/// it.
constexpr auto telling_events =
    "&fieldSelector=reason%21%3DScheduled%2Creason%21%3DPulling%2Creason%21%3DPulled%2C"
    "reason%21%3DCreated%2Creason%21%3DStarted%2Creason%21%3DKilling%2C"
    "reason%21%3DSuccessfulCreate%2Creason%21%3DSuccessfulDelete%2C"
    "reason%21%3DScalingReplicaSet";

/// Who wrote which field: nobody here asks for it, and it is half of most objects.
constexpr auto unread = "/object/metadata/managedFields";

std::string selector_of(Kind kind) {
    return kind == Kind::event ? telling_events : "";
}

enum class EventType { put, drop, bookmark, error };

EventType read_type(const std::string& text) {
    if (text.compare("DELETED") == 0) {
        return EventType::drop;
    }
    if (text.compare("BOOKMARK") == 0) {
        return EventType::bookmark;
    }
    return text.compare("ERROR") == 0 ? EventType::error : EventType::put;
}

/// The server says that it will not show this, and would say so again.
bool is_refusal(const HttpAnswer& answer) {
    const bool passes = answer.status == 401 || answer.status == gone || answer.status == too_many;
    return is_of_server(answer) && answer.status >= 400 && answer.status < 500 && !passes;
}

}  // namespace

WatchCache::WatchCache(Proxy& proxy, Clock& clock, ObjectRef collection, CacheSink sink)
    : proxy_(proxy), clock_(clock), collection_(std::move(collection)), sink_(std::move(sink)) {}

Task<> WatchCache::run() {
    for (;;) {
        if (position_.resource_version.empty()) {
            co_await list();
        }
        if (!position_.resource_version.empty()) {
            co_await watch();
        }
        const auto pause = next_pause();
        if (pause > Duration{}) {
            co_await clock_.sleep(pause);
        }
    }
}

/// None after an attempt that brought something, so that the end of a stream costs no event its
/// time.
Duration WatchCache::next_pause() {
    if (!trouble_.refusal.empty()) {
        return refusal_pause;
    }
    const auto attempts = std::min(trouble_.quick_ends++, 6);
    return attempts == 0 ? Duration{}
                         : std::min(longest_pause, shortest_pause * (1 << (attempts - 1)));
}

void WatchCache::lose(const std::string& why) {
    trouble_.failure = why;
    trouble_.is_permission = false;
    position_.resource_version.clear();
    if (!trouble_.lost_since) {
        trouble_.lost_since = clock_.boot_time();
    }
    sink_.changed();
}

Task<> WatchCache::list() {
    sink_.begin_list();
    position_.next_page.clear();
    do {
        HttpRequest request;
        request.url = url_path(collection_) + "?limit=500" + selector_of(collection_.kind) +
                      position_.next_page;
        request.headers = {"Accept: application/json"};
        const auto answer = co_await proxy_.send(request);
        take_page(answer);
    } while (!position_.next_page.empty());
}

void WatchCache::take_page(const HttpAnswer& answer) {
    position_.next_page.clear();
    if (is_refusal(answer)) {
        take_refusal(answer);
        return;
    }
    auto body = answer.status == 200 ? documents::try_read_json(answer.body) : std::nullopt;
    const bool is_whole = answer.kind == HttpAnswer::Kind::answered && body;
    if (!is_whole) {
        if (answer.status != gone) {  // a page of a list that the server no longer has: begin again
            lose(message_of(answer));
        }
        return;
    }
    const auto more = body->text("/metadata/continue");
    const auto resource_version = body->text("/metadata/resourceVersion");
    for (const auto& item : take_items(std::move(*body), collection_.kind)) {
        sink_.stage(item);
    }
    if (!more.empty()) {
        position_.next_page = "&continue=" + url_encode(more);
        return;
    }
    position_.resource_version = resource_version;
    finish_list();
}

/// Once it was watched, the permission is lost as a connection is: it may come back, and what was
/// seen is not gone.
void WatchCache::take_refusal(const HttpAnswer& answer) {
    if (was_watched_) {
        lose(message_of(answer));
        trouble_.is_permission = true;
        return;
    }
    trouble_.refusal = message_of(answer);
    trouble_.lost_since.reset();
    position_.resource_version.clear();
    sink_.begin_list();
    sink_.commit();
    synced_ = true;
    sink_.changed();
}

void WatchCache::finish_list() {
    sink_.commit();
    synced_ = true;
    trouble_.refusal.clear();
    trouble_.is_permission = false;
    trouble_.lost_since.reset();
    sink_.changed();
}

Task<> WatchCache::watch() {
    HttpRequest request;
    request.url = url_path(collection_) + watch_options + url_encode(position_.resource_version) +
                  selector_of(collection_.kind);
    request.headers = {"Accept: application/json"};
    request.timeout = watch_timeout;
    const auto begun = clock_.boot_time();
    const auto from = position_.resource_version;
    const std::function<void(std::string)> on_line = [this](const std::string& line) {
        take(line);
    };
    const auto answer = co_await proxy_.stream(request, on_line);
    const bool was_long = clock_.boot_time() - begun > seconds(10);
    was_watched_ = was_watched_ || answer.status == 200;
    if (was_long) {
        trouble_.quick_ends = 0;
    }
    if (answer.kind == HttpAnswer::Kind::answered && answer.status == 200) {
        if (was_long && position_.resource_version.compare(from) == 0) {
            position_.resource_version.clear(
            );  // not even a bookmark: it may wait for a version that will not come
        }
        co_return;  // the server's regular end
    }
    if (is_refusal(answer)) {  // who may list may not always watch
        take_refusal(answer);
        co_return;
    }
    if (answer.status == gone) {
        position_.resource_version.clear();
        co_return;
    }
    lose(message_of(answer));
}

void WatchCache::take(const std::string& line) {
    const auto event = documents::try_read_json_without(unread, line);
    const auto type = event ? read_type(event->text("/type")) : EventType::error;
    if (type == EventType::error) {
        position_.resource_version.clear(
        );  // 410 Gone, or half a line: list anew, the stream ends here
        return;
    }
    trouble_.quick_ends = 0;
    was_watched_ = true;
    const auto& object = event->at("/object");
    position_.resource_version = object.text("/metadata/resourceVersion");
    if (type == EventType::bookmark) {
        return;
    }
    if (type == EventType::drop) {
        sink_.drop(object.text("/metadata/name"));
    } else {
        sink_.put(object);
    }
    sink_.changed();
}

}  // namespace deployctl::plugins::kubectl

// SPDX-License-Identifier: Apache-2.0
#include "plugins/kubectl/watch_cache.hpp"

#include "documents/json.hpp"
#include "plugins/kubectl/answers.hpp"

namespace deployctl::plugins::kubectl {

namespace {

constexpr Duration retry_pause = milliseconds(500);
constexpr auto page = "?limit=500";

}  // namespace

WatchCache::WatchCache(Proxy& proxy, Clock& clock, ObjectRef collection, CacheSink sink)
    : proxy_(proxy), clock_(clock), collection_(std::move(collection)), sink_(std::move(sink)) {}

Task<> WatchCache::run() {
    while (!stopping_) {
        const bool listed = resource_version_.empty() ? co_await list() : true;
        if (listed && refusal_.empty()) {
            co_await watch();
        }
        if (!refusal_.empty()) {
            co_return;
        }
        if (lost_since_) {
            co_await clock_.sleep(retry_pause);
        }
    }
}

void WatchCache::lose(const std::string& why) {
    failure_ = why;
    if (!lost_since_) {
        lost_since_ = clock_.boot_time();
    }
    sink_.changed();
}

Task<bool> WatchCache::list() {
    std::string next = page;
    sink_.clear();
    while (!next.empty()) {
        HttpRequest request;
        request.url = url_path(collection_) + next;
        const auto answer = co_await proxy_.send(request);
        if (answer.kind != HttpAnswer::Kind::answered || answer.status >= 500 || answer.status == 429) {
            lose(message_of(answer));
            co_return false;
        }
        if (answer.status != 200) {
            refusal_ = message_of(answer);
            synced_ = true;
            sink_.changed();
            co_return false;
        }
        const auto body = documents::read_json(answer.body);
        for (const auto& item : body.items("/items")) {
            sink_.put(item);
        }
        resource_version_ = body.text("/metadata/resourceVersion");
        const auto more = body.text("/metadata/continue");
        next = more.empty() ? "" : std::string(page) + "&continue=" + url_encode(more);
    }
    synced_ = true;
    lost_since_.reset();
    sink_.changed();
    co_return true;
}

Task<> WatchCache::watch() {
    HttpRequest request;
    request.url = url_path(collection_) + "?watch=true&allowWatchBookmarks=true&resourceVersion=" +
                  url_encode(resource_version_);
    request.timeout = Duration{};
    const std::function<void(std::string)> on_line = [this](const std::string& line) { take(line); };
    const auto answer = co_await proxy_.stream(request, on_line);
    if (answer.kind != HttpAnswer::Kind::answered && answer.status != 200) {
        lose(answer.failure);
    } else if (answer.status == 410) {
        resource_version_.clear();
    } else if (answer.status != 200) {
        resource_version_.clear();
        lose(message_of(answer));
    }
}

void WatchCache::take(const std::string& line) {
    const auto event = documents::try_read_json(line);
    if (!event) {
        return;
    }
    lost_since_.reset();
    const auto& object = event->at("/object");
    const auto type = event->text("/type");
    if (type == "ERROR") {
        resource_version_.clear();  // 410 Gone, or worse: list anew
        return;
    }
    resource_version_ = object.text("/metadata/resourceVersion");
    if (type == "BOOKMARK") {
        return;
    }
    if (type == "DELETED") {
        sink_.drop(object.text("/metadata/name"));
    } else {
        sink_.put(object);
    }
    sink_.changed();
}

}  // namespace deployctl::plugins::kubectl

// SPDX-License-Identifier: Apache-2.0
#include "documents/json.hpp"
#include "model/text.hpp"
#include "readiness/inputs/yaml_language.hpp"
#include "readiness/live_events.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace deployctl::readiness {

namespace {

constexpr int ok = 200;
constexpr int most_pages = 20;
constexpr std::size_t most_lines = 400;
constexpr int longest_message = 200;
constexpr int longest_name = 253;
constexpr int begin_of_message = 16;  // "Failed to pull i", "Readiness probe "
constexpr auto lately = std::chrono::hours(1);

std::string cut(std::string_view text, int most) {
    return std::string(take_characters(text, most));
}

/// Of letters, digits and what stands in tokens of the API server; all else is written as it has to
/// be in an address.
std::string in_address(std::string_view token) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string text;
    for (const unsigned char one : token) {
        const bool is_plain = (one >= 'a' && one <= 'z') || (one >= 'A' && one <= 'Z') ||
                              (one >= '0' && one <= '9') || one == '-' || one == '_' || one == '.';
        if (is_plain) {
            text += static_cast<char>(one);
        } else {
            text += {'%', digits[one >> 4U], digits[one & 15U]};
        }
    }
    return text;
}

std::int64_t count_of(const Value& event) {
    constexpr std::int64_t most = 1'000'000'000;
    const auto counted = std::max(event.number("/count"), event.number("/series/count"));
    return std::clamp<std::int64_t>(counted, 1, most);
}

/// Of the several that an event may have the latest.
WallTime last_of(const Value& event, WallTime now) {
    std::optional<WallTime> last;
    for (const auto* const place :
         {"/lastTimestamp", "/series/lastObservedTime", "/eventTime", "/metadata/creationTimestamp"
         }) {
        const auto at = read_rfc3339(event.view(place));
        last = at && (!last || *last < *at) ? at : last;
    }
    return last.value_or(now);
}

std::string failure_of(const ListAnswer& answer) {
    constexpr int forbidden = 403;
    return "events: " + (answer.status == 0 ? answer.failure
                         : answer.status == forbidden
                             ? "nobody has allowed to list them"
                             : "the API server answered " + std::to_string(answer.status));
}

}  // namespace

std::string LiveEvents::next_address(const std::string& kube_namespace) const {
    if (pages_ > 0 && next_.empty()) {
        return {};
    }
    auto address =
        "/api/v1/namespaces/" + kube_namespace + "/events?limit=500&fieldSelector=type%3DWarning";
    return next_.empty() ? address : address + "&continue=" + in_address(next_);
}

void LiveEvents::note(Key key, Line line) {
    const auto found = lines_.find(key);
    if (found == lines_.end() && lines_.size() >= most_lines) {
        is_cut_ = true;
        return;
    }
    auto& kept = lines_[std::move(key)];
    kept.count += line.count;
    if (kept.last <= line.last) {
        kept.last = line.last;
        kept.message = std::move(line.message);
    }
}

void LiveEvents::take_page(const ListAnswer& page) {
    ++pages_;
    next_.clear();
    const auto list = page.status == ok ? documents::try_read_json(page.body) : std::nullopt;
    if (!list) {
        trouble_ = page.status == ok ? "events: the answer is no JSON" : failure_of(page);
        return;
    }
    for (const auto& event : list->items("/items")) {
        const auto last = last_of(event, now_);
        if (now_ - last <= lately) {
            note(
                {cut(event.view("/involvedObject/kind"), longest_name),
                 cut(event.view("/involvedObject/name"), longest_name),
                 cut(event.view("/reason"), longest_name),
                 cut(event.view("/message"), begin_of_message)},
                {count_of(event), last, cut(event.view("/message"), longest_message)}
            );
        }
    }
    next_ = list->text("/metadata/continue");
    if (!next_.empty() && pages_ >= most_pages) {
        next_.clear();
        is_cut_ = true;
    }
}

/// A node that runs out of memory says so of itself; the container keeps it.
void LiveEvents::take_pods(const ListAnswer& pods) {
    const auto list = pods.status == ok ? documents::try_read_json(pods.body) : std::nullopt;
    if (!list) {
        return;
    }
    for (const auto& pod : list->items("/items")) {
        for (const auto* const statuses :
             {"/status/containerStatuses", "/status/initContainerStatuses"}) {
            for (const auto& status : pod.items(statuses)) {
                for (const auto* const place : {"/lastState/terminated", "/state/terminated"}) {
                    const auto& ended = status.at(place);
                    const auto at = read_rfc3339(ended.view("/finishedAt"));
                    if (ended.view("/reason") == "OOMKilled" && at && now_ - *at <= lately) {
                        note(
                            {"Pod", cut(pod.view("/metadata/name"), longest_name), "OOMKilled", ""},
                            {1, *at, "container " + cut(status.view("/name"), longest_name)}
                        );
                    }
                }
            }
        }
    }
}

AssessedFile LiveEvents::file() const {
    Value::Array items;
    for (const auto& [key, line] : lines_) {
        items.push_back(Value::map({
            {"kind", std::get<0>(key)},
            {"name", std::get<1>(key)},
            {"reason", std::get<2>(key)},
            {"count", line.count},
            {"last", to_rfc3339(line.last)},
            {"message", line.message},
        }));
    }
    const auto all = Value::map({{"items", std::move(items)}, {"is_cut", is_cut_}});
    AssessedFile file;
    file.tree = yaml_language().read(documents::write_json_indented(all)).tree;
    file.trouble.what = trouble_;
    file.path = events_path;
    file.kind = events_kind;
    file.rendering = live_rendering;
    return file;
}

}  // namespace deployctl::readiness

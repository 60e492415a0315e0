// SPDX-License-Identifier: Apache-2.0
#include "cli/earlier_assessment.hpp"

#include "plugins/process/boost_process.hpp"
#include "plugins/system/disk_results.hpp"
#include "plugins/system/program_identity.hpp"

#include <string_view>
#include <sys/stat.h>
#include <utility>
#include <vector>

namespace deployctl::cli {

namespace {

/// $XDG_CACHE_HOME/deployctl, else ~/.cache/deployctl; "" where neither is said.
std::string cache_folder(Session& session) {
    const auto cache = session.environment("XDG_CACHE_HOME");
    if (cache && cache->starts_with('/')) {
        return *cache + "/deployctl/assess";
    }
    const auto home = session.environment("HOME");
    return home && home->starts_with('/') ? *home + "/.cache/deployctl/assess" : "";
}

/// Reports whose only time is the one that `with_time` knows.
bool can_be_kept(Format format) {
    switch (format) {
        case Format::automatic:
        case Format::table:
        case Format::wide:
        case Format::json:
        case Format::name:
        case Format::markdown: return true;
        default: return false;
    }
}

void add_settings(std::vector<std::string>& parts, const readiness::Settings& settings) {
    parts.insert(
        parts.end(),
        {settings.environment, settings.kubernetes_version, std::to_string(settings.minimum)}
    );
    parts.insert(parts.end(), settings.registries.begin(), settings.registries.end());
    parts.emplace_back("exclude");
    parts.insert(parts.end(), settings.exclude.begin(), settings.exclude.end());
    parts.emplace_back("weights");
    for (const auto& [category, weight] : settings.weights) {
        parts.push_back(category + "=" + std::to_string(weight));
    }
    for (const auto& waiver : settings.waivers) {
        parts.insert(
            parts.end(),
            {"waiver", waiver.rule, waiver.object, waiver.reason, waiver.owner, waiver.expires}
        );
    }
}

/// Where a program is and which it is, without running it: overlays and charts are rendered by it.
std::string tool_text(const std::string& name) {
    const auto path = plugins::find_program(name);

    struct stat facts {};

    if (path.empty() || stat(path.c_str(), &facts) != 0) {
        return name + " is not here";
    }
    return path + " " + std::to_string(facts.st_ino) + " " + std::to_string(facts.st_size) + " " +
           std::to_string(facts.st_mtim.tv_sec) + "." + std::to_string(facts.st_mtim.tv_nsec);
}

std::string style_text(const Style& style) {
    return std::to_string(style.width) + (style.colour ? " colour" : "") +
           (style.ascii ? " ascii" : "");
}

/// In place of the time that is said at the top of the JSON: inside of a text the quotes are
/// escaped.
std::string with_time(std::string json, WallTime now) {
    constexpr std::string_view head = "\"assessed_at\":\"";
    const auto at = json.find(head);
    const auto end = at == std::string::npos ? at : json.find('"', at + head.size());
    if (end != std::string::npos) {
        json.replace(at + head.size(), end - at - head.size(), to_rfc3339(now));
    }
    return json;
}

}  // namespace

std::string key_of(Session& session, const AssessedFolder& folder) {
    const auto& look = session.globals.look;
    const bool is_whole = folder.read.loaded.is_digest_whole && !folder.scope.live;
    // Builds of one version differ in what their checks say.
    const bool is_known = !plugins::program_identity().empty();
    if (!is_whole || !is_known || !can_be_kept(look.format) || cache_folder(session).empty()) {
        return "";
    }
    std::vector<std::string> parts{
        plugins::program_identity(),
        tool_text("kubectl"),
        tool_text("helm"),
        folder.read.loaded.digest,
        folder.scope.category,
        session.globals.place.app,
        std::to_string(static_cast<int>(look.format)),
        style_text(session.terminal.out_style),
        to_rfc3339(session.parts.clock().now()).substr(0, 10),
    };
    add_settings(parts, folder.settings.settings);
    for (const auto& left_out : {folder.read.walk.skipped, folder.read.walk.unreadable}) {
        parts.emplace_back("left out");
        for (const auto& one : left_out) {
            parts.insert(parts.end(), {one.path, one.why});
        }
    }
    for (const auto& rules : folder.rules) {
        parts.insert(parts.end(), {rules.name, rules.text});
    }
    return readiness::key_of(parts);
}

std::optional<readiness::EarlierResult> find_earlier(Session& session, const std::string& key) {
    if (key.empty()) {
        return std::nullopt;
    }
    plugins::DiskResults kept(cache_folder(session));
    auto found = readiness::find_earlier(kept, key);
    if (found && session.globals.look.format == Format::json) {
        found->out = with_time(std::move(found->out), session.parts.clock().now());
    }
    return found;
}

void keep_for_later(
    Session& session, const std::string& key, const readiness::EarlierResult& result
) {
    if (!key.empty()) {
        plugins::DiskResults kept(cache_folder(session));
        readiness::keep_for_later(kept, key, result);
    }
}

}  // namespace deployctl::cli

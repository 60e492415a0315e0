// SPDX-License-Identifier: Apache-2.0
#include "tests/simulation/story_file.hpp"

#include "documents/yaml.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <stdexcept>

namespace deployctl::tests {

using simcluster::Fault;
using simulation::JournalPlaces;
using simulation::Medium;
using simulation::Mishap;
using simulation::RivalKind;
using simulation::VersionKind;

namespace {

/// Every point takes a while; where the program is slow, fewer tell enough.
#ifdef NDEBUG
constexpr int thinner = 1;
#else
constexpr int thinner = 7;
#endif

constexpr auto swept_mark = "each";

template <class T>
using Names = std::map<std::string, T>;

const Names<VersionKind> versions{
    {"good", VersionKind::good},
    {"slow", VersionKind::slow},
    {"flaky", VersionKind::flaky},
    {"errors", VersionKind::errors},
    {"crash", VersionKind::crash},
    {"unready", VersionKind::unready},
    {"turns unready", VersionKind::turns_unready},
};

const Names<Fault> faults{
    {"crash before", Fault::crash_before},
    {"crash after", Fault::crash_after},
    {"lost before", Fault::lost_before},
    {"lost after", Fault::lost_after},
    {"late", Fault::late},
    {"twice", Fault::twice},
    {"throttled", Fault::throttled},
};

const Names<RivalKind> rivals{
    {"waits", RivalKind::waits},
    {"takes over", RivalKind::takes_over},
    {"refuses", RivalKind::refuses},
    {"goes back", RivalKind::goes_back},
    {"starts", RivalKind::starts},
};

const Names<RequestKind> requests{
    {"pause", RequestKind::pause},
    {"abort", RequestKind::abort},
    {"rollback", RequestKind::rollback},
    {"advance", RequestKind::advance},
};

const Names<JournalPlaces> places{
    {"one for all", JournalPlaces::shared},
    {"one each", JournalPlaces::one_each},
};

const Names<Medium> media{
    {"memory", Medium::memory},
    {"SQLite", Medium::sqlite},
};

template <class T>
T read_name(const Names<T>& names, const std::string& name) {
    const auto found = names.find(name);
    if (found == names.end()) {
        throw std::runtime_error("nothing is called \"" + name + "\" here");
    }
    return found->second;
}

void allow_keys(const Value& map, const std::set<std::string>& known) {
    for (const auto& [key, value] : map.members()) {
        if (!known.contains(key)) {
            throw std::runtime_error("no key is called \"" + key + "\" here");
        }
    }
}

/// One of `fault`, `outage`, `freeze`, `rival`, `request`, `edit` and `jump` says what it is.
Mishap read_mishap(const Value& value) {
    allow_keys(
        value, {"fault", "outage", "freeze", "rival", "request", "edit", "jump", "at", "for"}
    );
    Mishap mishap;
    mishap.at = read_int(value, "/at");
    mishap.length = read_int(value, "/for");
    if (value.has("/fault")) {
        mishap.kind = Mishap::Kind::fault;
        mishap.fault = read_name(faults, value.text("/fault"));
    } else if (value.has("/outage")) {
        mishap.kind = Mishap::Kind::outage;
        mishap.fault = read_name(faults, value.text("/outage"));
    } else if (value.has("/rival")) {
        mishap.kind = Mishap::Kind::rival;
        mishap.rival = read_name(rivals, value.text("/rival"));
    } else if (value.has("/request")) {
        mishap.kind = Mishap::Kind::request;
        mishap.request = read_name(requests, value.text("/request"));
    } else if (value.has("/freeze")) {
        mishap.kind = Mishap::Kind::freeze;
        mishap.length = read_int(value, "/freeze");
    } else if (value.has("/edit")) {
        mishap.kind = Mishap::Kind::edit;
    } else {
        mishap.kind = Mishap::Kind::jump;
        mishap.length = read_int(value, "/jump");
    }
    return mishap;
}

void read_mishaps(const Value& list, Story& story) {
    for (const auto& one : list.items()) {
        const bool is_swept = one.text("/at") == swept_mark;
        (is_swept ? story.swept : story.scenario.mishaps).push_back(read_mishap(one));
    }
}

std::vector<int> read_points(const Value& each) {
    allow_keys(each, {"from", "to", "by"});
    std::vector<int> points;
    const int by = std::max(1, read_int(each, "/by", 1)) * thinner;
    for (int point = read_int(each, "/from"); point <= read_int(each, "/to"); point += by) {
        points.push_back(point);
    }
    return points;
}

void read_app(const Value& value, simulation::Scenario& scenario) {
    allow_keys(value, {"replicas", "max_unavailable", "services", "keep_old", "watches", "older"});
    scenario.app.replicas = read_int(value, "/replicas", 4);
    scenario.app.max_unavailable = read_int(value, "/max_unavailable");
    scenario.app.services = read_int(value, "/services", 1);
    scenario.app.keep_old = seconds(read_int(value, "/keep_old"));
    scenario.app.older = read_lines(value.at("/older"));
    if (value.has("/watches")) {
        scenario.pace.watch = milliseconds(read_int(value, "/watches"));
    }
    scenario.app.steps = {{25, seconds(10)}, {50, seconds(10)}};
}

std::set<std::string> read_set(const Value& list) {
    const auto lines = read_lines(list);
    return {lines.begin(), lines.end()};
}

Story read_story(const Value& value) {
    allow_keys(
        value,
        {"story",
         "title",
         "strategies",
         "versions",
         "app",
         "journals",
         "medium",
         "mishaps",
         "each",
         "ends",
         "may_end"}
    );
    Story story;
    story.number = read_int(value, "/story");
    story.title = value.text("/title");
    for (const auto& name : read_lines(value.at("/strategies"))) {
        story.strategies.push_back(read_strategy(name).value());
    }
    for (const auto& name : read_lines(value.at("/versions"))) {
        story.versions.push_back(read_name(versions, name));
    }
    read_app(value.at("/app"), story.scenario);
    story.scenario.journals = read_name(places, value.text("/journals", "one for all"));
    story.scenario.medium = read_name(media, value.text("/medium", "memory"));
    read_mishaps(value.at("/mishaps"), story);
    story.points = read_points(value.at("/each"));
    story.ends = read_set(value.at("/ends"));
    story.may_end = read_set(value.at("/may_end"));
    const bool plays_nothing =
        story.points.empty() || story.strategies.empty() || story.versions.empty();
    if (plays_nothing || story.ends.empty()) {
        throw std::runtime_error("it plays nothing, or expects nothing");
    }
    return story;
}

}  // namespace

std::vector<simulation::Scenario> scenarios_of(
    const Story& story, VersionKind version, StrategyKind strategy
) {
    std::vector<simulation::Scenario> all;
    for (const int point : story.points) {
        auto scenario = story.scenario;
        scenario.app.strategy = strategy;
        scenario.version = version;
        for (auto mishap : story.swept) {
            mishap.at = point;
            scenario.mishaps.push_back(mishap);
        }
        all.push_back(scenario);
    }
    return all;
}

Story read_story(const std::string& path) {
    std::ifstream file(path);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const documents::YamlSource source(text, path);
    const auto tree = documents::read_yaml(source);
    try {
        if (tree.root.kind != documents::YamlKind::map) {
            throw std::runtime_error("it is no map");
        }
        return read_story(documents::to_value(tree.root));
    } catch (const std::exception& error) {
        throw std::runtime_error(path + ": " + error.what());
    }
}

}  // namespace deployctl::tests

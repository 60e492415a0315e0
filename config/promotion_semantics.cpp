// SPDX-License-Identifier: Apache-2.0
#include "config/promotion_semantics.hpp"

#include "config/circles.hpp"
#include "config/entries.hpp"
#include "config/placeholders.hpp"
#include "model/text.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace deployctl::config {

namespace {

using documents::YamlEntry;
using documents::YamlKind;
using documents::YamlNode;

class PromotionMeaning {
public:
    PromotionMeaning(const Configuration& configuration, const YamlNode& root, Report& report)
        : configuration_(configuration),
          root_(root),
          report_(report),
          environments_{
              "C1110", "environment", "environments", names_of(configuration.environments)
          } {}

    void check() {
        check_order();
        check_required();
        check_soak();
        check_places();
        for (const auto& environment : entries_at(root_, {"environments"})) {
            check_following(environment);
            check_waves(environment);
        }
        check_circle_of_followers();
        check_group();
        if (const auto* disaster = root_.find("dr"); disaster != nullptr) {
            check_disaster(disaster->value);
        }
    }

private:
    void check_order() {
        if (const auto* order = entry_at(root_, {"promotion", "order"})) {
            check_known_list(order->value, environments_, "promotion.order", report_);
        }
    }

    void check_required() {
        Needs needs;
        const auto places = places_in_order();
        for (const auto& required : entries_at(root_, {"promotion", "require"})) {
            if (!check_environment_key(required, "promotion.require")) {
                continue;
            }
            check_known_list(required.value, environments_, "promotion.require", report_);
            for (const auto& item : required.value.items) {
                needs[required.key].push_back(item.text);
                check_comes_before(item, required.key, places);
            }
        }
        check_circle(needs, entries_at(root_, {"promotion", "require"}), "promotion.require");
    }

    /// An environment as a key; notes are none.
    bool check_environment_key(const YamlEntry& entry, const std::string& docs) {
        if (entry.key.starts_with("x-") || report_.is_full()) {
            return false;
        }
        YamlNode name;
        name.kind = YamlKind::plain;
        name.text = entry.key;
        name.place = entry.place;
        check_known(name, environments_, docs, report_);
        return true;
    }

    using Places = std::map<std::string_view, std::size_t>;

    Places places_in_order() const {
        Places places;
        for (const auto& name : configuration_.promotion.order) {
            places.emplace(name, places.size());
        }
        return places;
    }

    void check_comes_before(
        const YamlNode& earlier, const std::string& later, const Places& places
    ) {
        const auto first = places.find(earlier.text);
        const auto second = places.find(later);
        if (first == places.end() || second == places.end() || first->second <= second->second) {
            return;
        }
        auto& wrong = report_.add(
            "C1115", "`" + later + "` comes before `" + earlier.text + "`", earlier.place
        );
        wrong.note = "`order` says so: no version could stand here first";
        wrong.help = "change `order`, or take `" + earlier.text + "` out";
        wrong.docs = "promotion.require";
    }

    void check_soak() {
        for (const auto& soak : entries_at(root_, {"promotion", "soak"})) {
            check_environment_key(soak, "promotion.soak");
        }
    }

    /// Who would not know whose pods these are?
    void check_places() {
        std::map<std::pair<std::string, std::string>, std::string> owners;
        for (const auto& entry : entries_at(root_, {"environments"})) {
            const auto found = configuration_.environments.find(entry.key);
            if (found == configuration_.environments.end()) {
                continue;
            }
            const auto& environment = found->second;
            for (const auto& cluster : clusters_of(environment)) {
                const auto& there = cluster.kube_namespace.empty() ? environment.kube_namespace
                                                                   : cluster.kube_namespace;
                const auto [owner, is_new] =
                    owners.emplace(std::pair(cluster.context, there), entry.key);
                if (!is_new && !there.empty()) {
                    add_same_place(entry, *owner);
                }
            }
        }
    }

    static std::vector<ClusterSettings> clusters_of(const Environment& environment) {
        if (environment.waves.clusters.empty()) {
            return {{environment.name, environment.context, environment.kube_namespace}};
        }
        return environment.waves.clusters;
    }

    template <class Owner>
    void add_same_place(const YamlEntry& entry, const Owner& owner) {
        const auto& [place, name] = owner;
        const auto where =
            "namespace " + std::string(place.second) + " of " +
            (place.first.empty() ? "the current context" : "context " + std::string(place.first));
        const auto message = name == entry.key
                                 ? "two clusters of environment `" + entry.key + "` are the same"
                                 : "environments `" + std::string(name) + "` and `" + entry.key +
                                       "` are the same place";
        auto& wrong = report_.add("C1116", message, entry.place);
        wrong.note = "both are " + where;
        wrong.help = "give one of them another `context` or `namespace`";
        wrong.docs = "environments.context";
    }

    void check_following(const YamlEntry& environment) {
        const auto* follows = environment.value.find("follows");
        const auto* lag = environment.value.find("max_lag");
        if (follows != nullptr) {
            check_known(follows->value, environments_, "environments.follows", report_);
        } else if (lag != nullptr) {
            auto& wrong = report_.add("C1119", "`max_lag` needs `follows`", lag->place);
            wrong.note = "nothing says behind what it may be";
            wrong.help = "write `follows: production`, or take `max_lag` out";
            wrong.docs = "environments.follows";
        }
    }

    void check_circle_of_followers() {
        Needs needs;
        for (const auto& [name, environment] : configuration_.environments) {
            if (!environment.follows.empty()) {
                needs[name].push_back(environment.follows);
            }
        }
        check_circle(needs, entries_at(root_, {"environments"}), "environments.follows");
    }

    void check_circle(
        const Needs& needs, const std::vector<YamlEntry>& entries, const std::string& docs
    ) {
        const auto circle = find_circle(needs);
        if (circle.empty()) {
            return;
        }
        const auto entry = std::ranges::find(entries, circle.front(), &YamlEntry::key);
        const auto place = entry == entries.end() ? documents::YamlPlace{} : entry->place;
        constexpr std::size_t most_shown = 12;
        auto shown = circle;
        if (shown.size() > most_shown) {
            shown.resize(most_shown);
            shown.emplace_back("…");
        }
        auto& wrong = report_.add("C1120", "`" + circle.front() + "` waits for itself", place);
        wrong.note = join(shown, " -> ");
        wrong.help = "take one of these out";
        wrong.docs = docs;
    }

    void check_waves(const YamlEntry& environment) {
        const auto* waves = environment.value.find("waves");
        if (waves == nullptr) {
            return;
        }
        const auto* clusters = waves->value.find("clusters");
        Known known{"C1121", "cluster", "clusters", {}};
        std::set<std::string_view> names;
        for (const auto& cluster : items_at(waves->value, {"clusters"})) {
            const auto* name = cluster.find("name");
            if (name == nullptr || !name->value.is_scalar()) {
                continue;
            }
            if (names.insert(name->value.text).second) {
                known.names.emplace_back(name->value.text);
                continue;
            }
            auto& wrong = report_.add(
                "C1026", "cluster `" + name->value.text + "` stands here twice", name->value.place
            );
            wrong.help = "give one of them another name";
            wrong.docs = "environments.waves.clusters.name";
        }
        if (clusters != nullptr && clusters->value.kind == YamlKind::list &&
            clusters->value.items.empty()) {
            auto& wrong = report_.add("C1121", "`clusters` names no cluster", clusters->place);
            wrong.help = "name them, or leave `waves` out";
            wrong.docs = "environments.waves.clusters";
        }
        std::ranges::sort(known.names);
        if (const auto* order = waves->value.find("order")) {
            check_waves_in_order(*order, known);
        }
    }

    /// Each cluster is in one wave.
    void check_waves_in_order(const YamlEntry& order, const Known& known) {
        YamlNode all;
        for (const auto& wave : order.value.items) {
            if (wave.kind == YamlKind::list && wave.items.empty()) {
                auto& wrong = report_.add("C1121", "a wave without a cluster", wave.place);
                wrong.help = "name one, or take the wave out";
                wrong.docs = "environments.waves.order";
            }
            all.items.insert(all.items.end(), wave.items.begin(), wave.items.end());
        }
        check_known_list(all, known, "environments.waves.order", report_);
        if (order.value.items.empty()) {
            return;  // one after the other
        }
        std::set<std::string_view> in_waves;
        for (const auto& item : all.items) {
            in_waves.insert(item.text);
        }
        for (const auto name : known.names) {
            if (!in_waves.contains(name) && !report_.is_full()) {
                auto& wrong = report_.add(
                    "C1121", "cluster `" + std::string(name) + "` is in no wave", order.place
                );
                wrong.note = "no version would ever come there";
                wrong.help = "name it in one of the waves";
                wrong.docs = "environments.waves.order";
            }
        }
    }

    void check_group() {
        if (!configuration_.group) {
            return;
        }
        const auto& members = entries_at(root_, {"group", "members"});
        const Known known{
            "C1122", "member", "group.members", names_of(configuration_.group->members)
        };
        Needs needs;
        for (const auto& member : members) {
            if (const auto* list = member.value.find("needs")) {
                check_known_list(list->value, known, "group.members.needs", report_);
            }
            if (const auto* dir = member.value.find("dir")) {
                check_placeholders(dir->value, {}, "group.members.dir", report_);
            }
        }
        for (const auto& [name, member] : configuration_.group->members) {
            needs[name] = member.needs;
        }
        check_circle(needs, members, "group.members.needs");
    }

    void check_disaster(const YamlNode& disaster) {
        const auto* primary = disaster.find("primary");
        const auto* standby = disaster.find("standby");
        for (const auto* one : {primary, standby}) {
            if (one != nullptr) {
                check_known(one->value, environments_, "dr." + one->key, report_);
            }
        }
        if (primary != nullptr && standby != nullptr && primary->value.is_scalar() &&
            primary->value.text == standby->value.text) {
            auto& wrong = report_.add(
                "C1123",
                "`" + standby->value.text + "` cannot take over from itself",
                standby->value.place
            );
            wrong.help = "name another environment as `standby`";
            wrong.docs = "dr.standby";
        }
        check_restored(disaster);
        if (const auto* stack = disaster.find("stack")) {
            const Known known{
                "C1124", "stack", "infra.stacks", names_of(configuration_.infra.stacks)
            };
            check_known(stack->value, known, "dr.stack", report_);
        }
        for (const auto* program : {"replica", "promote", "traffic", "verify"}) {
            check_program(disaster, program);
        }
    }

    void check_restored(const YamlNode& disaster) {
        const auto* database = disaster.find("database");
        if (database == nullptr) {
            return;
        }
        const auto& all = configuration_.backup.databases;
        const Known known{"C1124", "database", "backup.databases", names_of(all)};
        check_known(database->value, known, "dr.database", report_);
        const auto found = all.find(database->value.text);
        if (found != all.end() && found->second.restore.empty()) {
            auto& wrong = report_.add(
                "C1125", "database `" + found->first + "` has no `restore`", database->value.place
            );
            wrong.note = "nothing says how it comes into the standby";
            wrong.help = "write its `restore`, or take `database` out";
            wrong.docs = "backup.databases.restore";
        }
    }

    void check_program(const YamlNode& disaster, const std::string& key) {
        const auto* run = entry_at(disaster, {key, "run"});
        if (run == nullptr) {
            return;
        }
        check_placeholders(run->value, names_of_failover(), "dr." + key + ".run", report_);
        if (run->value.kind == YamlKind::list && run->value.items.empty()) {
            auto& wrong = report_.add("C1065", "`run` names no program", run->place);
            wrong.help = "write `run: [./ci/" + key + ".sh]`, or take `" + key + "` out";
            wrong.docs = "dr." + key + ".run";
        }
    }

    const Configuration& configuration_;
    const YamlNode& root_;
    Report& report_;
    Known environments_;
};

}  // namespace

void check_promotion(const Configuration& configuration, const YamlNode& root, Report& report) {
    PromotionMeaning(configuration, root, report).check();
}

}  // namespace deployctl::config

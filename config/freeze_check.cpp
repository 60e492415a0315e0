// SPDX-License-Identifier: Apache-2.0
#include "config/freeze_check.hpp"

#include "calendar/cron.hpp"
#include "calendar/time_zone.hpp"
#include "config/spelling.hpp"

#include <algorithm>
#include <set>
#include <vector>

namespace deployctl::config {

namespace {

using documents::YamlEntry;
using documents::YamlNode;

const std::string window_examples =
    "write `{name: weekend, cron: \"0 17 * * 5\", for: 62h}`, or `{name: year-end, from: "
    "\"2026-12-18T00:00\", to: \"2027-01-04T08:00\"}`";

/// What of a key can be judged: not one that is missing, or that is a mistake already.
const YamlNode* text_at(const YamlNode& node, std::string_view name) {
    const auto* entry = node.find(name);
    const bool is_text = entry != nullptr && entry->value.is_scalar() && !entry->value.text.empty();
    return is_text ? &entry->value : nullptr;
}

/// Two keys that belong together.
struct Pair {
    const YamlNode& window;
    const char* first;
    const char* second;

    bool has(const char* key) const { return window.find(key) != nullptr; }

    int count() const { return (has(first) ? 1 : 0) + (has(second) ? 1 : 0); }

    std::string missing() const { return has(first) ? second : first; }
};

class FreezeCheck {
public:
    FreezeCheck(const YamlNode& root, Report& report) : root_(root), report_(report) {}

    void check(const YamlNode& freeze) {
        if (const auto* zone = text_at(freeze, "timezone")) {
            check_zone(*zone);
        }
        const auto* windows = freeze.find("windows");
        if (windows == nullptr) {
            return;
        }
        for (const auto& window : windows->value.items) {
            check_name(window);
            check_environments(window);
            check_form(window);
            check_cron(window);
            check_dates(window);
        }
    }

private:
    void check_zone(const YamlNode& node) {
        if (calendar::TimeZone::named(node.text)) {
            return;
        }
        auto& wrong = report_.add("C1041", "there is no time zone `" + node.text + "`", node.place);
        wrong.note = "names of IANA, such as Europe/Berlin or UTC";
        wrong.docs = "freeze.timezone";
        const auto names = calendar::zone_names();
        const std::vector<std::string_view> known(names.begin(), names.end());
        if (const auto meant = closest(node.text, known)) {
            wrong.help = "write `timezone: " + std::string(*meant) + "`";
        } else {
            wrong.help = "write `timezone: Europe/Berlin`; `timedatectl list-timezones` shows all";
        }
    }

    void check_name(const YamlNode& window) {
        const auto* name = text_at(window, "name");
        if (name != nullptr && !names_.insert(name->text).second) {
            auto& wrong =
                report_.add("C1026", "window `" + name->text + "` stands here twice", name->place);
            wrong.help = "give each a name of its own";
            wrong.docs = "freeze.windows.name";
        }
    }

    void check_environments(const YamlNode& window) {
        const auto* wanted = window.find("env");
        const auto* environments = root_.find("environments");
        if (wanted == nullptr || environments == nullptr) {
            return;
        }
        std::vector<std::string_view> known;
        std::ranges::transform(
            environments->value.entries, std::back_inserter(known), &YamlEntry::key
        );
        for (const auto& item : wanted->value.items) {
            if (item.is_scalar() && !item.text.empty() &&
                std::ranges::count(known, item.text) == 0) {
                auto& wrong =
                    report_.add("C1046", "there is no environment `" + item.text + "`", item.place);
                const auto meant = closest(item.text, known);
                wrong.help = meant ? "write `" + std::string(*meant) + "`"
                                   : "name one of `environments`, or leave `env` out for all";
                wrong.docs = "freeze.windows.env";
            }
        }
    }

    /// By cron and for, or by from and to; nothing in between.
    void check_form(const YamlNode& window) {
        const Pair again{window, "cron", "for"};
        const Pair once{window, "from", "to"};
        const bool is_one = again.count() + once.count() == 2 && again.count() != 1;
        if (window.kind != documents::YamlKind::map || is_one) {
            return;
        }
        std::string what = "needs `cron` and `for`, or `from` and `to`";
        if (again.count() > 0 && once.count() > 0) {
            what = "has `cron` or `for` beside `from` or `to`";
        } else if (again.count() + once.count() == 1) {
            what = "has no `" + (again.count() == 1 ? again : once).missing() + "`";
        }
        auto& wrong = report_.add("C1044", "the window " + what, window.place);
        wrong.help = window_examples;
        wrong.docs = "freeze.windows";
    }

    void check_cron(const YamlNode& window) {
        const auto* node = text_at(window, "cron");
        const auto reading =
            node == nullptr ? calendar::CronReading() : calendar::read_cron(node->text);
        if (reading.wrong.empty()) {
            return;
        }
        auto& wrong = report_.add("C1042", "`cron` never begins: " + reading.wrong, node->place);
        wrong.note = "minute hour day-of-month month day-of-week";
        wrong.help = "write `cron: \"0 17 * * 5\"` for each Friday at 17:00";
        wrong.docs = "freeze.windows.cron";
    }

    void check_dates(const YamlNode& window) {
        const auto from = check_date(text_at(window, "from"), "freeze.windows.from");
        const auto* const end = text_at(window, "to");
        const auto to = check_date(end, "freeze.windows.to");
        if (from && to && *to <= *from) {
            auto& wrong = report_.add("C1045", "the window ends before it begins", end->place);
            wrong.note = "`from` is " + text_at(window, "from")->text;
            wrong.help = "write a later `to`";
            wrong.docs = "freeze.windows.to";
        }
    }

    std::optional<calendar::LocalMinute> check_date(const YamlNode* node, const char* docs) {
        const auto time = node == nullptr ? std::nullopt : calendar::read_local(node->text);
        if (node != nullptr && !time) {
            auto& wrong = report_.add(
                "C1043", "`" + node->text + "` is no time on a clock and a calendar", node->place
            );
            wrong.note = "in the time zone of `freeze.timezone`";
            wrong.help = "write it as \"2026-12-18T00:00\"";
            wrong.docs = docs;
        }
        return time;
    }

    const YamlNode& root_;
    Report& report_;
    std::set<std::string_view> names_;
};

}  // namespace

void check_freeze(const YamlNode& root, Report& report) {
    if (const auto* freeze = root.find("freeze")) {
        FreezeCheck(root, report).check(freeze->value);
    }
}

}  // namespace deployctl::config

// SPDX-License-Identifier: Apache-2.0
#include "gates/alerts_gate.hpp"

#include "documents/json.hpp"
#include "model/text.hpp"
#include "model/url.hpp"
#include "ports/printed.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>

namespace deployctl::gates {

namespace {

constexpr std::size_t most_bytes = 4UL << 20U;
constexpr std::size_t most_told = 5;
constexpr int longest_name = 100;
constexpr std::string_view name_label = "alertname";
constexpr const char* silent_state = "suppressed";

std::string quoted(std::string_view text) {
    std::string result = "\"";
    for (const char c : text) {
        result += c == '\n' ? "\\n" : c == '"' || c == '\\' ? std::string{'\\', c} : std::string{c};
    }
    return result + "\"";
}

std::vector<std::string> matchers_of(const AlertsQuestion& question, const Placeholders& names) {
    std::vector<std::string> matchers;
    for (const auto& [label, value] : question.labels) {
        matchers.push_back(label + "=" + quoted(fill_in(value, names)));
    }
    return matchers;
}

/// One that stays as it stands would match nothing, and so let everything pass.
std::string unknown_name(const AlertsQuestion& question, const Placeholders& names) {
    for (const auto& [label, value] : question.labels) {
        for (const auto& name : placeholders_in(value)) {
            if (fill_in(name, names) == name) {
                return name;
            }
        }
    }
    return "";
}

bool counts(const AlertsQuestion& question, const std::string& name) {
    return std::ranges::count(question.ignore, name) == 0;
}

FiringAlerts failed(FiringAlerts firing, const std::string& why) {
    firing.alerts.clear();
    firing.failure = one_line(why);
    return firing;
}

std::string since_of(const Value& alert) {
    const auto at = read_rfc3339(alert.text("/startsAt"));
    constexpr std::size_t to_the_second = 19;
    return at ? to_rfc3339(*at).substr(0, to_the_second) + "Z" : "";
}

/// Of an Alertmanager's list. Which alerts it is asked for stands in the request; one that does not
/// heed it is held to it.
bool is_meant(const AlertsQuestion& question, const Placeholders& names, const Value& alert) {
    const bool is_silent = alert.view("/status/state") == silent_state;
    if (is_silent && question.silenced == SilencedAlerts::ignore) {
        return false;
    }
    return std::ranges::all_of(question.labels, [&](const auto& label) {
        return alert.at("/labels").text("/" + label.first) == fill_in(label.second, names);
    });
}

/// It is what the API says that an alert is.
bool is_alert(const Value& item) {
    const auto& labels = item.members("/labels");
    const bool has_texts =
        std::ranges::all_of(labels, [](const auto& label) { return label.second.is_string(); });
    constexpr std::array states{"active", silent_state, "unprocessed"};
    return has_texts && !item.view("/labels/alertname").empty() &&
           std::ranges::count(states, item.view("/status/state")) > 0;
}

/// "HighErrors x2, Slow", the first few.
std::string names_text(const std::vector<FiringAlert>& alerts) {
    std::map<std::string, int> counted;
    for (const auto& alert : alerts) {
        ++counted[one_line(alert.name, longest_name)];
    }
    std::vector<std::string> names;
    for (const auto& [name, count] : counted) {
        names.push_back(name + (count == 1 ? "" : " x" + std::to_string(count)));
    }
    return first_few(names, ", ");
}

/// "HighErrors since 2026-11-30T01:02:03Z", the oldest first.
std::string times_text(std::vector<FiringAlert> alerts) {
    std::erase_if(alerts, [](const FiringAlert& alert) { return alert.since.empty(); });
    std::ranges::sort(alerts, {}, &FiringAlert::since);
    std::string text;
    for (std::size_t i = 0; i < std::min(alerts.size(), most_told); ++i) {
        text += (i == 0 ? "" : ", ") + one_line(alerts[i].name, longest_name) + " since " +
                alerts[i].since;
    }
    return text;
}

Value evidence_of(const FiringAlerts& firing) {
    constexpr std::size_t most_kept = 20;
    Value::Array list;
    for (std::size_t i = 0; i < std::min(firing.alerts.size(), most_kept); ++i) {
        const auto& alert = firing.alerts[i];
        list.push_back(
            Value::map({{"name", one_line(alert.name, longest_name)}, {"since", alert.since}})
        );
    }
    return Value::map({
        {"asked", firing.asked},
        {"firing", firing.alerts.size()},
        {"alerts", std::move(list)},
    });
}

}  // namespace

std::string selector_of(const AlertsQuestion& question, const Placeholders& names) {
    return join(matchers_of(question, names), ",");
}

std::string alerts_query(const AlertsQuestion& question, const Placeholders& names) {
    return "ALERTS{alertstate=\"firing\"," + selector_of(question, names) + "}";
}

HttpRequest alerts_request(const AlertsQuestion& question, const Placeholders& names) {
    const bool wants_silent = question.silenced == SilencedAlerts::count;
    const std::string silent = wants_silent ? "true" : "false";
    HttpRequest request;
    request.url = question.alertmanager;
    request.url.erase(request.url.find_last_not_of('/') + 1);
    request.url += "/api/v2/alerts?active=true&silenced=" + silent + "&inhibited=" + silent;
    for (const auto& matcher : matchers_of(question, names)) {
        request.url += "&filter=" + url_encode(matcher);
    }
    request.headers = {"Accept: application/json"};
    request.timeout = longest_gate_sample;
    request.connect_timeout = longest_gate_sample;
    request.most_bytes = most_bytes;
    return request;
}

FiringAlerts read_alerts(
    const AlertsQuestion& question, const Placeholders& names, const HttpAnswer& answer
) {
    FiringAlerts firing{selector_of(question, names)};
    if (answer.kind != HttpAnswer::Kind::answered) {
        return failed(firing, "Alertmanager: " + answer.failure);
    }
    if (answer.status != 200) {
        return failed(firing, "Alertmanager answers HTTP " + std::to_string(answer.status));
    }
    const auto list = documents::try_read_json(answer.body);
    if (!list || !list->is_array()) {
        return failed(firing, "Alertmanager's answer is no list of alerts");
    }
    for (const auto& item : list->items()) {
        if (!is_alert(item)) {
            return failed(firing, "Alertmanager's answer holds what is no alert");
        }
        const auto name = item.text("/labels/alertname");
        if (is_meant(question, names, item) && counts(question, name)) {
            firing.alerts.push_back({name, since_of(item)});
        }
    }
    return firing;
}

FiringAlerts read_alerts(
    const AlertsQuestion& question, const Placeholders& names, const MetricAnswer& answer
) {
    FiringAlerts firing{alerts_query(question, names)};
    if (answer.kind != MetricAnswer::Kind::series) {
        return failed(firing, answer.failure);
    }
    for (const auto& series : answer.series) {
        const auto name = series.labels.find(std::string(name_label));
        if (name == series.labels.end() || name->second.empty()) {
            return failed(firing, "the metrics source answers with an alert without a name");
        }
        if (counts(question, name->second)) {
            firing.alerts.push_back({name->second, ""});
        }
    }
    // A source that could ask only some of its own says so in a warning.
    if (firing.alerts.empty() && !answer.warnings.empty()) {
        return failed(firing, "the metrics source may not know all: " + answer.warnings.front());
    }
    return firing;
}

Verdict judge(const FiringAlerts& firing) {
    const auto evidence = evidence_of(firing);
    if (!firing.failure.empty()) {
        return {Answer::error, firing.failure, "nobody knows which alerts fire", "none", evidence};
    }
    if (firing.alerts.empty()) {
        return {Answer::pass, firing.asked, "no alert fires", "none", evidence};
    }
    const auto count = std::ssize(firing.alerts);
    const auto times = times_text(firing.alerts);
    return {
        Answer::fail,
        (times.empty() ? "" : times + "; ") + "of " + firing.asked,
        count_of(count, "alert") + (count == 1 ? " fires: " : " fire: ") +
            names_text(firing.alerts),
        "none",
        evidence,
    };
}

/// The count decides; of names only the first are stored.
std::optional<Verdict> judge_stored(const AlertsQuestion& /*question*/, const Value& evidence) {
    if (!evidence.has("/firing")) {
        return std::nullopt;
    }
    const auto count = evidence.number("/firing");
    FiringAlerts firing{evidence.text("/asked")};
    for (const auto& alert : evidence.items("/alerts")) {
        firing.alerts.push_back({alert.text("/name"), alert.text("/since")});
    }
    auto verdict = judge(firing);
    verdict.answer = count > 0 ? Answer::fail : Answer::pass;
    verdict.measured = count == std::ssize(firing.alerts) ? verdict.measured : "";
    return verdict;
}

Task<Verdict> sample(
    Outside outside, MetricsSource source, AlertsQuestion question, Placeholders names
) {
    if (const auto unknown = unknown_name(question, names); !unknown.empty()) {
        co_return judge(failed({""}, unknown + " of its labels is not known here"));
    }
    if (!question.alertmanager.empty()) {
        const auto request = alerts_request(question, names);
        const auto answer = co_await outside.http.send(request);
        co_return judge(read_alerts(question, names, answer));
    }
    const auto query = alerts_query(question, names);
    const auto answer = co_await outside.metrics.instant(source, query);
    co_return judge(read_alerts(question, names, answer));
}

Task<Verdict> AlertsGate::sample(Subjects subjects) {
    auto verdict = co_await gates::sample(outside_, source_, question_, subjects.names);
    co_return verdict;
}

}  // namespace deployctl::gates

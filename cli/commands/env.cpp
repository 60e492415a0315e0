// SPDX-License-Identifier: Apache-2.0
// env list, show, diff: what runs where, and how far behind. `env lock` has a file of its own.
#include "cli/commands/recovery_verbs.hpp"
#include "cli/commands/verbs.hpp"
#include "cli/deploy_file.hpp"
#include "cli/environment_facts.hpp"
#include "cli/environment_standing.hpp"
#include "cli/output/fields.hpp"
#include "cli/output/result.hpp"
#include "cli/targeting.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <ostream>

namespace deployctl::cli::commands {

namespace {

FactSource source_of(bool live) {
    return live ? FactSource::cluster : FactSource::journal;
}

/// As they are promoted, then those that are not, by name.
std::vector<Environment> in_order(const Configuration& configuration) {
    std::vector<Environment> all;
    for (const auto& [name, environment] : configuration.environments) {
        all.push_back(environment);
    }
    const auto rank = [&](const Environment& one) {
        const auto place = place_in_order(configuration, one.name);
        return place == 0 ? static_cast<int>(all.size()) + 1 : place;
    };
    std::ranges::stable_sort(all, {}, rank);
    return all;
}

std::vector<std::string> columns_of(bool live, bool wide) {
    std::vector<std::string> keys{"name", "version", "age", "behind", "locked"};
    if (live) {
        keys.insert(keys.begin() + 2, {"image", "pods"});
        keys.emplace_back("trouble");
    }
    keys.insert(keys.end(), {"context", "namespace", "strategy", "gates", "protected"});
    if (wide) {
        keys.insert(keys.end(), {"digest", "rollout"});
    }
    return keys;
}

/// To stderr: the table stays what it is for programs.
void warn(const Session& session, const Value& facts) {
    const auto words = facts.text("/warning");
    if (!words.empty()) {
        auto& terminal = session.terminal;
        terminal.err << sign(terminal.err_style, Sign::attention) << " " << printable(words) << "\n"
                     << std::flush;
    }
}

ExitCode list(bool live, Session& session) {
    const auto configuration = need_deploy_file(session.globals.place);
    Result result;
    Value::Array items;
    for (const auto& environment : in_order(configuration)) {
        items.push_back(facts_of(session, configuration, environment, source_of(live)));
        result.names.push_back(environment.name);
    }
    for (const auto& item : items) {
        warn(session, item);
    }
    result.value = Value::map({{"items", items}});
    result.text = [&](const Style& style) {
        return items.empty() ? std::string("no environments are configured\n")
                             : columns(items, columns_of(live, is_wide(session)), style);
    };
    print(session, result);
    return ExitCode::done;
}

ExitCode show_one(const std::string& name, bool live, Session& session) {
    const auto configuration = need_deploy_file(session.globals.place);
    auto place = session.globals.place;
    place.environment = name.empty() ? place.environment : name;
    const auto environment = choose_environment(configuration, place);
    Result result;
    result.value = facts_of(session, configuration, environment, source_of(live));
    result.names = {environment.name};
    result.text = [&result](const Style& style) { return fields(result.value, style); };
    print(session, result);
    return ExitCode::done;
}

struct DiffOptions {
    std::string one;
    std::string other;
    bool live = false;
    bool exit_code = false;
};

/// What differs between any two places says nothing.
bool is_told(const std::string& key) {
    constexpr std::array of_the_place{
        "name", "context", "namespace", "order", "since", "age", "rollout", "behind", "warning"
    };
    return std::ranges::none_of(of_the_place, [&](const char* one) { return key == one; });
}

Value facts_of_named(
    Session& session, const Configuration& configuration, const std::string& name, bool live
) {
    Place place = session.globals.place;
    place.environment = name;
    place.context.clear();
    place.kube_namespace.clear();
    const auto environment = choose_environment(configuration, place);
    return facts_of(session, configuration, environment, source_of(live));
}

/// What could not be asked does not count as the same.
void need_answers(const Value& facts, const std::string& name) {
    if (const auto trouble = facts.text("/trouble"); !trouble.empty()) {
        throw Error(
            ExitCode::tool_missing,
            "the cluster of " + name + " could not be asked: " + trouble,
            "without --live the journal is compared alone"
        );
    }
}

ExitCode diff(const DiffOptions& options, Session& session) {
    const auto configuration = need_deploy_file(session.globals.place);
    const auto one = facts_of_named(session, configuration, options.one, options.live);
    const auto other = facts_of_named(session, configuration, options.other, options.live);
    need_answers(one, options.one);
    need_answers(other, options.other);
    Value::Array items;
    Result result;
    for (const auto& [key, value] : one.members()) {
        const auto& there = other.at("/" + key);
        if (is_told(key) && value != there) {
            items.push_back(Value::map({{"what", key}, {"one", value}, {"other", there}}));
            result.names.push_back(key);
        }
    }
    result.value = Value::map({{"one", options.one}, {"other", options.other}, {"items", items}});
    result.text = [&](const Style& style) {
        if (items.empty()) {
            return printable(options.one) + " and " + printable(options.other) + " do not differ\n";
        }
        std::vector<std::vector<std::string>> rows{
            {"", printable(options.one), printable(options.other)}
        };
        for (const auto& item : items) {
            rows.push_back(
                {item.text("/what"), cell_text(item.at("/one")), cell_text(item.at("/other"))}
            );
        }
        return table(style, rows, Folding::none);
    };
    print(session, result);
    return options.exit_code && !items.empty() ? ExitCode::changes_pending : ExitCode::done;
}

}  // namespace

Run env_list(Form& form) {
    const auto live = std::make_shared<bool>(false);  // shared with the form's reader
    form.add_flag("--live", *live, "ask each environment's cluster, too");
    form.describe(
        "What was promoted where last, by the journal, and how far each is behind the one before "
        "it in promotion.order, or the one that it follows; more than its max_lag is a warning."
    );
    form.add_example("deployctl env list --live", "what runs where, and who has locked what");
    form.add_example("deployctl env list -o name", "their names");
    return [live](Session& session) { return list(*live, session); };
}

Run env_show(Form& form) {
    const auto name = std::make_shared<std::string>();  // shared with the form's readers
    const auto live = std::make_shared<bool>(false);
    form.add_optional_argument(
        "ENV", "the environment (default: as -e says, or the only one)", into(*name)
    );
    form.add_flag("--live", *live, "ask its cluster, too");
    form.add_example("deployctl env show production", "context, namespace, strategy, gates");
    return [name, live](Session& session) { return show_one(*name, *live, session); };
}

Run env_diff(Form& form) {
    const auto options = std::make_shared<DiffOptions>();  // shared with the form's readers
    form.add_argument("ENV", "the one environment", into(options->one));
    form.add_argument("OTHER", "the other one", into(options->other));
    form.add_flag("--live", options->live, "ask their clusters, too: image, pods, pod template");
    form.add_flag("--exit-code", options->exit_code, "exit code 3 where they differ");
    form.add_example("deployctl env diff staging production", "version, strategy, gates, ...");
    form.add_example("deployctl env diff production dr --live --exit-code", "in a check of dr");
    return [options](Session& session) { return diff(*options, session); };
}

}  // namespace deployctl::cli::commands

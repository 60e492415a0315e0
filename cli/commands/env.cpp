// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/verbs.hpp"
#include "cli/deploy_file.hpp"
#include "cli/output/fields.hpp"
#include "cli/output/result.hpp"
#include "cli/output/settings_json.hpp"
#include "cli/targeting.hpp"

#include <memory>

namespace deployctl::cli::commands {

namespace {

ExitCode list(Session& session) {
    const auto configuration = need_deploy_file(session.globals.place);
    Result result;
    Value::Array items;
    for (const auto& [name, environment] : configuration.environments) {
        items.push_back(to_value(environment, configuration));
        result.names.push_back(name);
    }
    result.value = Value::map({{"items", items}});
    result.text = [&items](const Style& style) {
        return items.empty()
                   ? std::string("no environments are configured\n")
                   : columns(
                         items,
                         {"name", "context", "namespace", "strategy", "gates", "protected"},
                         style
                     );
    };
    print(session, result);
    return ExitCode::done;
}

ExitCode show_one(Session& session, const std::string& name) {
    const auto configuration = need_deploy_file(session.globals.place);
    auto place = session.globals.place;
    place.environment = name.empty() ? place.environment : name;
    const auto environment = choose_environment(configuration, place);
    Result result;
    result.value = to_value(environment, configuration);
    result.names = {environment.name};
    result.text = [&result](const Style& style) { return fields(result.value, style); };
    print(session, result);
    return ExitCode::done;
}

}  // namespace

Run env_list(Form& form) {
    form.add_example("deployctl env list -o name", "their names");
    return list;
}

Run env_show(Form& form) {
    const auto name = std::make_shared<std::string>();  // shared with the form's reader
    form.add_optional_argument(
        "ENV", "the environment (default: as -e says, or the only one)", into(*name)
    );
    form.add_example("deployctl env show production", "context, namespace, strategy, gates");
    return [name](Session& session) { return show_one(session, *name); };
}

}  // namespace deployctl::cli::commands

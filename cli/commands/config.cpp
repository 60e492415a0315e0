// SPDX-License-Identifier: Apache-2.0
#include "cli/commands/verbs.hpp"
#include "cli/complaint.hpp"
#include "cli/deploy_file.hpp"
#include "cli/output/result.hpp"
#include "config/configuration.hpp"
#include "config/keys.hpp"
#include "documents/json.hpp"
#include "documents/yaml.hpp"
#include "documents/yaml_source.hpp"

#include <algorithm>
#include <memory>
#include <ostream>

namespace deployctl::cli::commands {

namespace {

Value to_value(const Diagnostic& diagnostic) {
    return Value::map({
        {"severity", diagnostic.severity == Severity::error ? "error" : "warning"},
        {"code", diagnostic.code},
        {"message", diagnostic.message},
        {"file", diagnostic.place.file},
        {"line", diagnostic.place.line},
        {"column", diagnostic.place.column},
        {"note", diagnostic.note},
        {"help", diagnostic.help},
        {"docs", diagnostic.docs},
    });
}

/// Mistakes go to the error output as everywhere; data has them too.
ExitCode validate(Session& session, const bool* strict) {
    const auto loaded = load_deploy_file(session.globals.place);
    const bool is_bad = has_errors(loaded.diagnostics) || (*strict && !loaded.diagnostics.empty());
    auto& terminal = session.terminal;
    terminal.err << draw(loaded.diagnostics, terminal.err_style);
    Result result;
    Value::Array items;
    for (const auto& diagnostic : loaded.diagnostics) {
        items.push_back(to_value(diagnostic));
    }
    const auto path = deploy_file(session.globals.place);
    result.value = Value::map({{"file", path}, {"valid", !is_bad}, {"items", std::move(items)}});
    result.text = [&](const Style& style) {
        return is_bad ? std::string()
                      : sign(style, Sign::done) + " " + printable(path) + " has no mistakes\n";
    };
    print(session, result);
    return is_bad ? ExitCode::usage : ExitCode::done;
}

struct ShowOptions {
    bool resolved = false;
};

ExitCode show_file(Session& session, const ShowOptions& options) {
    const auto configuration = need_deploy_file(session.globals.place);
    const auto text =
        options.resolved ? config::to_yaml(configuration) : config::to_short_yaml(configuration);
    Result result;
    result.value =
        documents::to_value(documents::read_yaml(documents::YamlSource(text, "deploy.yaml")).root);
    result.names = {configuration.app.name};
    result.text = [&text](const Style&) { return text; };
    print(session, result);
    return ExitCode::done;
}

ExitCode explain_key(Session& session, const std::string& path) {
    const auto page = config::explain(path);
    if (!page) {
        const auto similar = config::similar_keys(path);
        throw Error(
            ExitCode::usage,
            "no key `" + printable(path) + "`",
            similar.empty() ? "deployctl config explain lists them"
                            : "did you mean " + similar.front() + "?"
        );
    }
    Result result;
    if (path.empty()) {
        Value::Array items;
        for (const auto& key : config::all_keys()) {
            items.push_back(Value::map({
                {"key", std::string(key.path)},
                {"says", std::string(key.says)},
                {"supported", key.presence != config::Presence::later},
            }));
            result.names.emplace_back(key.path);
        }
        result.value = Value::map({{"items", std::move(items)}});
    } else {
        result.value = Value::map({{"key", path}, {"page", *page}});
        result.names = {path};
    }
    result.text = [&page](const Style&) { return *page + (page->ends_with('\n') ? "" : "\n"); };
    print(session, result);
    return ExitCode::done;
}

}  // namespace

Run config_validate(Form& form) {
    const auto strict = std::make_shared<bool>(false);  // shared with the form's reader
    form.add_flag("--strict", *strict, "warnings are mistakes too");
    form.describe(
        "Every mistake at once, with its place and what to write instead. Exit code 2 where there "
        "is one."
    );
    form.add_example("deployctl config validate -f deploy.yaml --strict", "in a CI job");
    return [strict](Session& session) { return validate(session, strict.get()); };
}

Run config_show(Form& form) {
    const auto options = std::make_shared<ShowOptions>();  // shared with the form's reader
    form.add_flag("--resolved", options->resolved, "with every default written out");
    form.add_example("deployctl config show --resolved", "what really applies");
    return [options](Session& session) { return show_file(session, *options); };
}

Run config_explain(Form& form) {
    const auto path = std::make_shared<std::string>();  // shared with the form's reader
    form.add_optional_argument("KEY", "such as gates.every (default: list all keys)", into(*path));
    form.add_example(
        "deployctl config explain gates.every", "what it means, takes and is by default"
    );
    return [path](Session& session) { return explain_key(session, *path); };
}

Run config_schema(Form& form) {
    form.add_example("deployctl config schema > deployctl.schema.json", "for an editor");
    return [](Session& session) {
        session.terminal.out << documents::write_json_indented(config::json_schema()) << "\n";
        return ExitCode::done;
    };
}

}  // namespace deployctl::cli::commands

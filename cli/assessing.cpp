// SPDX-License-Identifier: Apache-2.0
#include "cli/assessing.hpp"

#include "cli/live_assessment.hpp"
#include "cli/output/style.hpp"
#include "cli/version.hpp"
#include "documents/json.hpp"
#include "model/text.hpp"
#include "plugins/process/boost_process.hpp"
#include "plugins/system/disk_tree.hpp"
#include "readiness/categories.hpp"
#include "readiness/inputs/yaml_language.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

namespace deployctl::cli {

namespace {

constexpr std::size_t most_settings_bytes = 4U << 20U;
constexpr std::size_t most_record_bytes = 64U << 20U;

namespace files = std::filesystem;

std::string settings_path(const AssessScope& scope) {
    if (!scope.settings.empty()) {
        return scope.settings;
    }
    const auto usual = files::path(scope.path) / "assess.yaml";
    std::error_code failure;
    const auto status = files::symlink_status(usual, failure);
    if (files::is_symlink(status)) {
        // Whose settings they are is said by whoever asks, not by what is assessed.
        throw Error(
            ExitCode::usage,
            printable(usual.string()) + " is a link, and links of a folder are not followed",
            "name the file: --settings FILE"
        );
    }
    return files::is_regular_file(status) ? usual.string() : "";
}

readiness::LoadedSettings load_settings(const AssessScope& scope) {
    const auto path = settings_path(scope);
    readiness::LoadedSettings loaded;
    if (!path.empty()) {
        const auto text = read_named_file(path, "the settings", most_settings_bytes);
        loaded = readiness::read_settings(text, path);
    }
    if (has_errors(loaded.diagnostics)) {
        throw ConfigError(loaded.diagnostics);
    }
    return loaded;
}

void need_category(const std::string& category) {
    std::vector<std::string> known;
    for (const auto& one : readiness::categories) {
        known.emplace_back(one.id);
    }
    if (!category.empty() && std::ranges::find(known, category) == known.end()) {
        refuse_choice(category, "--category", known);
    }
}

void keep_category(readiness::RulePack& pack, const std::string& category) {
    if (!category.empty()) {
        std::erase_if(pack.rules, [&](const readiness::Rule& rule) {
            return rule.category != category;
        });
        pack.digest = documents::sha256_hex(pack.digest + " " + category);
    }
}

/// The program's own, and those of files that the settings name.
std::vector<readiness::RuleFile> rule_texts(
    const AssessScope& scope, const std::vector<std::string>& own_files
) {
    need_category(scope.category);
    auto rule_files = readiness::own_rule_files();
    const auto folder = files::path(settings_path(scope)).parent_path();
    const plugins::DiskTree tree(folder.empty() ? "." : folder.string());
    for (const auto& name : own_files) {
        auto text = tree.read(name, most_settings_bytes);
        const auto path = (folder / name).string();
        if (text.kind != SourceText::Kind::read) {
            throw Error(
                ExitCode::usage,
                "the rules of " + printable(path) + " cannot be read: " + text.failure,
                "check the name in `rules`, and who may read it; links are not followed"
            );
        }
        rule_files.push_back({path, std::move(text.text)});
    }
    return rule_files;
}

std::shared_ptr<const readiness::RulePack> pack_of(
    const AssessScope& scope, const std::vector<readiness::RuleFile>& texts
) {
    auto pack = std::make_shared<readiness::RulePack>(readiness::read_rules(texts));
    if (has_errors(pack->diagnostics)) {
        for (auto& mistake : pack->diagnostics) {
            mistake.code = mistake.code.empty() ? "rules" : mistake.code;
        }
        throw ConfigError(pack->diagnostics);
    }
    keep_category(*pack, scope.category);
    return pack;
}

}  // namespace

readiness::RenderTools render_tools(Process& process, const std::string& folder) {
    readiness::RenderTools tools;
    tools.process = &process;
    std::error_code failure;
    tools.base = files::absolute(folder, failure).lexically_normal().string();
    tools.kubectl = plugins::find_program("kubectl");
    tools.helm = plugins::find_program("helm");
    tools.unshare = plugins::find_program("unshare");
    tools.read = readiness::yaml_language().read;
    return tools;
}

readiness::AssessmentOrder order_of(AssessedFolder& folder, Process& process, Clock& clock) {
    readiness::AssessmentOrder order;
    order.pack = pack_of(folder.scope, folder.rules);
    order.settings = std::move(folder.settings.settings);
    order.tools = render_tools(process, folder.scope.path);
    order.tools.clock = &clock;
    order.now = clock.now();
    return order;
}

void add_scope_options(Form& form, AssessScope& scope) {
    form.add_option(
        "--settings",
        "FILE",
        "weights, minimum, waivers (default: assess.yaml in the folder)",
        into(scope.settings)
    );
    form.add_option(
        "--category", "CATEGORY", "only its checks: containers, network, ...", into(scope.category)
    );
    form.add_flag("--live", scope.live, "look at the cluster as well");
    form.add_flag("--no-waivers", scope.no_waivers, "as if nothing were waived");
}

std::string read_named_file(const std::string& path, const char* what, std::size_t most_bytes) {
    std::error_code failure;
    const bool is_file = files::is_regular_file(path, failure);
    std::ifstream file(path, std::ios::binary);
    if (!is_file || !file) {
        throw Error(
            ExitCode::usage,
            std::string(what) + " " + printable(path) + " cannot be read" +
                (failure   ? ": " + failure.message()
                 : is_file ? ""
                           : ": it is no file"),
            "check its name, and who may read it"
        );
    }
    // Piece by piece: most are small, and the most they may have is much.
    std::array<char, 1U << 16U> piece{};
    std::string text;
    while (file && text.size() <= most_bytes) {
        file.read(piece.data(), piece.size());
        text.append(piece.data(), static_cast<std::size_t>(file.gcount()));
    }
    if (text.size() > most_bytes) {
        throw Error(
            ExitCode::usage,
            std::string(what) + " " + printable(path) + " is larger than " +
                std::to_string(most_bytes >> 20U) + " MiB",
            "an assessment is smaller where it is of one folder in it, or of one --category"
        );
    }
    return text;
}

readiness::Recorded read_baseline(const std::string& path) {
    auto recorded =
        readiness::read_recorded(read_named_file(path, "the assessment", most_record_bytes));
    if (!recorded.trouble.empty()) {
        throw Error(
            ExitCode::usage,
            printable(path) + " is no assessment to compare with: " + recorded.trouble,
            "write one: deployctl assess -o json --out FILE"
        );
    }
    return recorded;
}

std::shared_ptr<const readiness::RulePack> rules_for(const AssessScope& scope) {
    return pack_of(scope, rule_texts(scope, load_settings(scope).rule_files));
}

readiness::ReportHead report_head(Session& session) {
    return {
        session.globals.place.app,
        session.globals.place.environment,
        version_number(),
        session.parts.clock().now(),
    };
}

AssessedFolder read_folder(const AssessScope& scope, const std::string& environment) {
    std::error_code failure;
    if (!files::exists(scope.path, failure)) {
        throw Error(ExitCode::usage, printable(scope.path) + " is not there", "name a folder");
    }
    AssessedFolder folder{scope, load_settings(scope), {}, {}};
    auto& settings = folder.settings.settings;
    settings.environment = environment;
    settings.minimum = scope.minimum.value_or(settings.minimum);
    if (settings.minimum < 0 || settings.minimum > 100) {
        throw Error(ExitCode::usage, "--min: a score lies between 0 and 100");
    }
    if (!scope.category.empty()) {
        settings.least_checks = 1;  // whoever asks for one category knows that it is a part
    }
    if (scope.no_waivers) {
        settings.waivers.clear();
    }
    folder.rules = rule_texts(scope, folder.settings.rule_files);
    const plugins::DiskTree tree(scope.path);
    folder.read = readiness::read_tree(tree, settings);
    return folder;
}

readiness::Assessment assess(Session& session, AssessedFolder folder) {
    auto* const parts = &session.parts;
    auto order = order_of(folder, parts->process(), parts->clock());
    if (folder.scope.live) {
        order.live = live_files(session);
    }
    return wait_for(session.parts, readiness::assess(std::move(folder.read), std::move(order)));
}

readiness::Assessment assess(Session& session, const AssessScope& scope) {
    return assess(session, read_folder(scope, session.globals.place.environment));
}

}  // namespace deployctl::cli

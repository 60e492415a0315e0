// SPDX-License-Identifier: Apache-2.0
#include "plugins/terraform/arguments.hpp"

namespace deployctl::plugins::terraform {

namespace {

std::string in(const std::string& dir) {
    return "-chdir=" + dir;
}

std::string patience(const StackSettings& settings) {
    return "-lock-timeout=" + to_text(settings.lock_timeout);
}

void add_variables(Arguments& arguments, const StackSettings& settings) {
    for (const auto& file : settings.var_files) {
        arguments.push_back("-var-file=" + file);
    }
}

}  // namespace

Arguments version_arguments() {
    return {"version", "-json"};
}

Arguments init_arguments(const StackSettings& settings, const std::string& dir) {
    Arguments arguments{in(dir), "init", "-input=false", "-no-color", "-reconfigure"};
    for (const auto& file : settings.backend_config) {
        arguments.push_back("-backend-config=" + file);
    }
    return arguments;
}

Arguments validate_arguments(const std::string& dir) {
    return {in(dir), "validate", "-json"};
}

Arguments workspace_arguments(const std::string& workspace, const std::string& dir) {
    return {in(dir), "workspace", "select", "-no-color", "-or-create=true", workspace};
}

Arguments plan_arguments(
    const StackSettings& settings, const std::string& dir, const std::string& plan_file
) {
    Arguments arguments{
        in(dir),
        "plan",
        "-input=false",
        "-json",
        "-detailed-exitcode",
        "-out=" + plan_file,
        patience(settings)
    };
    add_variables(arguments, settings);
    return arguments;
}

Arguments lock_question(const StackSettings& settings, const std::string& dir) {
    Arguments arguments{
        in(dir), "plan", "-input=false", "-json", "-refresh=false", "-lock-timeout=0s"
    };
    add_variables(arguments, settings);
    return arguments;
}

Arguments show_arguments(const std::string& dir, const std::string& plan_file) {
    return {in(dir), "show", "-json", "-no-color", plan_file};
}

Arguments apply_arguments(
    const StackSettings& settings, const std::string& dir, const std::string& plan_file
) {
    return {in(dir), "apply", "-input=false", "-json", patience(settings), plan_file};
}

Arguments state_pull_arguments(const std::string& dir) {
    return {in(dir), "state", "pull"};
}

Arguments state_push_arguments(
    const StackSettings& settings, const std::string& dir, const std::string& state_file
) {
    return {in(dir), "state", "push", patience(settings), state_file};
}

Arguments force_unlock_arguments(const std::string& dir, const std::string& lock_id) {
    return {in(dir), "force-unlock", "-force", "-no-color", lock_id};
}

Arguments output_arguments(const std::string& dir) {
    return {in(dir), "output", "-json", "-no-color"};
}

}  // namespace deployctl::plugins::terraform

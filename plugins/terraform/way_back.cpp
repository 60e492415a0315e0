// SPDX-License-Identifier: Apache-2.0
#include "plugins/terraform/way_back.hpp"

#include "plugins/terraform/root_module.hpp"
#include "plugins/terraform/stack_folder.hpp"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <vector>

namespace deployctl::plugins::terraform {

namespace {

bool leads_up(const std::string& file) {
    return std::filesystem::path(file).lexically_normal().string().starts_with("..");
}

/// What is read from elsewhere is not what it was before.
bool is_outside(const std::string& file) {
    return std::filesystem::path(file).is_absolute() || leads_up(file);
}

}  // namespace

std::string trouble_with_going_back(const StackSettings& settings, const std::string& notes) {
    if (has_local_path(notes)) {
        return "keeps its state in a file of its own place (`path` of backend \"local\"), which a "
               "copy of " +
               settings.dir + " does not find";
    }
    if (const auto missing = missing_in_a_copy(settings.dir); !missing.empty()) {
        return missing + ": a copy of " + settings.dir + " is not all of it";
    }
    std::vector<std::string> outside;
    std::ranges::copy_if(settings.var_files, std::back_inserter(outside), is_outside);
    std::ranges::copy_if(settings.backend_config, std::back_inserter(outside), leads_up);
    if (outside.empty()) {
        return "";
    }
    return "reads " + outside.front() + ", which a copy of " + settings.dir + " has not in it";
}

}  // namespace deployctl::plugins::terraform

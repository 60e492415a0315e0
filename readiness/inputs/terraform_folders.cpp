// SPDX-License-Identifier: Apache-2.0
#include "readiness/inputs/terraform_folders.hpp"

#include "documents/hcl.hpp"

#include <algorithm>
#include <array>

namespace deployctl::readiness {

namespace {

constexpr std::string_view here = ".";

std::string_view base_of(std::string_view path) {
    return path.substr(path.rfind('/') + 1);
}

/// "production" of "envs/production.tfvars", and of "production/terraform.tfvars".
std::string_view stem_of_values(std::string_view path) {
    const auto base = base_of(path);
    const auto stem = base.substr(0, base.find('.'));
    return stem == "terraform" ? base_of(folder_of_terraform(path)) : stem;
}

bool is_automatic(std::string_view path) {
    return base_of(path) == "terraform.tfvars" || path.ends_with(".auto.tfvars");
}

/// The nearest folder above that holds Terraform.
TerraformFolder* nearest(TerraformFolders& folders, std::string_view path) {
    while (true) {
        const auto found = folders.find(path);
        if (found != folders.end()) {
            return &found->second;
        }
        if (path == here) {
            return nullptr;
        }
        path = folder_of_terraform(path);
    }
}

TerraformVariant& variant(TerraformFolder& folder, const std::string& environment) {
    const auto found = std::find_if(
        folder.variants.begin(),
        folder.variants.end(),
        [&](const TerraformVariant& one) { return one.environment == environment; }
    );
    return found == folder.variants.end()
               ? folder.variants.emplace_back(TerraformVariant{environment, {}})
               : *found;
}

void add_values(TerraformFolders& folders, const AssessedFile& file) {
    const auto folder_path = folder_of_terraform(file.path);
    auto* const folder = nearest(folders, folder_path);
    if (folder == nullptr) {
        return;
    }
    const auto environment = environment_named(stem_of_values(file.path));
    if (folder->path == folder_path && is_automatic(file.path)) {
        folder->automatic.push_back(&file);
    } else if (environment.empty()) {
        folder->other_values.push_back(&file);
    } else {
        variant(*folder, environment).values.push_back(&file);
    }
}

void mark_called(TerraformFolders& folders) {
    for (auto& [path, folder] : folders) {
        for (const auto* file : folder.files) {
            for (const auto& module : blocks_of(*file, "module")) {
                const auto found = folders.find(called_folder(path, module.text_at("source")));
                if (found != folders.end() && found->first != path) {
                    found->second.is_called = true;
                }
            }
        }
    }
}

}  // namespace

std::string_view folder_of_terraform(std::string_view path) {
    const auto slash = path.rfind('/');
    return slash == path.npos ? here : path.substr(0, slash);
}

std::string environment_named(std::string_view path) {
    static constexpr std::array<std::string_view, 17> names = {
        "production",
        "prod",
        "prd",
        "live",
        "staging",
        "stage",
        "stg",
        "preprod",
        "uat",
        "test",
        "tests",
        "qa",
        "sandbox",
        "development",
        "dev",
        "dr",
        "preview"
    };
    const auto name = base_of(path);
    return std::find(names.begin(), names.end(), name) == names.end() ? std::string()
                                                                      : std::string(name);
}

std::string called_folder(std::string_view caller, std::string_view source) {
    if (!source.starts_with("./") && !source.starts_with("../")) {
        return {};
    }
    std::vector<std::string_view> parts;
    const auto follow = [&parts](std::string_view path) {
        while (!path.empty()) {
            const auto slash = std::min(path.find('/'), path.size());
            const auto part = path.substr(0, slash);
            path.remove_prefix(std::min(slash + 1, path.size()));
            if (part == "..") {
                if (parts.empty()) {
                    return false;
                }
                parts.pop_back();
            } else if (!part.empty() && part != here) {
                parts.push_back(part);
            }
        }
        return true;
    };
    if (!follow(caller) || !follow(source)) {
        return {};
    }
    std::string path;
    for (const auto part : parts) {
        path += (path.empty() ? "" : "/") + std::string(part);
    }
    return path.empty() ? std::string(here) : path;
}

TerraformFolders read_terraform_folders(FileList files) {
    TerraformFolders folders;
    for (const auto* file : files) {
        if (file->path.ends_with(".tf")) {
            const std::string path(folder_of_terraform(file->path));
            auto& folder = folders[path];
            folder.path = path;
            folder.files.push_back(file);
        }
    }
    for (const auto* file : files) {
        if (file->path.ends_with(".tfvars")) {
            add_values(folders, *file);
        } else if (file->path.ends_with(".terraform.lock.hcl")) {
            const auto found = folders.find(folder_of_terraform(file->path));
            if (found != folders.end()) {
                found->second.lock = file;
            }
        }
    }
    mark_called(folders);
    return folders;
}

std::span<const documents::Node> blocks_of(const AssessedFile& file, std::string_view type) {
    if (file.tree.roots().empty()) {
        return {};
    }
    const auto* const entry = file.tree.roots().front().find(type);
    return entry == nullptr ? std::span<const documents::Node>() : entry->value.items;
}

std::string_view label_of(const documents::Node& block, std::size_t number) {
    const auto* const labels = block.find(documents::hcl_labels);
    return labels != nullptr && number < labels->value.items.size()
               ? labels->value.items[number].text
               : std::string_view();
}

}  // namespace deployctl::readiness

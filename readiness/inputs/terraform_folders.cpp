// SPDX-License-Identifier: Apache-2.0
#include "readiness/inputs/terraform_folders.hpp"

#include "documents/hcl.hpp"
#include "readiness/inputs/environment_names.hpp"
#include "readiness/inputs/paths.hpp"
#include "readiness/kustomize.hpp"

#include <algorithm>
#include <array>

namespace deployctl::readiness {

namespace {

constexpr std::string_view here = ".";

bool is_automatic(std::string_view path) {
    return base_name(path) == "terraform.tfvars" || path.ends_with(".auto.tfvars");
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
    const auto below = folder->path == here ? 0 : folder->path.size() + 1;
    folder->is_whole = folder->is_whole && file.trouble.what.empty();
    const auto environment = environment_of_path(std::string_view(file.path).substr(below));
    if (folder->path == folder_path && is_automatic(file.path)) {
        folder->given.automatic.push_back(&file);
    } else if (environment.empty()) {
        folder->given.others.push_back(&file);
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
    const auto folder = folder_of(path);
    return folder.empty() ? here : folder;
}

std::string environment_of_folder(std::string_view folder) {
    return environment_of_path(std::string(folder) + "/main.tf");
}

std::string called_folder(std::string_view caller, std::string_view source) {
    if (!source.starts_with("./") && !source.starts_with("../")) {
        return {};
    }
    const auto path = joined_path(caller == here ? "" : caller, source);
    if (!path) {
        return {};
    }
    return path->empty() ? std::string(here) : *path;
}

bool is_terraform_backend(std::string_view path) {
    return path.ends_with(".tfbackend") || path.ends_with(".backend.hcl") ||
           (path.ends_with(".hcl") && base_name(path).starts_with("backend"));
}

TerraformFolders read_terraform_folders(FileList files) {
    TerraformFolders folders;
    for (const auto* file : files) {
        if (file->path.ends_with(".tf")) {
            const std::string path(folder_of_terraform(file->path));
            auto& folder = folders[path];
            folder.path = path;
            folder.files.push_back(file);
            folder.is_whole = folder.is_whole && file->trouble.what.empty();
        }
    }
    for (const auto* file : files) {
        if (is_terraform_backend(file->path)) {
            if (auto* folder = nearest(folders, folder_of_terraform(file->path))) {
                folder->given.backends.push_back(file);
                folder->is_whole = folder->is_whole && file->trouble.what.empty();
            }
        } else if (file->path.ends_with(".tfvars")) {
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

bool TerraformVariant::is_whole() const {
    return std::ranges::all_of(values, [](const AssessedFile* file) {
        return file->trouble.what.empty();
    });
}

bool TerraformFolder::is_root() const {
    static constexpr std::array<std::string_view, 7> libraries = {
        "modules", "module", "examples", "example", "tests", "test", "fixtures"
    };
    const auto parts = parts_of(path);
    return !is_called && std::ranges::none_of(parts, [](std::string_view part) {
        return std::ranges::find(libraries, part) != libraries.end();
    });
}

std::span<const documents::NodeEntry> entries_of(const AssessedFile& file) {
    return file.tree.roots().empty() ? std::span<const documents::NodeEntry>()
                                     : file.tree.roots().front().entries;
}

std::span<const documents::Node> blocks_of(const AssessedFile& file, std::string_view type) {
    const auto entries = entries_of(file);
    const auto found = std::ranges::find(entries, type, &documents::NodeEntry::key);
    return found == entries.end() ? std::span<const documents::Node>() : found->value.items;
}

std::string_view label_of(const documents::Node& block, std::size_t number) {
    const auto* const labels = block.find(documents::hcl_labels);
    return labels != nullptr && number < labels->value.items.size()
               ? labels->value.items[number].text
               : std::string_view();
}

}  // namespace deployctl::readiness

// SPDX-License-Identifier: Apache-2.0
// The folders of a repository that hold Terraform: each is a module, and those that no other calls
// are roots. Which values files belong to which, and to which environment. Looks at the files and
// does not own them. One thread.
#pragma once

#include "readiness/facts.hpp"
#include "readiness/input.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace deployctl::readiness {

/// Values that a root gets in one environment: "envs/production.tfvars".
struct TerraformVariant {
    std::string environment;
    std::vector<const AssessedFile*> values;

    bool is_whole() const;
};

struct TerraformGiven {
    std::vector<const AssessedFile*> automatic;  ///< values that are read whatever is asked for
    /// Values of no environment, named by hand: what they set is not known.
    std::vector<const AssessedFile*> others;
    std::vector<const AssessedFile*> backends;  ///< "prod.tfbackend"
};

struct TerraformFolder {
    std::string path;  ///< "." for the uppermost
    std::vector<const AssessedFile*> files;
    TerraformGiven given;
    std::vector<TerraformVariant> variants;
    const AssessedFile* lock = nullptr;
    bool is_called = false;  ///< by another folder's `module`
    bool is_whole = true;    ///< all of its files could be read

    /// A root that is used: no module, no example.
    bool is_root() const;
};

using TerraformFolders = std::map<std::string, TerraformFolder, std::less<>>;

/// Of all files, also of those that could not be read.
TerraformFolders read_terraform_folders(FileList files);

/// "infra" and "../modules/db" are "modules/db"; empty where it is no folder of the repository.
std::string called_folder(std::string_view caller, std::string_view source);

/// By name: of settings that complete a backend.
bool is_terraform_backend(std::string_view path);
/// Of "infra/main.tf" it is "infra".
std::string_view folder_of_terraform(std::string_view path);
/// "production" of "infra/prod"; empty: of none.
std::string environment_of_folder(std::string_view folder);

/// Of a file that could not be read there is none.
std::span<const documents::NodeEntry> entries_of(const AssessedFile& file);
std::span<const documents::Node> blocks_of(const AssessedFile& file, std::string_view type);
std::string_view label_of(const documents::Node& block, std::size_t number);

}  // namespace deployctl::readiness

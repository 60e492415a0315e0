// SPDX-License-Identifier: Apache-2.0
#include "plugins/terraform/root_module.hpp"

#include "documents/json.hpp"
#include "model/text.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string_view>
#include <vector>

namespace deployctl::plugins::terraform {

namespace fs = std::filesystem;

namespace {

constexpr std::uintmax_t most_copied = 64UL << 20U;
constexpr std::array not_the_module{".terraform", ".git"};
constexpr const char* provider_lock = ".terraform.lock.hcl";

bool is_left_out(const std::string& name) {
    return std::ranges::count(not_the_module, std::string_view(name)) > 0 ||
           name.find(".tfstate") != std::string::npos || name.ends_with(".lock.info") ||
           name.ends_with(".tfplan") || (name.starts_with("crash.") && name.ends_with(".log"));
}

bool configures(const std::string& name) {
    constexpr std::array endings{
        ".tf", ".tf.json", ".tofu", ".tofu.json", ".tfvars", ".tfvars.json", ".tftpl"
    };
    return std::ranges::any_of(endings, [&name](const char* ending) {
        return name.ends_with(ending);
    });
}

/// `backend "local"` keeps it under any name.
bool is_state(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::string head(512, '\0');
    file.read(head.data(), static_cast<std::streamsize>(head.size()));
    return head.starts_with('{') && head.find("\"serial\"") != std::string::npos &&
           head.find("\"lineage\"") != std::string::npos;
}

/// Notes of deployctl on a stack, where the journal lies beside the module.
bool is_of_notes(const fs::path& dir) {
    std::error_code ignored;
    return fs::is_directory(dir / "copies", ignored) && fs::is_directory(dir / "before", ignored) &&
           fs::is_directory(dir / "data", ignored);
}

struct ModuleFiles {
    std::vector<fs::path> files;  ///< relative to the folder, sorted, as are the links
    std::vector<fs::path> links;
};

ModuleFiles files_of(const fs::path& dir) {
    ModuleFiles found;
    std::error_code failure;
    fs::recursive_directory_iterator walk(dir, failure);
    for (; walk != fs::recursive_directory_iterator(); walk.increment(failure)) {
        const auto name = walk->path().filename().string();
        if (is_left_out(name) || is_of_notes(walk->path())) {
            walk.disable_recursion_pending();
            continue;
        }
        const auto path = walk->path().lexically_relative(dir);
        if (walk->is_symlink(failure)) {
            found.links.push_back(path);
        } else if (walk->is_regular_file(failure) && !is_state(walk->path())) {
            found.files.push_back(path);
        }
    }
    std::ranges::sort(found.files);
    std::ranges::sort(found.links);
    return found;
}

std::string text_of(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::stringstream content;
    content << file.rdbuf();
    return content.str();
}

/// Of one that is longer than a piece: the hash of the hashes of its pieces.
std::string hash_of_file(const fs::path& path) {
    constexpr std::size_t piece_size = 1UL << 20U;
    std::ifstream file(path, std::ios::binary);
    std::string piece(piece_size, '\0');
    std::vector<std::string> hashes;
    do {
        file.read(piece.data(), static_cast<std::streamsize>(piece.size()));
        const auto size = static_cast<std::size_t>(file.gcount());
        hashes.push_back(documents::sha256_hex(std::string_view(piece).substr(0, size)));
    } while (file);
    return hashes.size() == 1 ? hashes.front() : documents::sha256_hex(join(hashes, "\n"));
}

/// A path that leaves the folder, or a module that is not in it.
bool leads_outside(const std::string& text) {
    for (const auto* path : {"\"../", "/../"}) {
        if (text.find(path) != std::string::npos) {
            return true;
        }
    }
    for (auto at = text.find("source"); at != std::string::npos; at = text.find("source", at + 1)) {
        const auto line = std::string_view(text).substr(at, text.find('\n', at) - at);
        const auto quote = line.find('"');
        if (quote != std::string_view::npos && line.substr(quote + 1).starts_with("/")) {
            return true;
        }
    }
    return false;
}

void make_private_folder(const fs::path& path) {
    std::error_code ignored;
    fs::create_directories(path, ignored);
    fs::permissions(path, fs::perms::owner_all, ignored);
}

bool copy_private(const fs::path& from, const fs::path& to) {
    std::error_code failure;
    fs::copy_file(from, to, fs::copy_options::overwrite_existing, failure);
    if (failure) {
        return false;
    }
    const auto others = fs::perms::group_all | fs::perms::others_all;
    fs::permissions(to, others, fs::perm_options::remove, failure);
    return !failure;
}

}  // namespace

std::string hash_of_module(const std::string& dir) {
    const auto root = fs::path(dir);
    const auto found = files_of(root);
    std::string all;
    for (const auto& file : found.files) {
        if (file.filename() != provider_lock) {
            all += file.string() + "\n" + hash_of_file(root / file) + "\n";
        }
    }
    for (const auto& link : found.links) {
        std::error_code ignored;
        const auto target = root / link;
        all += link.string() + " -> " + fs::read_symlink(target, ignored).string() + "\n";
        all += fs::is_regular_file(target, ignored) ? hash_of_file(target) + "\n" : "";
    }
    return all.empty() ? "" : documents::sha256_hex(all);
}

std::string missing_in_a_copy(const std::string& dir) {
    const auto found = files_of(dir);
    if (!found.links.empty()) {
        return "has links in it (" + found.links.front().string() + ")";
    }
    for (const auto& file : found.files) {
        if (configures(file.filename().string()) && leads_outside(text_of(fs::path(dir) / file))) {
            return "uses modules or files outside of it (" + file.string() + ")";
        }
    }
    return "";
}

bool copy_module(const std::string& dir, const std::string& hash, const std::string& copy) {
    const auto root = fs::path(dir);
    std::error_code failure;
    if (fs::exists(copy)) {
        const bool has_lock = fs::exists(root / provider_lock);
        return !has_lock || copy_private(root / provider_lock, fs::path(copy) / provider_lock);
    }
    const fs::path half = copy + ".half";
    fs::remove_all(half, failure);
    make_private_folder(half);
    const auto found = files_of(root);
    bool is_whole = found.links.empty();
    std::uintmax_t bytes = 0;
    for (const auto& file : found.files) {
        bytes += fs::file_size(root / file, failure);
        is_whole = is_whole && !failure && bytes <= most_copied;
        if (!is_whole) {
            break;
        }
        make_private_folder((half / file).parent_path());
        is_whole = copy_private(root / file, half / file);
    }
    // half a module, or another one, would plan to destroy the rest
    if (!is_whole || hash_of_module(half.string()) != hash) {
        fs::remove_all(half, failure);
        return false;
    }
    fs::rename(half, copy, failure);
    return !failure;
}

bool stage_copy(const std::string& copy, const std::string& dir, const std::string& stage) {
    std::error_code failure;
    fs::remove_all(stage, failure);
    fs::copy(copy, stage, fs::copy_options::recursive, failure);
    if (failure) {
        return false;
    }
    make_private_folder(stage);
    const auto root = fs::absolute(dir);
    for (const auto* name : {"terraform.tfstate", "terraform.tfstate.d"}) {
        fs::create_symlink(root / name, fs::path(stage) / name, failure);
    }
    return !failure;
}

}  // namespace deployctl::plugins::terraform

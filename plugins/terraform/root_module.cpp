// SPDX-License-Identifier: Apache-2.0
#include "plugins/terraform/root_module.hpp"

#include "documents/json.hpp"

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
constexpr std::array not_the_module{".terraform", ".git", "crash.log"};

bool is_left_out(const std::string& name) {
    return std::ranges::count(not_the_module, std::string_view(name)) > 0 ||
           name.starts_with("terraform.tfstate") || name.starts_with(".terraform.tfstate") ||
           name.starts_with("errored.tfstate") || name.ends_with(".tfplan");
}

bool configures(const std::string& name) {
    constexpr std::array endings{
        ".tf", ".tf.json", ".tofu", ".tofu.json", ".tfvars", ".tfvars.json", ".tftpl"
    };
    return std::ranges::any_of(endings, [&name](const char* ending) {
        return name.ends_with(ending);
    });
}

/// By path, relative to the folder.
std::vector<fs::path> files_of(const fs::path& dir) {
    std::vector<fs::path> files;
    std::error_code failure;
    fs::recursive_directory_iterator walk(dir, failure);
    for (; walk != fs::recursive_directory_iterator(); walk.increment(failure)) {
        const auto name = walk->path().filename().string();
        if (is_left_out(name)) {
            walk.disable_recursion_pending();
            continue;
        }
        if (walk->is_regular_file(failure) && !walk->is_symlink(failure)) {
            files.push_back(walk->path().lexically_relative(dir));
        }
    }
    std::ranges::sort(files);
    return files;
}

std::string text_of(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::stringstream content;
    content << file.rdbuf();
    return content.str();
}

void make_private_folder(const fs::path& path) {
    std::error_code ignored;
    fs::create_directories(path, ignored);
    fs::permissions(path, fs::perms::owner_all, ignored);
}

}  // namespace

std::string hash_of_module(const std::string& dir) {
    std::string all;
    for (const auto& file : files_of(dir)) {
        if (configures(file.filename().string())) {
            all +=
                file.string() + "\n" + documents::sha256_hex(text_of(fs::path(dir) / file)) + "\n";
        }
    }
    return all.empty() ? "" : documents::sha256_hex(all);
}

bool has_modules_outside(const std::string& dir) {
    return std::ranges::any_of(files_of(dir), [&dir](const fs::path& file) {
        if (!configures(file.filename().string())) {
            return false;
        }
        const auto text = text_of(fs::path(dir) / file);
        for (auto at = text.find("source"); at != std::string::npos;
             at = text.find("source", at + 1)) {
            const auto line = std::string_view(text).substr(at, text.find('\n', at) - at);
            const auto quote = line.find('"');
            const auto rest = quote == std::string_view::npos ? "" : line.substr(quote + 1);
            if (rest.starts_with("../")) {
                return true;
            }
        }
        return false;
    });
}

bool copy_module(const std::string& dir, const std::string& copy) {
    if (fs::exists(copy)) {
        return true;
    }
    const fs::path half = copy + ".half";
    std::error_code failure;
    fs::remove_all(half, failure);
    make_private_folder(half);
    std::uintmax_t bytes = 0;
    for (const auto& file : files_of(dir)) {
        const auto from = fs::path(dir) / file;
        bytes += fs::file_size(from, failure);
        if (failure || bytes > most_copied) {
            fs::remove_all(half, failure);
            return false;
        }
        make_private_folder((half / file).parent_path());
        fs::copy_file(from, half / file, failure);
        if (failure) {  // half a module would plan to destroy the rest
            std::error_code ignored;
            fs::remove_all(half, ignored);
            return false;
        }
        fs::permissions(
            half / file,
            fs::perms::group_all | fs::perms::others_all,
            fs::perm_options::remove,
            failure
        );
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

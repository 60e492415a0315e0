// SPDX-License-Identifier: Apache-2.0
#include "readiness/walk.hpp"

#include "documents/yaml_source.hpp"
#include "readiness/input.hpp"
#include "readiness/inputs/paths.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace deployctl::readiness {

namespace {

struct KnownFolder {
    std::string_view name;
    std::string_view why;
};

constexpr std::array known_folders = {
    KnownFolder{".git", "the history of the repository"},
    KnownFolder{".hg", "the history of the repository"},
    KnownFolder{".svn", "the history of the repository"},
    KnownFolder{".terraform", "what terraform has downloaded"},
    KnownFolder{".tox", "what python tools have made"},
    KnownFolder{".venv", "packages of others"},
    KnownFolder{"__pycache__", "what python tools have made"},
    KnownFolder{"node_modules", "packages of others"},
    KnownFolder{"vendor", "packages of others"},
    KnownFolder{"venv", "packages of others"},
};

/// In time that grows with the product of both lengths, whatever the pattern.
bool matches(std::string_view text, std::string_view pattern) {
    std::size_t at = 0;
    std::size_t in_pattern = 0;
    std::size_t star = pattern.npos;
    std::size_t taken_by_star = 0;
    while (at < text.size()) {
        const bool goes_on = in_pattern < pattern.size();
        if (goes_on && pattern[in_pattern] == '*') {
            star = in_pattern++;
            taken_by_star = at;
        } else if (goes_on && (pattern[in_pattern] == '?' || pattern[in_pattern] == text[at])) {
            ++at;
            ++in_pattern;
        } else if (star != pattern.npos) {
            in_pattern = star + 1;
            at = ++taken_by_star;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', in_pattern) == pattern.npos;
}

bool is_excluded_by(std::string_view path, std::string_view pattern) {
    while (pattern.starts_with("./")) {
        pattern.remove_prefix(2);
    }
    while (pattern.ends_with('/')) {
        pattern.remove_suffix(1);
    }
    const bool is_name = pattern.find('/') == pattern.npos;
    return !pattern.empty() && (matches(path, pattern) ||
                                (is_name && matches(path.substr(path.rfind('/') + 1), pattern)));
}

bool is_text(std::string_view name) {
    return !documents::find_bad_character(name) && name.find_first_of("\t\r\n") == name.npos;
}

std::string escaped(std::string_view path) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string text;
    for (const char byte : path) {
        const auto number = static_cast<unsigned char>(byte);
        if (number >= 0x20 && number < 0x7F) {
            text += byte;
        } else {
            text += {'\\', 'x', digits[number >> 4U], digits[number & 15U]};
        }
    }
    return text;
}

class Walker {
public:
    Walker(const SourceTree& tree, const Settings& settings) : tree_(tree), settings_(settings) {}

    Walk walk() {
        folders_.push_back({"", 0});
        while (!folders_.empty()) {
            const auto folder = std::move(folders_.back());
            folders_.pop_back();
            look_into(folder);
        }
        std::ranges::sort(walk_.files, {}, &WalkedFile::path);
        for (auto& link : links_) {
            auto& where = hides_something(link) ? walk_.unreadable : walk_.skipped;
            where.push_back({std::move(link.path), "a link, which is not followed"});
        }
        std::ranges::sort(walk_.skipped, {}, &LeftOut::path);
        std::ranges::sort(walk_.unreadable, {}, &LeftOut::path);
        return std::move(walk_);
    }

private:
    struct Folder {
        std::string path;
        std::size_t depth = 0;
    };

    struct Link {
        std::string path;
        std::string target;
    };

    /// By its name somebody would read it, and what it leads to is read nowhere.
    bool hides_something(const Link& link) const {
        const auto is_named = std::ranges::any_of(all_languages(), [&](const Language& language) {
            return language.recognises(link.path, {});
        });
        const auto target = joined_path(folder_of(link.path), link.target);
        return is_named &&
               (!target || !std::ranges::binary_search(walk_.files, *target, {}, &WalkedFile::path)
               );
    }

    void look_into(const Folder& folder) {
        auto answer = tree_.list(folder.path);
        const auto shown = folder.path.empty() ? "." : folder.path;
        if (!answer.failure.empty()) {
            walk_.unreadable.push_back({shown, std::move(answer.failure)});
        }
        // In the order of names, so that it does not depend on the disk what a limit cuts off.
        std::ranges::sort(answer.entries, std::ranges::greater(), &FolderEntry::name);
        for (auto& entry : answer.entries) {
            if (++entries_ > WalkLimits::entries) {
                const auto limit = std::to_string(WalkLimits::entries);
                walk_.unreadable.push_back({shown, "more than " + limit + " files and folders"});
                folders_.clear();
                return;
            }
            auto path = folder.path.empty() ? entry.name : folder.path + "/" + entry.name;
            take(entry, std::move(path), folder.depth + 1);
        }
    }

    void take(const FolderEntry& entry, std::string path, std::size_t depth) {
        if (!is_text(entry.name)) {
            walk_.unreadable.push_back({escaped(path), "a name that is no text"});
        } else if (auto why = reason_to_skip(entry, path)) {
            walk_.skipped.push_back({std::move(path), std::move(*why)});
        } else if (entry.kind == FolderEntry::Kind::link) {
            links_.push_back({std::move(path), entry.target});
        } else if (entry.kind == FolderEntry::Kind::file) {
            walk_.files.push_back({std::move(path), entry.bytes});
        } else if (depth > WalkLimits::depth) {
            const auto limit = std::to_string(WalkLimits::depth);
            walk_.unreadable.push_back({std::move(path), "more than " + limit + " folders deep"});
        } else {
            folders_.push_back({std::move(path), depth});
        }
    }

    std::optional<std::string> reason_to_skip(const FolderEntry& entry, std::string_view path)
        const {
        if (is_excluded(path, settings_.exclude)) {
            return std::string(excluded_by_settings);
        }
        switch (entry.kind) {
            case FolderEntry::Kind::other: return "no ordinary file";
            case FolderEntry::Kind::link:
            case FolderEntry::Kind::file: return std::nullopt;
            case FolderEntry::Kind::folder: break;
        }
        const auto* const known = std::ranges::find(known_folders, entry.name, &KnownFolder::name);
        return known == known_folders.end() ? std::nullopt : std::optional(std::string(known->why));
    }

    const SourceTree& tree_;
    const Settings& settings_;
    std::vector<Folder> folders_;
    std::vector<Link> links_;
    std::size_t entries_ = 0;
    Walk walk_;
};

}  // namespace

bool is_excluded(std::string_view path, const std::vector<std::string>& patterns) {
    return std::ranges::any_of(patterns, [&](const std::string& pattern) {
        return is_excluded_by(path, pattern);
    });
}

Walk walk(const SourceTree& tree, const Settings& settings) {
    return Walker(tree, settings).walk();
}

}  // namespace deployctl::readiness

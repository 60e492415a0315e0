// SPDX-License-Identifier: Apache-2.0
#include "readiness/reading.hpp"

#include "documents/json.hpp"
#include "readiness/input.hpp"
#include "readiness/kustomize.hpp"
#include "readiness/recognition.hpp"
#include "readiness/side_by_side.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace deployctl::readiness {

namespace {

enum class Interest { none, digest, by_text, by_name };

bool is_recognised(std::string_view path, std::string_view text) {
    const auto languages = all_languages();
    return std::any_of(languages.begin(), languages.end(), [&](const Language& language) {
        return language.recognises(path, text);
    });
}

Interest interest_in(std::string_view path) {
    if (is_recognised(path, {})) {
        return Interest::by_name;
    }
    const auto name = path.substr(path.rfind('/') + 1);
    return name.find('.') == name.npos ? Interest::by_text : Interest::none;
}

/// UTF-16 is text that its reader knows what to make of.
bool is_binary(std::string_view text) {
    constexpr std::size_t looked_at = 8000;
    const bool is_utf16 = text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF");
    return !is_utf16 && text.substr(0, looked_at).find('\0') != text.npos;
}

/// A manifest that was made binary must not vanish, so whoever has its name is told; of a program
/// without an ending nobody wants to hear. Returns the hash of what was read.
std::string load_into(LoadedFile& file, const SourceTree& tree, Interest interest) {
    auto read = tree.read(file.path, WalkLimits::file_bytes);
    if (read.kind != SourceText::Kind::read) {
        file.is_asked = interest != Interest::digest;
        file.failure = file.is_asked ? std::move(read.failure) : std::string();
        return {};
    }
    auto hash = documents::sha256_hex(read.text);
    if (is_binary(read.text)) {
        file.is_asked = interest == Interest::by_name;
        file.failure = file.is_asked ? "binary, and no text" : "";
    } else if (interest == Interest::by_name ||
               (interest == Interest::by_text && is_recognised(file.path, read.text))) {
        file.is_asked = true;
        file.text = std::move(read.text);
    }
    return hash;
}

bool is_rendered(std::string_view path) {
    return is_kustomization(path) || base_name(path) == "Chart.yaml";
}

/// What was skipped, and what nothing is rendered of.
bool is_history(const LeftOut& left) {
    const auto name = base_name(left.path);
    return name == ".git" || name == ".hg" || name == ".svn";
}

/// Overlays and charts may take any file, so all of them have to be in the digest.
bool has_read_all(const Walk& walk, const std::vector<std::string>& hashes) {
    return walk.unreadable.empty() && std::ranges::all_of(walk.skipped, is_history) &&
           std::ranges::none_of(hashes, &std::string::empty);
}

std::string digest_of(
    const std::vector<LoadedFile>& files, const std::vector<std::string>& hashes
) {
    std::string all;
    for (std::size_t i = 0; i < files.size(); ++i) {
        const auto& file = files[i];
        all += hashes[i] + ' ' + std::to_string(file.path.size()) + ' ' + file.path + ' ' +
               file.failure + '\n';
    }
    return documents::sha256_hex(all);
}

AssessedFile recognised(LoadedFile& file) {
    if (!file.is_asked) {
        AssessedFile other;
        other.path = std::move(file.path);
        other.kind = unrecognised;
        return other;
    }
    return file.failure.empty() ? read_file(std::move(file.path), std::move(file.text))
                                : unread_file(std::move(file.path), std::move(file.failure));
}

struct Wanted {
    std::size_t number = 0;  ///< in the walk
    Interest interest{};
};

/// By the sizes that the walk has seen, so that it does not depend on threads whom a limit hits.
std::vector<Wanted> choose(
    const std::vector<WalkedFile>& walked, Interest least, std::vector<LoadedFile>& files
) {
    std::vector<Wanted> wanted;
    std::uint64_t bytes = 0;
    for (std::size_t i = 0; i < walked.size(); ++i) {
        auto& file = files[i];
        file.path = walked[i].path;
        const auto interest = std::max(interest_in(file.path), least);
        if (interest == Interest::none) {
            continue;
        }
        bytes += std::min<std::uint64_t>(walked[i].bytes, WalkLimits::file_bytes);
        if (bytes <= ReadingLimits::all_bytes) {
            wanted.push_back({i, interest});
        } else if (interest != Interest::digest) {
            const auto limit = std::to_string(ReadingLimits::all_bytes >> 20U);
            file.failure = "with it, more than " + limit + " MiB of text altogether";
            file.is_asked = true;
        }
    }
    return wanted;
}

}  // namespace

LoadedFiles load(const SourceTree& tree, const Walk& walk) {
    const bool renders = std::ranges::any_of(walk.files, is_rendered, &WalkedFile::path);
    LoadedFiles loaded;
    loaded.files.resize(walk.files.size());
    const auto wanted =
        choose(walk.files, renders ? Interest::digest : Interest::none, loaded.files);
    std::vector<std::string> hashes(walk.files.size());
    side_by_side(wanted.size(), [&](std::size_t number) {
        const auto& one = wanted[number];
        hashes[one.number] = load_into(loaded.files[one.number], tree, one.interest);
    });
    loaded.digest = digest_of(loaded.files, hashes);
    loaded.is_digest_whole = !renders || has_read_all(walk, hashes);
    return loaded;
}

ReadTree read_tree(const SourceTree& tree, const Settings& settings) {
    auto walked = walk(tree, settings);
    auto loaded = load(tree, walked);
    return {std::move(walked), std::move(loaded)};
}

std::vector<AssessedFile> recognise(LoadedFiles loaded) {
    std::vector<AssessedFile> files(loaded.files.size());
    side_by_side(files.size(), [&](std::size_t number) {
        files[number] = recognised(loaded.files[number]);
    });
    return files;
}

}  // namespace deployctl::readiness

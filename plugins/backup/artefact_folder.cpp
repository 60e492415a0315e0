// SPDX-License-Identifier: Apache-2.0
#include "plugins/backup/artefact_folder.hpp"

#include "documents/json.hpp"
#include "model/error.hpp"
#include "plugins/backup/large_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <unistd.h>

namespace deployctl::plugins::backup {

namespace {

namespace fs = std::filesystem;

std::string manifest_name(const Artefact& artefact) {
    return artefact.file + std::string(manifest_suffix);
}

std::vector<std::string> names_in(const std::string& folder, std::error_code& error) {
    std::vector<std::string> names;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
        names.push_back(entry->path().filename());
    }
    return names;
}

std::vector<std::string> passing_names(const std::string& folder, const Scope& scope) {
    std::error_code unseen;  // then they stay
    auto names = names_in(folder, unseen);
    std::erase_if(names, [&scope](const std::string& name) {
        return !is_name_of(name, scope) || !name.ends_with(partial_suffix);
    });
    return names;
}

bool is_opened(const std::string& name) {
    return name.find(opened_mark) != name.npos;
}

/// -1: somebody else has it, or it cannot be made.
int open_locked(const std::string& path, int how) {
    constexpr mode_t for_the_owner_alone = 0600;
    const int file =
        open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, for_the_owner_alone);
    if (file >= 0 && flock(file, how | LOCK_NB) != 0) {
        close(file);
        return -1;
    }
    return file;
}

/// What a manifest tells, or why it tells nothing.
struct ManifestRead {
    std::optional<Artefact> artefact;
    std::string why;
};

ManifestRead read_manifest(const std::string& folder, const std::string& name) {
    constexpr std::size_t most_bytes = 1UL << 20U;
    const auto path = folder + "/" + name;
    const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (!file.is_open()) {
        return {std::nullopt, words_for(errno)};
    }
    if (look_at(path).kind != FileFacts::Kind::ordinary) {
        return {std::nullopt, "it is no ordinary file"};
    }
    const auto read = read_to_end(file.number(), most_bytes, 0);
    const auto manifest = documents::try_read_json(read.text);
    if (!manifest) {
        return {std::nullopt, "it is no JSON"};
    }
    const auto stem = name.substr(0, name.size() - manifest_suffix.size());
    if (const auto named = manifest->view("/file"); !named.empty() && named != stem) {
        return {std::nullopt, "its `file` is `" + std::string(named) + "`"};
    }
    auto artefact = read_artefact(*manifest, stem);
    const std::string why = artefact ? "" : "a field that every manifest has is missing or wrong";
    return {std::move(artefact), why};
}

Presence presence_of(const std::string& folder, const Artefact& artefact) {
    const auto facts = look_at(folder + "/" + artefact.file);
    switch (facts.kind) {
        case FileFacts::Kind::missing: return Presence::missing;
        case FileFacts::Kind::other: return Presence::changed;
        case FileFacts::Kind::ordinary: break;
    }
    return facts.bytes == artefact.making.bytes ? Presence::whole : Presence::changed;
}

std::string words_of_errno(const std::string& what, const std::string& path) {
    return what + " " + path + ": " + words_for(errno);
}

}  // namespace

bool Listed::is_good() const {
    const auto& verified = artefact.verified;
    return presence == Presence::whole && !(verified && verified->result == Proof::failed);
}

std::vector<Listed> of_scope(const std::vector<Listed>& all, const Scope& scope) {
    std::vector<Listed> found;
    for (const auto& one : all) {
        if (one.artefact.scope == scope) {
            found.push_back(one);
        }
    }
    return found;
}

const Listed* newest_good(const std::vector<Listed>& newest_first) {
    const auto found = std::ranges::find_if(newest_first, &Listed::is_good);
    return found == newest_first.end() ? nullptr : &*found;
}

std::string ArtefactFolder::make() const {
    std::error_code error;
    if (fs::is_directory(path_, error)) {
        return "";
    }
    if (fs::create_directories(path_, error); error) {
        return "cannot make the folder " + path_ + ": " + error.message();
    }
    fs::permissions(path_, fs::perms::owner_all, error);
    return "";
}

Descriptor ArtefactFolder::lock(const Scope& scope) const {
    const auto path = path_of("." + scope.app + "-" + scope.database + ".lock");
    return Descriptor(open_locked(path, LOCK_EX));
}

Descriptor ArtefactFolder::lock_to_read(const Scope& scope) const {
    const auto path = path_of("." + scope.app + "-" + scope.database + ".readers");
    if (const Descriptor alone(open_locked(path, LOCK_EX)); alone.is_open()) {
        for (const auto& name : passing_names(path_, scope)) {
            if (is_opened(name)) {
                unlink(path_of(name).c_str());
            }
        }
    }
    return Descriptor(open_locked(path, LOCK_SH));
}

void ArtefactFolder::sweep(const Scope& scope) const {
    const auto readers = lock_to_read(scope);
    for (const auto& name : passing_names(path_, scope)) {
        if (is_opened(name)) {
            continue;
        }
        unlink(path_of(name).c_str());
        // Its manifest has its name before the file has.
        const auto file = name.substr(0, name.size() - partial_suffix.size());
        if (look_at(path_of(file)).kind == FileFacts::Kind::missing) {
            unlink(path_of(file + std::string(manifest_suffix)).c_str());
        }
    }
}

std::string ArtefactFolder::trouble() const {
    std::error_code error;
    names_in(path_, error);
    const bool is_none_yet = error == std::errc::no_such_file_or_directory;
    return !error || is_none_yet
               ? ""
               : "the folder of backups " + path_ + " cannot be read: " + error.message();
}

std::vector<Listed> ArtefactFolder::list() const {
    if (const auto why = trouble(); !why.empty()) {
        throw Error(ExitCode::blocked, why, "what backups there are is not known before it can be");
    }
    std::vector<Listed> found;
    std::error_code unseen;
    for (const auto& name : names_in(path_, unseen)) {
        if (!name.ends_with(manifest_suffix)) {
            continue;
        }
        if (auto artefact = read_manifest(path_, name).artefact) {
            const auto presence = presence_of(path_, *artefact);
            found.push_back({std::move(*artefact), presence});
        }
    }
    std::ranges::sort(found, [](const Listed& one, const Listed& other) {
        const auto at = one.artefact.making.started;
        const auto other_at = other.artefact.making.started;
        return at != other_at ? at > other_at : one.artefact.id > other.artefact.id;
    });
    return found;
}

std::vector<Unreadable> ArtefactFolder::unreadable(const Scope& scope) const {
    std::vector<Unreadable> found;
    std::error_code unseen;  // `list` says so
    for (const auto& name : names_in(path_, unseen)) {
        if (!name.ends_with(manifest_suffix) || !is_name_of(name, scope)) {
            continue;
        }
        if (const auto read = read_manifest(path_, name); !read.artefact) {
            found.push_back({name, read.why});
        }
    }
    std::ranges::sort(found, {}, &Unreadable::manifest);
    return found;
}

std::string ArtefactFolder::publish(const Artefact& artefact, const std::string& partial) const {
    if (auto failure = keep(artefact); !failure.empty()) {
        return failure;
    }
    const auto path = path_of(artefact.file);
    if (rename(partial.c_str(), path.c_str()) != 0) {
        auto failure = words_of_errno("cannot name", path);
        unlink(path_of(manifest_name(artefact)).c_str());
        return failure;
    }
    return keep_names(path_);
}

std::string ArtefactFolder::keep(const Artefact& artefact) const {
    const auto text = documents::write_json_indented(to_value(artefact)) + "\n";
    return write_file(path_, manifest_name(artefact), text);
}

std::string ArtefactFolder::remove(const Artefact& artefact) const {
    const auto path = path_of(artefact.file);
    if (unlink(path.c_str()) != 0 && errno != ENOENT) {
        return words_of_errno("cannot remove", path);
    }
    // Last: as long as it is there, the rest is known to be ours.
    const auto manifest = path_of(manifest_name(artefact));
    return unlink(manifest.c_str()) == 0 ? "" : words_of_errno("cannot remove", manifest);
}

}  // namespace deployctl::plugins::backup

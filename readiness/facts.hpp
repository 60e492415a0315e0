// SPDX-License-Identifier: Apache-2.0
// What there is to be judged: files as they were read, and the subjects found in them, each a node
// of a file's tree with its owner and its scope. Facts own all of it. Built once by one thread,
// then read by any number of them; pointers stay good as long as the Facts.
#pragma once

#include "documents/tree.hpp"
#include "readiness/settings.hpp"

#include <deque>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace deployctl::readiness {

/// Why a file, or a part of it, could not be read.
struct Trouble {
    std::string what;  ///< empty: there is none
    documents::Spot spot;
};

struct AssessedFile {
    std::string path;  ///< from the root of what is assessed, with "/"
    std::string kind;  ///< of input_table.hpp: "kubernetes", "dockerfile"; "other": nobody asks
    documents::Tree tree;
    Trouble trouble;
    std::string rendering;     ///< of what no file holds: "overlays/production", "live"; else empty
    std::uint32_t number = 0;  ///< from 1, what `Node::source` means by it
};

/// What belongs together and is told apart from the same objects elsewhere: the repository as it
/// lies there, one rendered overlay, the cluster.
struct Scope {
    std::string name;         ///< "": the repository; "overlays/production"; "live"
    std::string environment;  ///< "production", where that is known
};

struct Subject {
    std::string kind;  ///< "container", "Service", "dockerfile", "tf:aws_db_instance"
    std::string name;  ///< for messages: "app", "web"
    std::string path;  ///< its identity: "overlays/production -> Deployment/shop/web/container/app"
    const documents::Node* node = nullptr;  ///< never null once it is gathered
    const AssessedFile* file = nullptr;     ///< never null
    const Subject* parent = nullptr;        ///< a container's pod, a pod's workload, a step's job
    const Scope* scope = nullptr;           ///< never null
    std::size_t number = 0;                 ///< in the order they were gathered

    /// The nearest owner of this kind, itself included, or null.
    const Subject* nearest(std::string_view owner_kind) const;
};

/// What is in a file and not asked, since there is too much of its kind.
struct TooMany {
    std::string kind;
    const AssessedFile* file = nullptr;
};

/// Where a node stands.
struct Place {
    std::string_view file;
    documents::Spot spot;
};

class Facts {
public:
    explicit Facts(Settings settings);

    const Settings& settings() const { return settings_; }

    AssessedFile& add(AssessedFile file);
    const Scope& add(Scope scope);

    /// The scope of what is not rendered.
    const Scope& repository() const { return scopes_.front(); }

    /// Gives it its number; kind, path, node, file and scope have to be there.
    const Subject& add(Subject subject);

    const std::deque<AssessedFile>& files() const { return files_; }

    const std::deque<Subject>& subjects() const { return subjects_; }

    const AssessedFile* file(std::string_view path) const;
    std::vector<const AssessedFile*> files_of(std::string_view kind) const;
    /// All of a kind, everywhere, in order.
    std::span<const Subject* const> of(std::string_view kind) const;
    /// All of a kind in one scope.
    std::span<const Subject* const> of(std::string_view kind, const Scope& scope) const;

    /// What inputs find to belong together while they gather, so that no check has to search for
    /// it: a pod and the Services that select it. `relation` is a literal.
    void relate(const Subject& from, std::string_view relation, const Subject& to) {
        relations_[{from.number, relation}].push_back(&to);
    }

    std::span<const Subject* const> related(const Subject& from, std::string_view relation) const {
        const auto found = relations_.find({from.number, relation});
        return found == relations_.end() ? std::span<const Subject* const>() : found->second;
    }

    /// By a key, for checks that would look at all of a kind for each.
    void relate(std::string key, const Subject& to) {
        by_scope_[nullptr][std::move(key)].push_back(&to);
    }

    std::span<const Subject* const> related(std::string_view key) const { return of(key, nullptr); }

    /// Counted as not assessed.
    void add(TooMany left) { too_many_.push_back(std::move(left)); }

    const std::vector<TooMany>& too_many() const { return too_many_; }

    /// Of `node`, a part of the subject's tree.
    Place place(const Subject& subject, const documents::Node& node) const;

private:
    using Index = std::map<std::string, std::vector<const Subject*>, std::less<>>;

    std::span<const Subject* const> of(std::string_view kind, const Scope* scope) const;

    Settings settings_;
    std::deque<AssessedFile> files_;
    std::deque<Scope> scopes_;
    std::deque<Subject> subjects_;
    std::map<const Scope*, Index> by_scope_;  ///< by kind; null: of all, and by keys
    std::vector<TooMany> too_many_;
    std::map<std::string, const AssessedFile*, std::less<>> by_path_;
    std::map<std::pair<std::size_t, std::string_view>, std::vector<const Subject*>> relations_;
};

}  // namespace deployctl::readiness

// SPDX-License-Identifier: Apache-2.0
// A tree of files in memory. Built by one thread, then read by any number of them.
#pragma once

#include "ports/source_tree.hpp"

#include <map>
#include <set>
#include <string>
#include <utility>

namespace deployctl::tests {

class FakeSourceTree final : public SourceTree {
public:
    FakeSourceTree& has(const std::string& path, std::string text) {
        place(path, FolderEntry::Kind::file);
        files_[path] = {SourceText::Kind::read, std::move(text), ""};
        return *this;
    }

    FakeSourceTree& has_link(const std::string& path, const std::string& target = "") {
        targets_[path] = target;
        return place(path, FolderEntry::Kind::link);
    }

    FakeSourceTree& has_pipe(const std::string& path) {
        return place(path, FolderEntry::Kind::other);
    }

    /// A file that can be seen and not be read.
    FakeSourceTree& refuses(const std::string& path, const std::string& why) {
        place(path, FolderEntry::Kind::file);
        files_[path] = {SourceText::Kind::failed, "", why};
        return *this;
    }

    FakeSourceTree& refuses_folder(const std::string& path, const std::string& why) {
        place(path, FolderEntry::Kind::folder);
        refused_[path] = why;
        return *this;
    }

    FolderAnswer list(const std::string& folder) const override {
        if (const auto refused = refused_.find(folder); refused != refused_.end()) {
            return {{}, refused->second};
        }
        const auto found = folders_.find(folder);
        if (found == folders_.end()) {
            return {{}, folder.empty() ? "" : "No such file or directory"};
        }
        FolderAnswer answer;
        // Backwards, since nobody may rely on an order.
        for (auto at = found->second.rbegin(); at != found->second.rend(); ++at) {
            const auto path = folder.empty() ? at->first : folder + "/" + at->first;
            const auto file = files_.find(path);
            const auto bytes = file == files_.end() ? 0 : file->second.text.size();
            const auto target = targets_.find(path);
            answer.entries.push_back(
                {at->second, at->first, bytes, target == targets_.end() ? "" : target->second}
            );
        }
        return answer;
    }

    SourceText read(const std::string& path, std::size_t most_bytes) const override {
        const auto found = files_.find(path);
        if (found == files_.end()) {
            return {SourceText::Kind::failed, "", "No such file or directory"};
        }
        if (found->second.text.size() > most_bytes) {
            return {SourceText::Kind::too_large, "", "larger than the limit"};
        }
        return found->second;
    }

private:
    FakeSourceTree& place(const std::string& path, FolderEntry::Kind kind) {
        const auto slash = path.rfind('/');
        const auto folder = slash == std::string::npos ? "" : path.substr(0, slash);
        if (!folder.empty() && !folders_.contains(folder)) {
            place(folder, FolderEntry::Kind::folder);
        }
        folders_[folder][path.substr(slash + 1)] = kind;
        return *this;
    }

    std::map<std::string, SourceText> files_;
    std::map<std::string, std::map<std::string, FolderEntry::Kind>> folders_;
    std::map<std::string, std::string> refused_;
    std::map<std::string, std::string> targets_;
};

}  // namespace deployctl::tests

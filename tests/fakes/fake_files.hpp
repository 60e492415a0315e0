// SPDX-License-Identifier: Apache-2.0
// Files of a test, by path. One thread.
#pragma once

#include "ports/files.hpp"

#include <fnmatch.h>
#include <map>
#include <string>

namespace deployctl::tests {

class FakeFiles final : public Files {
public:
    FakeFiles& has(const std::string& path, const std::string& text, WallTime modified = {}) {
        files_[path] = {FileAnswer::Kind::read, text, modified, ""};
        return *this;
    }

    void lose(const std::string& path) { files_.erase(path); }

    FileAnswer read(const std::string& path, std::size_t most_bytes) override {
        const auto found = files_.find(path);
        if (found == files_.end()) {
            return {FileAnswer::Kind::missing, "", {}, "No such file or directory"};
        }
        if (found->second.text.size() > most_bytes) {
            return {FileAnswer::Kind::too_large, "", {}, "larger than the limit"};
        }
        return found->second;
    }

    Task<FoundFile> newest(std::string pattern) override {
        FoundFile best{FoundFile::Kind::missing, "", 0, {}, "no ordinary file has such a name"};
        for (const auto& [path, file] : files_) {
            const bool matches = fnmatch(pattern.c_str(), path.c_str(), FNM_PATHNAME) == 0;
            const bool is_first = best.kind != FoundFile::Kind::found;
            if (matches && (is_first || file.modified > best.modified)) {
                best = {FoundFile::Kind::found, path, file.text.size(), file.modified, ""};
            }
        }
        co_return best;
    }

private:
    std::map<std::string, FileAnswer> files_;
};

}  // namespace deployctl::tests

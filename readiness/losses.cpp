// SPDX-License-Identifier: Apache-2.0
#include "readiness/losses.hpp"

#include "readiness/inputs/paths.hpp"
#include "readiness/recognition.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

namespace deployctl::readiness {

namespace {

using Counts = std::map<std::string, int, std::less<>>;

std::string_view ending_of(std::string_view path) {
    const auto name = base_name(path);
    const auto dot = name.rfind('.');
    return dot == name.npos ? std::string_view() : name.substr(dot);
}

const Input* input_of(std::string_view kind) {
    const auto inputs = all_inputs();
    const auto found = std::find_if(inputs.begin(), inputs.end(), [&](const Input& input) {
        return input.kind == kind;
    });
    return found == inputs.end() ? nullptr : &*found;
}

class Guessing {
public:
    explicit Guessing(const Facts& facts) {
        std::map<const AssessedFile*, Counts> by_file;
        for (const auto& subject : facts.subjects()) {
            ++by_file[subject.file][subject.kind];
        }
        for (const auto& [file, counts] : by_file) {
            take_richest(*file, counts);
        }
        for (const auto& file : facts.files()) {
            if (file.trouble.what.empty() && file.rendering.empty()) {
                readable_.push_back(&file);
            }
        }
    }

    std::vector<Lost> losses_of(const AssessedFile& file) const {
        Counts counts;
        if (file.kind == unreadable) {
            for (const auto& kind : kinds_like(file.path)) {
                add_richest(kind, counts);
            }
        } else if (const auto* input = input_of(file.kind)) {
            for (const auto& lost :
                 input->lost == nullptr ? std::vector<Lost>() : input->lost(file)) {
                counts[lost.subject_kind] += lost.count;
            }
            if (counts.empty() || file.tree.source().empty()) {
                add_richest(file.kind, counts);
            }
        }
        return lost_of(counts);
    }

private:
    void take_richest(const AssessedFile& file, const Counts& counts) {
        if (file.rendering.empty()) {
            auto& richest = richest_[file.kind];
            for (const auto& [kind, count] : counts) {
                richest[kind] = std::max(richest[kind], count);
            }
        }
    }

    void add_richest(const std::string& file_kind, Counts& counts) const {
        const auto found = richest_.find(file_kind);
        if (found != richest_.end()) {
            for (const auto& [kind, count] : found->second) {
                counts[kind] = std::max(counts[kind], count);
            }
        }
    }

    /// What lies beside it with the same ending, else anywhere; a folder may hold anything.
    std::vector<std::string> kinds_like(std::string_view path) const {
        const auto ending = ending_of(path);
        const auto near = kinds_where([&](const AssessedFile& file) {
            return ending_of(file.path) == ending && folder_of(file.path) == folder_of(path);
        });
        if (!near.empty() && !ending.empty()) {
            return near;
        }
        return kinds_where([&](const AssessedFile& file) {
            return ending.empty() || ending_of(file.path) == ending;
        });
    }

    template <class Test>
    std::vector<std::string> kinds_where(const Test& test) const {
        std::vector<std::string> kinds;
        for (const auto* file : readable_) {
            const bool is_known = std::find(kinds.begin(), kinds.end(), file->kind) != kinds.end();
            if (!is_known && test(*file)) {
                kinds.push_back(file->kind);
            }
        }
        return kinds;
    }

    std::map<std::string, Counts, std::less<>> richest_;
    std::vector<const AssessedFile*> readable_;
};

std::vector<FileLosses> losses_of_limits(const Facts& facts) {
    std::map<const AssessedFile*, Counts> by_file;
    for (const auto& left : facts.too_many()) {
        ++by_file[left.file][left.kind];
    }
    std::vector<FileLosses> losses;
    for (const auto& [file, counts] : by_file) {
        losses.push_back({file, "there are more of them than are asked", {}, lost_of(counts)});
    }
    // By address they would come in another order each time.
    std::ranges::sort(losses, {}, [](const FileLosses& one) { return one.file->number; });
    return losses;
}

}  // namespace

std::vector<Lost> lost_of(const std::map<std::string, int, std::less<>>& counts) {
    std::vector<Lost> lost;
    for (const auto& [kind, count] : counts) {
        lost.push_back({kind, count});
    }
    return lost;
}

std::vector<FileLosses> find_losses(const Facts& facts) {
    auto losses = losses_of_limits(facts);
    const bool is_any =
        std::any_of(facts.files().begin(), facts.files().end(), [](const AssessedFile& file) {
            return !file.trouble.what.empty();
        });
    if (!is_any) {
        return losses;
    }
    const Guessing guessing(facts);
    for (const auto& file : facts.files()) {
        if (!file.trouble.what.empty()) {
            losses.push_back({&file, file.trouble.what, file.trouble.spot, guessing.losses_of(file)}
            );
        }
    }
    return losses;
}

}  // namespace deployctl::readiness

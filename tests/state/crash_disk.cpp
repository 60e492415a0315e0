// SPDX-License-Identifier: Apache-2.0
#include "tests/state/crash_disk.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace deployctl::tests {

namespace {

constexpr std::size_t sector = 512;

constexpr std::array ways{
    std::pair{Unsynced::lost, "lost"},
    std::pair{Unsynced::kept, "kept"},
    std::pair{Unsynced::kept_but_last, "kept but the last"},
    std::pair{Unsynced::torn_head, "the last torn, its head kept"},
    std::pair{Unsynced::torn_tail, "the last torn, its tail kept"},
    std::pair{Unsynced::last_alone, "the last alone kept"},
    std::pair{Unsynced::every_other, "every other kept"},
    std::pair{Unsynced::of_database_alone, "of the database alone kept"},
    std::pair{Unsynced::of_journal_alone, "of the journal alone kept"},
};

struct Span {
    std::size_t begin = 0;
    std::size_t end = 0;
};

void apply(std::string& content, const DiskEvent& event, Span span) {
    const auto offset = static_cast<std::size_t>(event.offset);
    if (event.kind == DiskEvent::Kind::truncate) {
        content.resize(offset);
        return;
    }
    if (span.begin < span.end) {
        content.resize(std::max(content.size(), offset + span.end));
        std::copy(
            event.bytes.begin() + static_cast<std::ptrdiff_t>(span.begin),
            event.bytes.begin() + static_cast<std::ptrdiff_t>(span.end),
            content.begin() + static_cast<std::ptrdiff_t>(offset + span.begin)
        );
    }
}

Span whole(const DiskEvent& event) {
    return {0, event.bytes.size()};
}

/// Where the write is cut: at a border of sectors of the disk, about the middle.
std::size_t tear_in(const DiskEvent& event) {
    const auto offset = static_cast<std::size_t>(event.offset);
    const auto border = (offset + event.bytes.size() / 2) / sector * sector;
    return border > offset ? border - offset : 0;
}

bool is_journal(const std::string& name) {
    return name.ends_with("-journal") || name.ends_with("-wal");
}

bool survives(Unsynced unsynced, const std::string& name, std::size_t at, std::size_t count) {
    switch (unsynced) {
        case Unsynced::lost: return false;
        case Unsynced::kept:
        case Unsynced::torn_head:
        case Unsynced::torn_tail: return true;
        case Unsynced::kept_but_last: return at + 1 < count;
        case Unsynced::last_alone: return at + 1 == count;
        case Unsynced::every_other: return at % 2 == 0;
        case Unsynced::of_database_alone: return !is_journal(name);
        case Unsynced::of_journal_alone: return is_journal(name);
    }
    return false;
}

/// What of a change that survives has reached the disk.
Span reached(const DiskEvent& event, Unsynced unsynced, bool is_last) {
    const bool is_torn = is_last && event.kind == DiskEvent::Kind::write;
    if (is_torn && unsynced == Unsynced::torn_head) {
        return {0, tear_in(event)};
    }
    if (is_torn && unsynced == Unsynced::torn_tail) {
        return {tear_in(event), event.bytes.size()};
    }
    return whole(event);
}

}  // namespace

std::vector<PowerCut> all_power_cuts() {
    std::vector<PowerCut> cuts;
    for (const auto& [unsynced, text] : ways) {
        cuts.push_back({unsynced, Names::all});
        cuts.push_back({unsynced, Names::synced_alone});
    }
    return cuts;
}

std::string to_text(PowerCut cut) {
    const auto* way = std::ranges::find(ways, cut.unsynced, &decltype(ways)::value_type::first);
    return std::string("un-synced changes ") + way->second +
           (cut.names == Names::all ? "" : ", un-synced names lost");
}

CrashDisk::CrashDisk(const DiskFiles& before) {
    for (const auto& [name, bytes] : before) {
        names_[name] = files_.size();
        files_.push_back({bytes, {}, true});
    }
    lasting_names_ = names_;
}

void CrashDisk::play(const DiskEvent& event) {
    using Kind = DiskEvent::Kind;
    if (event.kind == Kind::create) {
        names_[event.file] = files_.size();
        files_.emplace_back();
        return;
    }
    if (event.kind == Kind::remove || event.kind == Kind::remove_and_sync_folder) {
        names_.erase(event.file);
        if (event.kind == Kind::remove_and_sync_folder) {
            lasting_names_ = names_;
        }
        return;
    }
    auto& file = files_[names_.at(event.file)];
    if (event.kind != Kind::sync) {
        file.pending.push_back(event);
        return;
    }
    for (const auto& change : std::exchange(file.pending, {})) {
        apply(file.lasting, change, whole(change));
    }
    if (!std::exchange(file.has_lasting_name, true)) {
        lasting_names_ = names_;  // the folder is synced, with all that is in it
    }
}

DiskFiles CrashDisk::after(PowerCut cut) const {
    DiskFiles found;
    for (const auto& [name, file] : cut.names == Names::all ? names_ : lasting_names_) {
        found[name] = content(files_[file], name, cut.unsynced);
    }
    return found;
}

std::string CrashDisk::content(const File& file, const std::string& name, Unsynced unsynced) {
    auto bytes = file.lasting;
    const auto count = file.pending.size();
    for (std::size_t at = 0; at < count; ++at) {
        const auto& change = file.pending[at];
        if (survives(unsynced, name, at, count)) {
            apply(bytes, change, reached(change, unsynced, at + 1 == count));
        }
    }
    return bytes;
}

}  // namespace deployctl::tests

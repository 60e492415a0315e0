// SPDX-License-Identifier: Apache-2.0
#include "simulation/journals.hpp"

#include "state/mem_store.hpp"
#include "state/sqlite_store.hpp"

#include <cstdlib>
#include <string>
#include <system_error>

namespace deployctl::simulation {

namespace {

namespace fs = std::filesystem;

/// In memory where there is such a place: a play commits hundreds of times, and no power is cut.
fs::path a_folder() {
    const fs::path shared = "/dev/shm";
    std::error_code missing;
    const auto base = fs::is_directory(shared, missing) ? shared : fs::temp_directory_path();
    auto name = (base / "deployctl-simulate-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) {
        throw fs::filesystem_error(
            "no folder for a journal", base, std::error_code(errno, std::generic_category())
        );
    }
    return name;
}

}  // namespace

Journals::~Journals() {
    stores_.clear();
    std::error_code left;
    if (!folder_.empty()) {
        fs::remove_all(folder_, left);
    }
}

Store& Journals::of(int machine) {
    auto& store = stores_[machine];
    if (!store) {
        store = make(machine);
    }
    return *store;
}

std::unique_ptr<Store> Journals::make(int machine) {
    if (medium_ == Medium::memory) {
        return std::make_unique<state::MemStore>(clock_);
    }
    if (folder_.empty()) {
        folder_ = a_folder();
    }
    state::SqliteOptions options;
    options.file = folder_ / ("journal-" + std::to_string(machine) + ".db");
    return std::make_unique<state::SqliteStore>(options, clock_);
}

}  // namespace deployctl::simulation

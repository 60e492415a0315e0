// SPDX-License-Identifier: Apache-2.0
// What people are told when the journal cannot be read or written: which file, what is wrong with
// it, and the way on without it. All are Error{state_unreadable}. Values; any thread. Only a lock
// is looked up: /proc/locks knows who holds it.
#pragma once

#include "model/error.hpp"

#include <filesystem>
#include <string>

namespace deployctl::state {

/// From a result code of SQLite (the extended one) and its text.
Error sqlite_failure(const std::filesystem::path& file, int code, const std::string& detail);
Error damaged(const std::filesystem::path& file, const std::string& detail);
Error foreign_database(const std::filesystem::path& file);
Error newer_schema(const std::filesystem::path& file, int needed, int known);
Error changed_schema(const std::filesystem::path& file, const std::string& migration);
/// `purpose`: "to copy".
Error no_journal(const std::filesystem::path& file, const std::string& purpose);
Error is_folder(const std::filesystem::path& file);
Error is_device(const std::filesystem::path& file);
Error not_readable(const std::filesystem::path& file, const std::string& detail);
Error not_writable(const std::filesystem::path& file, const std::string& detail);
Error on_network(const std::filesystem::path& file, const std::string& file_system);
/// A cell that should hold JSON.
Error damaged_cell(const std::string& text);
Error unknown_rollout(const std::string& rollout);

}  // namespace deployctl::state

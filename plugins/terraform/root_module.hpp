// SPDX-License-Identifier: Apache-2.0
// The files of a stack's root module: a hash that says whether they are the same, and copies of
// them, so that what was applied before can be planned again. State, plans and what `init` makes
// are no part of it; links lead nowhere. Engine's thread.
#pragma once

#include <optional>
#include <string>

namespace deployctl::plugins::terraform {

/// SHA-256 over names and contents of what configures the stack; empty where there is no such
/// folder, or nothing in it.
std::string hash_of_module(const std::string& dir);
/// A module of it lies outside of the folder, so that a copy of the folder is not all of it.
bool has_modules_outside(const std::string& dir);
/// 0700/0600. False where it cannot be written, or is larger than 64 MiB. An existing copy stays.
bool copy_module(const std::string& dir, const std::string& copy);
/// A folder that plans as `copy` does, over the state that `dir` keeps locally, if it does.
bool stage_copy(const std::string& copy, const std::string& dir, const std::string& stage);

}  // namespace deployctl::plugins::terraform

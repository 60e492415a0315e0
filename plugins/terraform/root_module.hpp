// SPDX-License-Identifier: Apache-2.0
// The files of a stack's root module: a hash that says whether they are the same, and copies of
// them, so that what was applied before can be planned again. Every file of the folder counts,
// since any may be read by `file()`, but for what Terraform itself writes there: `.terraform`,
// states (by name, and by what is in them), their locks, saved plans and crash logs.
// `.terraform.lock.hcl` is copied and not hashed, since `init` writes it. Links lead nowhere that a
// copy could keep: they count in the hash, and make a copy impossible. Engine's thread.
#pragma once

#include <optional>
#include <string>

namespace deployctl::plugins::terraform {

/// SHA-256 over names and contents; empty where there is no such folder, or nothing in it.
std::string hash_of_module(const std::string& dir);
/// Why a copy of the folder is not all that the stack is made of, "uses modules outside of it";
/// empty: it is.
std::string missing_in_a_copy(const std::string& dir);
/// 0700/0600. False where it cannot be written, is larger than 64 MiB, has links in it, or is not
/// what had that hash. Of an existing copy only `.terraform.lock.hcl` is written again.
bool copy_module(const std::string& dir, const std::string& hash, const std::string& copy);
/// A folder that plans as `copy` does, over the state that `dir` keeps locally, if it does.
bool stage_copy(const std::string& copy, const std::string& dir, const std::string& stage);

}  // namespace deployctl::plugins::terraform

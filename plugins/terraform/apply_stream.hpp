// SPDX-License-Identifier: Apache-2.0
// What Terraform prints with `-json`, line by line, while it is written. Pure but for what is kept.
#pragma once

#include "model/value.hpp"

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace deployctl::plugins::terraform {

/// Makes lines of pieces. Of a line that is longer than 64 KiB the begin is kept.
class Lines {
public:
    using Take = std::function<void(std::string_view line)>;

    void add(std::string_view piece, const Take& take);
    /// What stands after the last line break.
    void finish(const Take& take);

private:
    std::string open_;
};

/// The lock that somebody else holds, by Terraform's words on it.
struct StateLock {
    std::string id;
    std::string who;        ///< "ada@laptop"
    std::string operation;  ///< "OperationTypeApply"
    std::string created;
};

struct Complaint {
    std::string summary;
    std::string detail;
    std::string address;
    std::string place;  ///< "main.tf:3:11"
};

/// "main.tf:3:11: Unsupported argument: An argument named "x" is not expected here."
std::string to_text(const Complaint& complaint);
/// The lock that a complaint is about.
std::optional<StateLock> lock_of(const Complaint& complaint);
/// The complaints of `validate -json`, and what else is one document with `diagnostics`.
std::vector<Complaint> read_complaints(const Value& document);

/// What a run has told so far.
class RunStory {
public:
    /// A fact for the journal where the line is one: {"type": "apply_start", "address", "action"};
    /// without values and without what provisioners print.
    std::optional<Value> take(std::string_view line);

    const std::vector<Complaint>& errors() const { return errors_; }

    const std::vector<std::string>& completed() const { return completed_; }

    /// Begun, and nobody said how it ended.
    std::vector<std::string> open() const;

    /// Lines that are not what they should be, the last few.
    const std::vector<std::string>& raw() const { return raw_; }

private:
    std::optional<Value> take_hook(const std::string& type, const Value& line);

    std::vector<Complaint> errors_;
    std::vector<std::string> completed_;
    std::set<std::string> started_;
    std::vector<std::string> raw_;
};

}  // namespace deployctl::plugins::terraform

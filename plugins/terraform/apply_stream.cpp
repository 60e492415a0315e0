// SPDX-License-Identifier: Apache-2.0
#include "plugins/terraform/apply_stream.hpp"

#include "documents/json.hpp"
#include "plugins/kubectl/printable.hpp"
#include "ports/printed.hpp"

#include <algorithm>
#include <array>

namespace deployctl::plugins::terraform {

namespace {

constexpr std::size_t longest_line = 64UL << 10U;
constexpr std::size_t most_errors = 20;
constexpr std::size_t most_raw = 40;

Complaint read_complaint(const Value& said) {
    Complaint complaint;
    complaint.summary = one_line(said.text("/summary"));
    complaint.detail = said.text("/detail");
    complaint.address = one_line(said.text("/address"));
    if (const auto file = said.text("/range/filename"); !file.empty()) {
        complaint.place = one_line(file) + ":" + std::to_string(said.number("/range/start/line")) +
                          ":" + std::to_string(said.number("/range/start/column"));
    }
    return complaint;
}

/// "  ID:        77f1" of the words on a lock.
std::string field_of(std::string_view text, std::string_view name) {
    const auto begin = text.find(name);
    if (begin == std::string_view::npos) {
        return "";
    }
    const auto rest = text.substr(begin + name.size());
    return one_line(trimmed(rest.substr(0, rest.find('\n'))));
}

}  // namespace

void Lines::add(std::string_view piece, const Take& take) {
    while (!piece.empty()) {
        const auto end = piece.find('\n');
        const auto part = piece.substr(0, end);
        const auto room = longest_line - std::min(longest_line, open_.size());
        open_ += part.substr(0, room);
        if (end == std::string_view::npos) {
            return;
        }
        finish(take);
        piece.remove_prefix(end + 1);
    }
}

void Lines::finish(const Take& take) {
    if (!open_.empty()) {
        take(open_);
        open_.clear();
    }
}

std::string to_text(const Complaint& complaint) {
    auto text = complaint.place.empty() ? "" : complaint.place + ": ";
    text += complaint.address.empty() ? "" : complaint.address + ": ";
    text += complaint.summary;
    const auto detail = one_line(trimmed(complaint.detail));
    return detail.empty() ? text : text + ": " + detail;
}

std::optional<StateLock> lock_of(const Complaint& complaint) {
    if (complaint.summary.find("state lock") == std::string::npos) {
        return std::nullopt;
    }
    StateLock lock;
    lock.id = field_of(complaint.detail, "  ID:");
    lock.who = field_of(complaint.detail, "  Who:");
    lock.operation = field_of(complaint.detail, "  Operation:");
    lock.created = field_of(complaint.detail, "  Created:");
    return lock;
}

std::vector<Complaint> read_complaints(const Value& document) {
    std::vector<Complaint> complaints;
    for (const auto& said : document.items("/diagnostics")) {
        if (said.text("/severity") == std::string_view("error") &&
            complaints.size() < most_errors) {
            complaints.push_back(read_complaint(said));
        }
    }
    return complaints;
}

std::optional<Value> RunStory::take(std::string_view line) {
    const auto read = documents::try_read_json(line);
    if (!read || read->text("/type").empty()) {
        raw_.push_back(kubectl::printable_line(line));
        if (raw_.size() > most_raw) {
            raw_.erase(raw_.begin());
        }
        return std::nullopt;
    }
    const auto type = read->text("/type");
    if (type != "diagnostic") {
        return take_hook(type, *read);
    }
    const auto& said = read->at("/diagnostic");
    auto complaint = read_complaint(said);
    const bool is_error = said.text("/severity") == std::string_view("error");
    auto fact = Value::map({
        {"type", is_error ? "error" : "warning"},
        {"address", complaint.address},
        {"text", to_text(complaint)},
    });
    if (is_error && errors_.size() < most_errors) {
        errors_.push_back(std::move(complaint));
    }
    return fact;
}

std::optional<Value> RunStory::take_hook(const std::string& type, const Value& line) {
    constexpr std::array told{
        std::string_view("apply_start"),
        std::string_view("apply_complete"),
        std::string_view("apply_errored"),
    };
    if (std::ranges::count(told, std::string_view(type)) == 0) {
        return std::nullopt;
    }
    const auto address = one_line(line.text("/hook/resource/addr"));
    const auto action = one_line(line.text("/hook/action"));
    if (type == told.front()) {
        started_.insert(address);
    } else {
        started_.erase(address);
    }
    if (type == told[1]) {
        completed_.push_back(address);
    }
    return Value::map({{"type", type}, {"address", address}, {"action", action}});
}

std::vector<std::string> RunStory::open() const {
    return {started_.begin(), started_.end()};
}

}  // namespace deployctl::plugins::terraform

// SPDX-License-Identifier: Apache-2.0
#include "plugins/terraform/state_copies.hpp"

#include "documents/json.hpp"
#include "documents/sealing.hpp"
#include "model/error.hpp"
#include "plugins/backup/artefact.hpp"
#include "plugins/backup/large_file.hpp"
#include "plugins/system/host_files.hpp"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <vector>

namespace deployctl::plugins::terraform {

namespace fs = std::filesystem;

namespace {

constexpr const char* rule_name = "copies.json";
constexpr std::size_t most_rule_bytes = 1UL << 20U;
constexpr std::size_t most_copies = 10;
constexpr const char* plain_ending = ".tfstate";
constexpr const char* sealed_ending = ".tfstate.cms";

std::vector<fs::path> copies_in(const std::string& folder) {
    std::vector<fs::path> copies;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(folder + "/states", ignored)) {
        copies.push_back(entry.path());
    }
    return copies;
}

/// Their names begin with their time.
void rotate(const std::string& folder) {
    std::error_code ignored;
    auto copies = copies_in(folder);
    std::ranges::sort(copies, std::greater());
    for (std::size_t at = most_copies; at < copies.size(); ++at) {
        fs::remove(copies[at], ignored);
    }
}

}  // namespace

void note_copy_rule(const std::string& folder, const std::string& encrypt_to) {
    std::string why;
    std::string certificate;
    if (!encrypt_to.empty()) {
        HostFiles files;
        const auto file = files.read(encrypt_to, most_rule_bytes);
        certificate = file.text;
        why = file.kind == FileAnswer::Kind::read
                  ? ""
                  : "the certificate " + encrypt_to + ": " + file.failure;
    }
    const auto rule = Value::map({{"certificate", certificate}, {"why", why}});
    const auto failure = backup::write_file(folder, rule_name, documents::write_json(rule));
    if (!failure.empty()) {
        throw Error(ExitCode::state_unreadable, failure);
    }
}

CopyRule copy_rule(const std::string& folder) {
    HostFiles files;
    const auto file = files.read(folder + "/" + rule_name, most_rule_bytes);
    const auto rule = documents::try_read_json(file.text);
    if (!rule) {
        return {
            CopyRule::Kind::none, "", "nobody has said on this machine whether it has to be sealed"
        };
    }
    CopyRule known{CopyRule::Kind::plain, rule->text("/certificate"), rule->text("/why")};
    if (!known.why.empty()) {
        known.kind = CopyRule::Kind::none;
    } else if (!known.certificate.empty()) {
        known.kind = CopyRule::Kind::sealed;
    }
    return known;
}

std::string keep_state_copy(
    const std::string& folder,
    const CopyRule& rule,
    std::int64_t serial,
    const std::string& state,
    WallTime now
) {
    const bool is_sealed = rule.kind == CopyRule::Kind::sealed;
    if (is_sealed) {
        if (const auto trouble = documents::trouble_with_certificate(rule.certificate, now);
            !trouble.empty()) {
            return "the certificate cannot be used: " + trouble;
        }
    }
    const auto dir = folder + "/states";
    std::error_code failure;
    fs::create_directories(dir, failure);
    fs::permissions(dir, fs::perms::owner_all, failure);
    const auto name = backup::stamp(now) + "-" + std::to_string(serial) +
                      (is_sealed ? sealed_ending : plain_ending);
    const auto text = is_sealed ? documents::seal(state, rule.certificate, now) : state;
    auto trouble = backup::write_file(dir, name, text);
    rotate(folder);
    return trouble;
}

void remove_plain_copies(const std::string& folder) {
    std::error_code ignored;
    for (const auto& copy : copies_in(folder)) {
        if (copy.extension() == plain_ending) {
            fs::remove(copy, ignored);
        }
    }
}

}  // namespace deployctl::plugins::terraform

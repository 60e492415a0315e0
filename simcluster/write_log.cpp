// SPDX-License-Identifier: Apache-2.0
#include "simcluster/write_log.hpp"

#include "documents/json.hpp"

namespace deployctl::simcluster {

namespace {

const char* verb_text(WriteRecord::Verb verb) {
    switch (verb) {
        case WriteRecord::Verb::patch: return "patch";
        case WriteRecord::Verb::create: return "create";
        case WriteRecord::Verb::remove: return "remove";
    }
    return "";
}

std::string short_path(std::string path) {
    for (const std::string_view prefix : {"/spec/", "/metadata/", "/"}) {
        if (path.starts_with(prefix)) {
            return path.substr(prefix.size());
        }
    }
    return path;
}

std::string change_text(const PatchOperation& operation) {
    if (operation.path == "/spec/template" || operation.path == "/spec/template/spec") {
        const auto inner =
            operation.path == "/spec/template" ? "/spec/containers/0/image" : "/containers/0/image";
        return "template image=" + operation.value.text(inner);
    }
    if (operation.verb == PatchVerb::remove) {
        return "without " + short_path(operation.path);
    }
    const auto* text = std::get_if<std::string>(&operation.value.data());
    return short_path(operation.path) + "=" +
           (text == nullptr ? documents::write_json(operation.value) : *text);
}

bool is_bookkeeping(const PatchOperation& operation) {
    return operation.verb == PatchVerb::test || operation.path == "/metadata/annotations" ||
           operation.path.starts_with("/metadata/annotations/deployctl.dev");
}

}  // namespace

std::string to_text(const WriteRecord& record) {
    auto text = std::string(verb_text(record.verb)) + " " + to_text(record.ref);
    if (record.verb == WriteRecord::Verb::patch) {
        std::string changes;
        for (const auto& operation : record.patch) {
            if (!is_bookkeeping(operation)) {
                changes += (changes.empty() ? ": " : ", ") + change_text(operation);
            }
        }
        text += changes.empty() ? ": claim" : changes;
    }
    if (record.answer != WriteAnswer::done) {
        text += std::string("  (") + to_text(record.answer) + ")";
    }
    return text;
}

std::string to_text(const std::vector<WriteRecord>& records) {
    std::string text;
    for (const auto& record : records) {
        if (record.ref.kind != Kind::lease) {
            text += to_text(record) + "\n";
        }
    }
    return text;
}

}  // namespace deployctl::simcluster

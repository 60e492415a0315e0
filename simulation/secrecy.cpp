// SPDX-License-Identifier: Apache-2.0
// I32: a value that the application gets stands in its pod template, and in the record that keeps
// the template; nowhere else. A play that plants one is searched for it.
#include "documents/json.hpp"
#include "simulation/rules.hpp"

#include <array>

namespace deployctl::simulation {

namespace {

constexpr auto annotations = "/metadata/annotations";

bool shows(const Memory& memory, const Value& value) {
    return documents::write_json(value).find(memory.outside.planted) != std::string::npos;
}

/// What is left of an object where nothing is looked for in its templates.
Value without_templates(Value object) {
    object.erase("/spec/template");
    object.erase("/data");  // of the record: it has to restore the template to the letter
    object.erase(annotations);
    return object;
}

Finding writes_the_secret(const Memory& memory, const WriteSeen& write) {
    if (memory.outside.planted.empty() || !is_change(write) || write.after.is_null()) {
        return std::nullopt;
    }
    const bool is_annotated = write.before.at(annotations) != write.after.at(annotations) &&
                              shows(memory, write.after.at(annotations));
    return is_annotated || shows(memory, without_templates(write.after))
               ? Finding(to_text(write) + " shows the planted secret")
               : std::nullopt;
}

Finding journals_the_secret(const Memory& memory, const EntrySeen& seen) {
    if (memory.outside.planted.empty()) {
        return std::nullopt;
    }
    const auto event = to_event(seen.entry);
    return shows(memory, event.data) ? Finding(event.type + " shows the planted secret")
                                     : std::nullopt;
}

constexpr std::array write_rules{
    WriteRule{"I32", writes_the_secret},
};

constexpr std::array entry_rules{
    EntryRule{"I32", journals_the_secret},
};

}  // namespace

std::span<const WriteRule> secrecy_of_writes() {
    return write_rules;
}

std::span<const EntryRule> secrecy_of_entries() {
    return entry_rules;
}

Finding keeps_the_secret(const Memory& memory, const Value& plan) {
    return !memory.outside.planted.empty() && shows(memory, plan)
               ? Finding("the journal's plan shows the planted secret")
               : std::nullopt;
}

}  // namespace deployctl::simulation

// SPDX-License-Identifier: Apache-2.0
#include "model/tasks.hpp"

#include "model/named.hpp"
#include "model/text.hpp"

namespace deployctl {

const char* to_text(OnTaskError policy) {
    return policy == OnTaskError::fail ? "fail" : "warn";
}

const char* to_text(Migration migration) {
    switch (migration) {
        case Migration::none: return "none";
        case Migration::expand: return "expand";
        case Migration::contract: return "contract";
    }
    return "";
}

const char* to_text(AfterCrash policy) {
    return policy == AfterCrash::repeat ? "repeat" : "ask";
}

std::optional<OnTaskError> read_on_task_error(std::string_view text) {
    return read_name(text, std::array{OnTaskError::fail, OnTaskError::warn});
}

std::optional<Migration> read_migration(std::string_view text) {
    return read_name(text, std::array{Migration::none, Migration::expand, Migration::contract});
}

std::optional<AfterCrash> read_after_crash(std::string_view text) {
    return read_name(text, std::array{AfterCrash::repeat, AfterCrash::ask});
}

namespace {

struct TextOf {
    std::string operator()(const ProgramWork& work) const { return "run " + join(work.run, " "); }

    std::string operator()(const JobWork& work) const {
        return "run Job/" + work.manifest.text("/metadata/name");
    }

    std::string operator()(const BackupWork& work) const { return "back up " + work.database; }

    std::string operator()(const StackWork& work) const {
        return (work.reverts ? "revert stack " : "apply stack ") + work.stack;
    }
};

}  // namespace

std::string to_text(const Work& work) {
    return std::visit(TextOf{}, work);
}

}  // namespace deployctl

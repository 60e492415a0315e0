// SPDX-License-Identifier: Apache-2.0
#include "cli/version.hpp"

#include "cli/commands/verbs.hpp"
#include "cli/output/result.hpp"

namespace deployctl::cli {

const char* version_number() {
    return DEPLOYCTL_VERSION;
}

std::string version_text() {
    return std::string("deployctl ") + version_number();
}

namespace commands {

Run version(Form& form) {
    form.add_example("deployctl version -o json", "for scripts");
    return [](Session& session) {
        Result result;
        result.value = Value::map({{"version", version_number()}});
        result.names = {version_number()};
        result.text = [](const Style&) { return version_text() + "\n"; };
        print(session, result);
        return ExitCode::done;
    };
}

}  // namespace commands

}  // namespace deployctl::cli

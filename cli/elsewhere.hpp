// SPDX-License-Identifier: Apache-2.0
// The same session, in another environment than the one that was named. Holds references.
#pragma once

#include "cli/session.hpp"

#include <string>

namespace deployctl::cli {

class Elsewhere {
public:
    Elsewhere(const Session& session, const std::string& environment)
        : globals_(moved(session.globals, environment)),
          session_{globals_, session.terminal, session.parts, session.environment} {}

    Elsewhere(const Elsewhere&) = delete;
    Elsewhere& operator=(const Elsewhere&) = delete;

    Session& session() { return session_; }

private:
    static Globals moved(Globals globals, const std::string& environment) {
        if (globals.place.environment != environment) {
            globals.place.context.clear();  // were the other one's
            globals.place.kube_namespace.clear();
        }
        globals.place.environment = environment;
        return globals;
    }

    Globals globals_;
    Session session_;
};

}  // namespace deployctl::cli

// SPDX-License-Identifier: Apache-2.0
// Where a leg is worked on: the same session, in the leg's environment, and in the folder of its
// deploy.yaml, to which paths in it are relative. For as long as this lives that is the folder of
// the process, too. Throws Error{usage} where the folder cannot be entered.
#pragma once

#include "cli/session.hpp"
#include "promotion/line.hpp"

#include <filesystem>
#include <string>

namespace deployctl::cli {

class LegPlace {
public:
    /// `dir` is empty where it is the present one.
    LegPlace(Session& session, const std::string& environment, const std::string& dir);
    LegPlace(Session& session, const promotion::Leg& leg);
    ~LegPlace();
    LegPlace(const LegPlace&) = delete;
    LegPlace& operator=(const LegPlace&) = delete;

    Session& session() { return there_; }

private:
    std::filesystem::path before_;
    Globals globals_;
    Session there_;
};

}  // namespace deployctl::cli

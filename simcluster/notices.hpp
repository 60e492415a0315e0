// SPDX-License-Identifier: Apache-2.0
// What controllers and kubelets say about pods, as Event objects: the same words again raise the
// count. One thread.
#pragma once

#include "simcluster/pace.hpp"

#include <string>

namespace deployctl::simcluster {

class Notices {
public:
    explicit Notices(Sim sim) : sim_(sim) {}

    void warn(const Value& about, const std::string& reason, const std::string& message);

private:
    Sim sim_;
    int serial_ = 0;
};

}  // namespace deployctl::simcluster

// SPDX-License-Identifier: Apache-2.0
// The steps that bring out the other objects of a release.
#include "engine/actions.hpp"

#include <stdexcept>

namespace deployctl::engine {

Task<Outcome> Actions::act(Step, CopyConfig) {
    throw std::logic_error("no plan copies configuration yet");
}

Task<Outcome> Actions::act(Step, ApplyObject) {
    throw std::logic_error("no plan applies objects yet");
}

Task<Outcome> Actions::act(Step, RemoveObject) {
    throw std::logic_error("no plan removes objects yet");
}

Task<Outcome> Actions::act(Step, RestoreObject) {
    throw std::logic_error("no plan restores objects yet");
}

}  // namespace deployctl::engine

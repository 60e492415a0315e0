// SPDX-License-Identifier: Apache-2.0
// What a person types, a key at a time and without Enter, while an object of it lives. Never
// blocks; the engine's thread.
#pragma once

#include <optional>

namespace deployctl {

class Keys {
public:
    virtual ~Keys() = default;
    /// The next key that nobody has taken yet.
    virtual std::optional<char> take() = 0;
};

}  // namespace deployctl

// SPDX-License-Identifier: Apache-2.0
// The image registry: which digest a tag stands for. Engine's thread.
#pragma once

#include "model/image.hpp"
#include "ports/task.hpp"

#include <string>

namespace deployctl {

struct TagAnswer {
    enum class Kind { found, no_such_tag, unreachable } kind{};
    std::string digest;   ///< "sha256:..." where found
    std::string message;  ///< why, otherwise
};

class Registry {
public:
    virtual ~Registry() = default;
    virtual Task<TagAnswer> resolve(ImageRef image) = 0;
};

}  // namespace deployctl

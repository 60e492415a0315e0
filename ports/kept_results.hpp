// SPDX-License-Identifier: Apache-2.0
// Results that were made before and need not be made again, by a key that says all of what they
// were made of. Nothing depends on them: what was lost, or could not be kept, is made again. One
// thread.
#pragma once

#include <optional>
#include <string>

namespace deployctl {

class KeptResults {
public:
    virtual ~KeptResults() = default;
    /// What stands there under the key, whoever wrote it: the reader has to know its own.
    virtual std::optional<std::string> find(const std::string& key) = 0;
    /// The key is of digits and letters. An older result may go for it.
    virtual void keep(const std::string& key, const std::string& text) = 0;
};

}  // namespace deployctl

// SPDX-License-Identifier: Apache-2.0
// What is too large to be sealed in one piece, piece by piece in bounded memory: a key of its own,
// sealed with the certificate (sealing.hpp), then pieces of 1 MiB under AES-256-GCM that know their
// place and whether they are the last one, so that nothing can be changed, swapped or cut off
// unnoticed. The format: docs/formats/sealed-file.md. What an opener has given so far counts only
// once `finish` has not thrown. Errors as in sealing.hpp. Each object: one thread at a time.
#pragma once

#include "model/time.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace deployctl::documents {

class StreamSealer {
public:
    StreamSealer(std::string_view certificate_pem, WallTime now);

    /// The next bytes of the sealed file; may be none yet.
    std::string take(std::string_view plain);
    /// Its last ones.
    std::string finish();

private:
    std::string key_;
    std::string head_;     ///< that was not given yet
    std::string waiting_;  ///< plain text of less than two pieces
    std::uint64_t piece_ = 0;
};

class StreamOpener {
public:
    explicit StreamOpener(std::string_view key_pem) : key_pem_(key_pem) {}

    /// The next bytes of the plain file; may be none yet.
    std::string take(std::string_view sealed);
    /// Its last ones. Throws Error{usage} where the end is missing.
    std::string finish();

private:
    bool read_head();

    std::string key_pem_;
    std::string key_;  ///< empty: the head has not been read yet
    std::string waiting_;
    std::uint64_t piece_ = 0;
};

}  // namespace deployctl::documents

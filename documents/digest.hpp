// SPDX-License-Identifier: Apache-2.0
// SHA-256 of what comes in parts. One thread at a time.
#pragma once

#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace deployctl::documents {

class Sha256 {
public:
    Sha256();
    ~Sha256();
    Sha256(const Sha256&) = delete;
    Sha256& operator=(const Sha256&) = delete;

    void add(std::string_view bytes);
    /// Lower-case hexadecimal, of all that was added; nothing is added after it.
    std::string hex();

private:
    evp_md_ctx_st* context_;
};

}  // namespace deployctl::documents

// SPDX-License-Identifier: Apache-2.0
// An image reference taken apart: "127.0.0.1:5000/shop/web:v2@sha256:9ab1...". A value; any thread.
#pragma once

#include <string>
#include <string_view>

namespace deployctl {

struct ImageRef {
    std::string repository;  ///< registry and path, without tag or digest
    std::string tag;
    std::string digest;  ///< "sha256:..." or empty

    friend bool operator==(const ImageRef&, const ImageRef&) = default;
};

/// Never fails: what is no tag and no digest is the repository.
ImageRef read_image(std::string_view text);
/// Tag and digest both, where both are known: people read the tag, the runtime obeys the digest.
std::string to_text(const ImageRef& image);
/// The tag, or the short digest where there is none, or "latest".
std::string version_text(const ImageRef& image);
/// The same of a reference that is not taken apart otherwise.
std::string version_of_image(std::string_view image);
/// "sha256:9ab1…" to "9ab1c2d3e4f5".
std::string short_digest(std::string_view digest);
/// Letters, digits, "_", "." and "-", at most 128, not starting with "." or "-": what a registry
/// takes as a tag.
enum class TagForm { good, empty, bad_character, too_long };
TagForm check_tag(std::string_view tag);

}  // namespace deployctl

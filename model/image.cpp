// SPDX-License-Identifier: Apache-2.0
#include "model/image.hpp"

#include <algorithm>
#include <cctype>

namespace deployctl {

namespace {

struct Parts {
    std::string_view repository;
    std::string_view tag;
    std::string_view digest;
};

Parts take_apart(std::string_view text) {
    Parts image;
    if (const auto at = text.find('@'); at != std::string_view::npos) {
        image.digest = text.substr(at + 1);
        text = text.substr(0, at);
    }
    // A colon before the last slash belongs to the registry's port.
    const auto slash = text.rfind('/');
    const auto colon = text.rfind(':');
    if (colon != std::string_view::npos && (slash == std::string_view::npos || colon > slash)) {
        image.tag = text.substr(colon + 1);
        text = text.substr(0, colon);
    }
    image.repository = text;
    return image;
}

std::string version_text(const Parts& image) {
    if (!image.tag.empty()) {
        return std::string(image.tag);
    }
    return image.digest.empty() ? "latest" : short_digest(image.digest);
}

}  // namespace

ImageRef read_image(std::string_view text) {
    const auto parts = take_apart(text);
    return {std::string(parts.repository), std::string(parts.tag), std::string(parts.digest)};
}

std::string to_text(const ImageRef& image) {
    std::string text = image.repository;
    if (!image.tag.empty()) {
        text += ":" + image.tag;
    }
    if (!image.digest.empty()) {
        text += "@" + image.digest;
    }
    return text;
}

std::string version_text(const ImageRef& image) {
    return version_text(Parts{image.repository, image.tag, image.digest});
}

std::string version_of_image(std::string_view image) {
    return version_text(take_apart(image));
}

std::string short_digest(std::string_view digest) {
    const auto colon = digest.find(':');
    return std::string(digest.substr(colon == std::string_view::npos ? 0 : colon + 1).substr(0, 12)
    );
}

TagForm check_tag(std::string_view tag) {
    if (tag.empty()) {
        return TagForm::empty;
    }
    if (tag.size() > 128) {
        return TagForm::too_long;
    }
    const auto is_word = [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
    };
    const bool good = is_word(tag[0]) && std::ranges::all_of(tag, [&](char c) {
                          return is_word(c) || c == '.' || c == '-';
                      });
    return good ? TagForm::good : TagForm::bad_character;
}

}  // namespace deployctl

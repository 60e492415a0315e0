// SPDX-License-Identifier: Apache-2.0
#include "model/image.hpp"

#include <catch2/catch.hpp>

using namespace deployctl;

TEST_CASE("an image is taken apart and put together", "[model]") {
    const auto [text, repository, tag, digest] =
        GENERATE(table<std::string, std::string, std::string, std::string>({
            {"web", "web", "", ""},
            {"web:v1", "web", "v1", ""},
            {"127.0.0.1:5000/shop/web", "127.0.0.1:5000/shop/web", "", ""},
            {"127.0.0.1:5000/shop/web:v2", "127.0.0.1:5000/shop/web", "v2", ""},
            {"reg/web@sha256:9ab1", "reg/web", "", "sha256:9ab1"},
            {"reg:5000/web:v2@sha256:9ab1", "reg:5000/web", "v2", "sha256:9ab1"},
        }));
    const auto image = read_image(text);
    CHECK(image == ImageRef{repository, tag, digest});
    CHECK(to_text(image) == text);
}

TEST_CASE("a version is the tag, else the short digest, else latest", "[model]") {
    CHECK(version_text(read_image("reg/web:v2@sha256:9ab1c2d3e4f5a6b7")) == "v2");
    CHECK(version_text(read_image("reg/web@sha256:9ab1c2d3e4f5a6b7")) == "9ab1c2d3e4f5");
    CHECK(version_text(read_image("reg/web")) == "latest");
    for (const auto* image : {"reg:5000/web:v2", "reg:5000/web", "web@sha256:9ab1c2d3e4f5a6", ""}) {
        CHECK(version_of_image(image) == version_text(read_image(image)));
    }
    CHECK(short_digest("9ab1c2d3e4f5a6b7") == "9ab1c2d3e4f5");
    CHECK(short_digest("sha256:9a") == "9a");
}

TEST_CASE("a tag is what a registry takes", "[model]") {
    const auto [tag, form] = GENERATE(table<std::string, TagForm>({
        {"v1.2.3", TagForm::good},
        {"_x", TagForm::good},
        {"2026-11-24", TagForm::good},
        {std::string(128, 'a'), TagForm::good},
        {std::string(129, 'a'), TagForm::too_long},
        {"", TagForm::empty},
        {".x", TagForm::bad_character},
        {"-x", TagForm::bad_character},
        {"a/b", TagForm::bad_character},
        {"a:b", TagForm::bad_character},
        {"v1 ", TagForm::bad_character},
        {"v\xc3\xa4", TagForm::bad_character},
        {"$(rm)", TagForm::bad_character},
    }));
    CAPTURE(tag);
    CHECK(check_tag(tag) == form);
}

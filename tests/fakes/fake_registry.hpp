// SPDX-License-Identifier: Apache-2.0
// An image registry that knows the tags it was told, and can be out of reach. One thread.
#pragma once

#include "ports/registry.hpp"

#include <map>
#include <string>

namespace deployctl::tests {

class FakeRegistry final : public Registry {
public:
    /// "registry/shop/web:v1", "sha256:9ab1...".
    FakeRegistry& has(const std::string& image, const std::string& digest) {
        digests_[image] = digest;
        return *this;
    }

    void go_away(const std::string& why = "connection refused") { failure_ = why; }

    void come_back() { failure_.clear(); }

    int questions() const { return questions_; }

    Task<TagAnswer> resolve(ImageRef image) override {
        ++questions_;
        co_return answer(image);
    }

private:
    TagAnswer answer(const ImageRef& image) const {
        if (!failure_.empty()) {
            return {TagAnswer::Kind::unreachable, "", failure_};
        }
        const auto found = digests_.find(image.repository + ":" + image.tag);
        return found == digests_.end()
                   ? TagAnswer{TagAnswer::Kind::no_such_tag, "", "no tag " + image.tag}
                   : TagAnswer{TagAnswer::Kind::found, found->second, ""};
    }

    std::map<std::string, std::string> digests_;
    std::string failure_;
    int questions_ = 0;
};

}  // namespace deployctl::tests

// SPDX-License-Identifier: Apache-2.0
#include "promotion/stands.hpp"

#include "model/image.hpp"

namespace deployctl::promotion {

namespace {

std::string told(const std::string& version, const std::string& digest) {
    return digest.empty() ? version : version + " (" + short_digest(digest) + ")";
}

}  // namespace

const Stand& Facts::at(const std::string& place) const {
    static const Stand nothing;
    const auto found = stands.find(place);
    return found == stands.end() ? nothing : found->second;
}

bool is_there(const Stand& stand, const Wanted& wanted) {
    if (stand.version.empty() || !stand.trouble.empty()) {
        return false;
    }
    return wanted.digest.empty() ? stand.version == wanted.version : stand.digest == wanted.digest;
}

std::string told(const Stand& stand) {
    return stand.version.empty() ? "nothing that is known" : told(stand.version, stand.digest);
}

std::string told(const Wanted& wanted) {
    return told(wanted.version, wanted.digest);
}

}  // namespace deployctl::promotion

// SPDX-License-Identifier: Apache-2.0
#include "readiness/earlier_result.hpp"

#include "documents/json.hpp"

#include <charconv>
#include <string_view>

namespace deployctl::readiness {

namespace {

/// "SHA256 EXIT-CODE BYTES-OF-OUT\n", then out and err.
constexpr std::size_t digest_size = 64;

std::string checked(const std::string& key, std::string_view rest) {
    return documents::sha256_hex(key + std::string(rest));
}

/// A number in front, with what stands behind it taken away as well.
template <class Number>
bool take(std::string_view& text, Number& number, char behind) {
    const auto* const end = text.data() + text.size();
    const auto [at, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc() || at == end || *at != behind) {
        return false;
    }
    text.remove_prefix(static_cast<std::size_t>(at + 1 - text.data()));
    return true;
}

}  // namespace

std::string key_of(const std::vector<std::string>& parts) {
    std::string all;
    for (const auto& part : parts) {
        all += std::to_string(part.size()) + ":" + part;
    }
    return documents::sha256_hex(all);
}

std::optional<EarlierResult> find_earlier(KeptResults& kept, const std::string& key) {
    const auto found = kept.find(key);
    if (!found || found->size() <= digest_size) {
        return std::nullopt;
    }
    std::string_view rest = *found;
    const auto digest = rest.substr(0, digest_size);
    rest.remove_prefix(digest_size);
    if (digest != checked(key, rest)) {
        return std::nullopt;
    }
    rest.remove_prefix(1);
    EarlierResult result;
    std::size_t out_size = 0;
    if (!take(rest, result.exit_code, ' ') || !take(rest, out_size, '\n') ||
        out_size > rest.size()) {
        return std::nullopt;
    }
    result.out = rest.substr(0, out_size);
    result.err = rest.substr(out_size);
    return result;
}

void keep_for_later(KeptResults& kept, const std::string& key, const EarlierResult& result) {
    const auto rest = " " + std::to_string(result.exit_code) + " " +
                      std::to_string(result.out.size()) + "\n" + result.out + result.err;
    kept.keep(key, checked(key, rest) + rest);
}

}  // namespace deployctl::readiness

// SPDX-License-Identifier: Apache-2.0
#include "model/url.hpp"

#include <cctype>

namespace deployctl {

std::string url_encode(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    constexpr std::string_view unreserved = "-_.~";
    std::string encoded;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if ((byte < 0x80 && std::isalnum(byte) != 0) || unreserved.find(c) != unreserved.npos) {
            encoded += c;
        } else {
            encoded += '%';
            encoded += digits[byte >> 4];
            encoded += digits[byte & 15];
        }
    }
    return encoded;
}

bool is_http_url(std::string_view text) {
    const auto scheme = text.find("://");
    if (!text.starts_with("http://") && !text.starts_with("https://")) {
        return false;
    }
    const auto rest = text.substr(scheme + 3);
    const auto host = rest.substr(0, rest.find('/'));
    return !host.empty() && host.find('@') == std::string_view::npos &&
           rest.find_first_of(" ?#") == std::string_view::npos;
}

}  // namespace deployctl

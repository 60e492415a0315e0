// SPDX-License-Identifier: Apache-2.0
#include "plugins/prometheus/access.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <string_view>

namespace deployctl::plugins {

namespace {

constexpr std::size_t longest_secret = 64UL * 1024;

struct FileText {
    std::string text;
    std::string failure;
};

FileText read_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::string text(longest_secret + 1, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (!file.is_open() || file.bad()) {
        return {"", path + " cannot be read: " + std::strerror(errno)};
    }
    text.resize(static_cast<std::size_t>(file.gcount()));
    if (text.size() > longest_secret) {
        return {"", path + " is larger than 64 KiB: it is no secret of a line"};
    }
    return {text, ""};
}

bool is_control(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    const auto begin = std::min(text.find_first_not_of(blanks), text.size());
    const auto end = text.find_last_not_of(blanks) + 1;
    return text.substr(begin, std::max(begin, end) - begin);
}

/// A password may end in blanks, an editor ends the file with a line break.
std::string_view without_line_end(std::string_view text) {
    text.remove_suffix(text.ends_with('\n') ? 1 : 0);
    text.remove_suffix(text.ends_with('\r') ? 1 : 0);
    return text;
}

std::string base64(std::string_view bytes) {
    constexpr std::string_view digits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        const auto three = bytes.substr(at, 3);
        std::uint32_t bits = 0;
        for (std::size_t i = 0; i < 3; ++i) {
            bits = bits << 8U | (i < three.size() ? static_cast<unsigned char>(three[i]) : 0U);
        }
        for (std::size_t i = 0; i < 4; ++i) {
            text += i <= three.size() ? digits[bits >> (18 - 6 * i) & 63U] : '=';
        }
    }
    return text;
}

PrometheusAccess missing(std::string failure) {
    return {{}, {}, std::move(failure)};
}

PrometheusAccess by_token(const std::string& path) {
    const auto file = read_file(path);
    if (!file.failure.empty()) {
        return missing("token_file " + file.failure);
    }
    const std::string token(trimmed(file.text));
    if (token.empty() || std::ranges::any_of(token, is_control)) {
        return missing("token_file " + path + " holds no token: one line of text is wanted");
    }
    return {{"Authorization: Bearer " + token}, {token}, ""};
}

PrometheusAccess by_password(const MetricsSource& source) {
    std::string password;
    if (!source.password_file.empty()) {
        const auto file = read_file(source.password_file);
        if (!file.failure.empty()) {
            return missing("password_file " + file.failure);
        }
        password = without_line_end(file.text);
    }
    const auto both = base64(source.username + ":" + password);
    return {{"Authorization: Basic " + both}, {password, both}, ""};
}

PrometheusAccess authorization(const MetricsSource& source) {
    if (!source.token_file.empty()) {
        return by_token(source.token_file);
    }
    return source.username.empty() ? PrometheusAccess{} : by_password(source);
}

/// Which of the files of TLS is not there; empty where all are.
std::string tls_failure(const MetricsSource& source) {
    const std::pair<const char*, const std::string&> files[] = {
        {"ca_file", source.ca_file},
        {"cert_file", source.cert_file},
        {"key_file", source.key_file},
    };
    for (const auto& [name, path] : files) {
        if (!path.empty() && !std::ifstream(path).is_open()) {
            return name + (" " + path) + " cannot be read: " + std::strerror(errno);
        }
    }
    return "";
}

/// A name and password in front of the host would be sent, and stand wherever the URL is told.
bool names_somebody(const std::string& url) {
    const auto scheme = url.find("://");
    const auto host = scheme == std::string::npos ? 0 : scheme + 3;
    return url.substr(host, url.find_first_of("/?#", host) - host).find('@') != std::string::npos;
}

}  // namespace

PrometheusAccess read_access(const MetricsSource& source) {
    if (names_somebody(source.url)) {
        return missing("its url names a user: write username and password_file instead");
    }
    if (auto failure = tls_failure(source); !failure.empty()) {
        return missing(std::move(failure));
    }
    auto access = authorization(source);
    for (const auto& [name, value] : source.headers) {
        auto header = name + ": " + value;
        if (std::ranges::any_of(header, is_control)) {
            return missing("one of its headers is more than a line of text");
        }
        access.headers.push_back(std::move(header));
    }
    return access;
}

std::string without_secrets(std::string text, const std::vector<std::string>& secrets) {
    constexpr std::string_view mask = "***";
    for (const auto& secret : secrets) {
        auto at = secret.empty() ? std::string::npos : text.find(secret);
        for (; at != std::string::npos; at = text.find(secret, at + mask.size())) {
            text.replace(at, secret.size(), mask);
        }
    }
    return text;
}

}  // namespace deployctl::plugins

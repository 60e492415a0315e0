// SPDX-License-Identifier: Apache-2.0
// A source of metrics, said in one line: a_source().url(...).token_file(...).
#pragma once

#include "model/metrics.hpp"

#include <string>
#include <utility>

namespace deployctl::tests {

class ASource {
public:
    ASource& url(std::string url) { return set(source_.url, std::move(url)); }

    ASource& token_file(std::string file) { return set(source_.token_file, std::move(file)); }

    ASource& username(std::string name) { return set(source_.username, std::move(name)); }

    ASource& password_file(std::string file) { return set(source_.password_file, std::move(file)); }

    ASource& ca_file(std::string file) { return set(source_.ca_file, std::move(file)); }

    ASource& cert_file(std::string file) { return set(source_.cert_file, std::move(file)); }

    ASource& key_file(std::string file) { return set(source_.key_file, std::move(file)); }

    ASource& header(const std::string& name, std::string value) {
        return set(source_.headers[name], std::move(value));
    }

    ASource& timeout(Duration timeout) { return set(source_.timeout, timeout); }

    ASource& retries(int retries) { return set(source_.retries, retries); }

    operator MetricsSource() const { return source_; }

private:
    template <class T>
    ASource& set(T& field, T value) {
        field = std::move(value);
        return *this;
    }

    MetricsSource source_;
};

inline ASource a_source() {
    return {};
}

}  // namespace deployctl::tests

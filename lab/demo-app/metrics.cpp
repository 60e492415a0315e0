// SPDX-License-Identifier: Apache-2.0
#include "metrics.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <unistd.h>

namespace demo {

namespace {

std::uint64_t resident_bytes() {
    std::ifstream file("/proc/self/statm");
    std::uint64_t total_pages = 0;
    std::uint64_t resident_pages = 0;
    file >> total_pages >> resident_pages;
    return resident_pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

}  // namespace

void Metrics::observe(int code, std::chrono::steady_clock::duration took) {
    (code == 200 ? ok_ : code == 404 ? not_found_ : failed_)++;
    const double seconds = std::chrono::duration<double>(took).count();
    const auto bucket = std::lower_bound(bounds.begin(), bounds.end(), seconds) - bounds.begin();
    in_bucket_[static_cast<std::size_t>(bucket)]++;
    microseconds_ += static_cast<std::uint64_t>(seconds * 1e6);
}

std::string Metrics::text(const std::string& version) const {
    std::ostringstream out;
    out << "# HELP http_requests_total Answers by status code, probes and scrapes left out.\n"
           "# TYPE http_requests_total counter\n"
        << "http_requests_total{code=\"200\"} " << ok_ << "\n"
        << "http_requests_total{code=\"404\"} " << not_found_ << "\n"
        << "http_requests_total{code=\"500\"} " << failed_ << "\n"
        << "# HELP http_request_seconds How long answers took.\n"
           "# TYPE http_request_seconds histogram\n";
    std::uint64_t so_far = 0;
    for (std::size_t i = 0; i < bounds.size(); ++i) {
        so_far += in_bucket_[i];
        out << "http_request_seconds_bucket{le=\"" << bounds[i] << "\"} " << so_far << "\n";
    }
    so_far += in_bucket_.back();
    out << "http_request_seconds_bucket{le=\"+Inf\"} " << so_far << "\n"
        << "http_request_seconds_sum " << static_cast<double>(microseconds_) / 1e6 << "\n"
        << "http_request_seconds_count " << so_far << "\n"
        << "# HELP process_resident_memory_bytes Memory in use.\n"
           "# TYPE process_resident_memory_bytes gauge\n"
        << "process_resident_memory_bytes " << resident_bytes() << "\n"
        << "# HELP demo_info The version that answers.\n"
           "# TYPE demo_info gauge\n"
        << "demo_info{version=\"" << version << "\"} 1\n";
    return out.str();
}

}  // namespace demo

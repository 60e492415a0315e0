// SPDX-License-Identifier: Apache-2.0
#include "cli/writable.hpp"

#include "model/error.hpp"

#include <cerrno>
#include <charconv>
#include <fcntl.h>
#include <filesystem>
#include <system_error>
#include <unistd.h>

namespace deployctl::cli {

namespace {

[[noreturn]] void refuse(
    const std::string& path, const std::string& option, const std::string& why
) {
    throw Error(
        ExitCode::usage,
        option + ": " + path + " cannot be written: " + why,
        "name a file in a folder that you may write to; nothing was started"
    );
}

void need_descriptor(const std::string& path, const std::string& option) {
    constexpr std::size_t prefix = 3;
    int number = -1;
    const auto* end = path.data() + path.size();
    const auto [stop, failure] = std::from_chars(path.data() + prefix, end, number);
    const int mode = failure == std::errc{} && stop == end ? ::fcntl(number, F_GETFL) : -1;
    if (mode < 0) {
        refuse(path, option, "no such descriptor is open");
    }
    if ((mode & O_ACCMODE) == O_RDONLY) {
        refuse(path, option, "it is open for reading only");
    }
}

}  // namespace

void need_writable(const std::string& path, const std::string& option) {
    if (path.empty()) {
        return;
    }
    if (path.starts_with("fd:")) {
        need_descriptor(path, option);
        return;
    }
    std::error_code failure;
    if (std::filesystem::is_directory(path, failure)) {
        refuse(path, option, "it is a folder");
    }
    const bool is_there = std::filesystem::exists(path, failure);
    auto folder = std::filesystem::path(path).parent_path();
    const auto asked = is_there ? path : folder.empty() ? std::string(".") : folder.string();
    if (::access(asked.c_str(), is_there ? W_OK : W_OK | X_OK) != 0) {
        refuse(path, option, std::generic_category().message(errno));
    }
}

}  // namespace deployctl::cli

// SPDX-License-Identifier: Apache-2.0
#include "cli/report_file.hpp"

#include "cli/output/style.hpp"
#include "model/error.hpp"
#include "plugins/system/descriptor.hpp"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace deployctl::cli {

namespace {

[[noreturn]] void refuse(const std::string& path, const std::string& why) {
    throw Error(
        ExitCode::usage,
        printable(path) + " cannot be written: " + why,
        "name an ordinary file with --out, or one that is not there yet"
    );
}

/// Should another one come after this look: a rename replaces a link, and follows none.
void need_ordinary(const std::string& path) {
    struct stat facts {};

    if (lstat(path.c_str(), &facts) != 0) {
        return;
    }
    if (S_ISLNK(facts.st_mode)) {
        refuse(path, "it is a link");
    }
    if (!S_ISREG(facts.st_mode)) {
        refuse(path, S_ISDIR(facts.st_mode) ? "it is a folder" : "it is no ordinary file");
    }
}

}  // namespace

void write_report_file(const std::string& path, std::string_view text) {
    need_ordinary(path);
    auto unfinished = path + ".XXXXXX";
    const plugins::Descriptor file(mkostemp(unfinished.data(), O_CLOEXEC));  // new, 0600
    if (!file.is_open()) {
        refuse(path, plugins::words_for(errno));
    }
    const bool is_whole = plugins::write_whole(file.number(), text) && fsync(file.number()) == 0;
    if (!is_whole || rename(unfinished.c_str(), path.c_str()) != 0) {
        const auto why = plugins::words_for(errno);
        unlink(unfinished.c_str());
        refuse(path, why);
    }
}

}  // namespace deployctl::cli

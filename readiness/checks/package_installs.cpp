// SPDX-License-Identifier: Apache-2.0
#include "readiness/checks/package_installs.hpp"

#include "readiness/patterns.hpp"

#include <algorithm>
#include <array>

namespace deployctl::readiness {

namespace {

struct Installer {
    std::string_view programs;  ///< between spaces
    std::string_view verbs;
    PackageOrigin origin;
    RE2 pin;                      ///< what a package with a version matches
    std::string_view example;     ///< after the package's name
    std::string_view pins_all;    ///< options by which all of them have one
    std::string_view with_value;  ///< options whose next word is no package
};

constexpr auto language = PackageOrigin::language;
constexpr auto os = PackageOrigin::system;

const std::array<Installer, 10>& installers() {
    static const std::array<Installer, 10> all = {{
        {" apt-get apt aptitude ",
         " install ",
         os,
         "=.",
         "=VERSION",
         "",
         " -t --target-release -o --option -c "},
        {" apk ",
         " add ",
         os,
         "[=~<>]",
         "=VERSION",
         "",
         " -t --virtual -X --repository --keys-dir -p --root --arch "},
        {" yum dnf microdnf ",
         " install ",
         os,
         "-[0-9]",
         "-VERSION",
         "",
         " --enablerepo --disablerepo --installroot --releasever -c "},
        {" zypper ", " install in ", os, "[=<>]", "=VERSION", "", " -r --repo --from "},
        {" pip pip3 ",
         " install ",
         language,
         "==|@|~=",
         "==VERSION",
         " -c --constraint --require-hashes ",
         " -r --requirement -c --constraint -i --index-url --extra-index-url -f --find-links -t "
         "--target --prefix --root -e --editable --trusted-host --cache-dir --timeout --retries "
         "--proxy "},
        {" npm pnpm ",
         " install i add ",
         language,
         "^@?[^@]+@[~^]?[0-9$]",
         "@VERSION",
         "",
         " --prefix --registry -C --omit --cache "},
        {" yarn ", " add ", language, "^@?[^@]+@[~^]?[0-9$]", "@VERSION", "", " --cwd --registry "},
        {" gem ",
         " install ",
         language,
         ":[0-9$]",
         ":VERSION",
         " -v --version ",
         " -v --version -s --source -n --bindir -i --install-dir "},
        {" go ", " install get ", language, "@[^l]", "@VERSION", "", " -ldflags -tags -o -p "},
        {" cargo ",
         " install ",
         language,
         "@[0-9$]",
         "@VERSION",
         " --version --vers --path --git ",
         " --version --vers --path --git --root --rev --tag --features --branch "},
    }};
    return all;
}

bool is_listed(std::string_view words, std::string_view word) {
    return !word.empty() && words.find(" " + std::string(word) + " ") != words.npos;
}

std::vector<std::string_view> split(std::string_view text) {
    std::vector<std::string_view> words;
    while (!text.empty()) {
        const auto end = std::min(text.find(' '), text.size());
        if (end > 0) {
            words.push_back(text.substr(0, end));
        }
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return words;
}

/// A file, a folder, an address: nothing that a version belongs to.
bool is_a_place(std::string_view word) {
    static const RE2 place("^\\.|^/|://|^git\\+|\\.(whl|deb|rpm|apk|tgz|gem|txt|tar\\.gz)$");
    return is_found(place, word);
}

const Installer* installer_of(std::string_view program) {
    const auto* const found = std::ranges::find_if(installers(), [&](const Installer& installer) {
        return is_listed(installer.programs, program);
    });
    return found == installers().end() ? nullptr : found;
}

struct Call {
    std::string_view program;
    std::vector<std::string_view> words;
};

/// `python -m pip install` is `pip install`.
Call call_of(const documents::Node& command) {
    Call call{command.text_at("program"), split(command.text_at("args"))};
    const auto program = call.program.substr(0, call.program.find_first_of("0123456789."));
    const bool is_module = program == "python" && call.words.size() > 1 && call.words[0] == "-m";
    if (is_module) {
        call.program = call.words[1];
        call.words.erase(call.words.begin(), call.words.begin() + 2);
    } else if (call.program.starts_with("pip3.")) {
        call.program = "pip3";
    }
    return call;
}

void take(PackageInstall& install, const Installer& installer, std::string_view word) {
    if (is_a_place(word) || is_found(installer.pin, word)) {
        return;
    }
    if (word.find('$') != word.npos) {
        install.has_unknown = true;
    } else {
        install.loose.emplace_back(word);
    }
}

}  // namespace

std::optional<PackageInstall> read_install(const documents::Node& command) {
    const auto call = call_of(command);
    const auto* const installer = installer_of(call.program);
    if (installer == nullptr) {
        return std::nullopt;
    }
    const auto verb = std::ranges::find_if(call.words, [&](std::string_view word) {
        return is_listed(installer->verbs, word);
    });
    if (verb == call.words.end()) {
        return std::nullopt;
    }
    PackageInstall install;
    install.origin = installer->origin;
    install.manager = call.program;
    bool pins_all = false;
    std::size_t named = 0;
    for (auto word = verb + 1; word < call.words.end(); ++word) {
        if (word->starts_with('-')) {
            pins_all = pins_all || is_listed(installer->pins_all, word->substr(0, word->find('=')));
            word += is_listed(installer->with_value, *word) && word + 1 < call.words.end() ? 1 : 0;
            continue;
        }
        take(install, *installer, *word);
        ++named;
    }
    if (pins_all) {
        install.loose.clear();
    } else if (!install.loose.empty()) {
        install.example = install.loose.front().substr(0, install.loose.front().find('@', 1)) +
                          std::string(installer->example);
    }
    return named == 0 ? std::nullopt : std::optional(std::move(install));
}

}  // namespace deployctl::readiness

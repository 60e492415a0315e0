// SPDX-License-Identifier: Apache-2.0
#include "plugins/system/program_identity.hpp"

#include <cstring>
#include <elf.h>
#include <link.h>
#include <string_view>

namespace deployctl::plugins {

namespace {

std::string hex(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const char byte : bytes) {
        const auto number = static_cast<unsigned char>(byte);
        text += digits[number >> 4U];
        text += digits[number & 15U];
    }
    return text;
}

std::size_t padded(std::size_t size) {
    return (size + 3) / 4 * 4;
}

/// The build id among the notes of a segment, each a head, a name and a description.
std::string_view build_id_among(std::string_view notes) {
    while (notes.size() >= sizeof(ElfW(Nhdr))) {
        ElfW(Nhdr) head;
        std::memcpy(&head, notes.data(), sizeof head);
        notes.remove_prefix(sizeof head);
        const auto name_size = padded(head.n_namesz);
        const auto size = name_size + padded(head.n_descsz);
        if (size > notes.size()) {
            return {};
        }
        const bool is_gnu = notes.starts_with(std::string_view("GNU\0", 4));
        if (head.n_type == NT_GNU_BUILD_ID && is_gnu) {
            return notes.substr(name_size, head.n_descsz);
        }
        notes.remove_prefix(size);
    }
    return {};
}

/// The program itself comes first, then its libraries.
int take_first(dl_phdr_info* object, std::size_t /*size*/, void* identity) {
    for (int i = 0; i < object->dlpi_phnum; ++i) {
        const auto& segment = object->dlpi_phdr[i];
        if (segment.p_type != PT_NOTE) {
            continue;
        }
        const auto* const start =
            reinterpret_cast<const char*>(object->dlpi_addr + segment.p_vaddr);
        const auto found = build_id_among({start, segment.p_memsz});
        if (!found.empty()) {
            *static_cast<std::string*>(identity) = hex(found);
            break;
        }
    }
    return 1;
}

}  // namespace

std::string program_identity() {
    std::string identity;
    dl_iterate_phdr(take_first, &identity);
    return identity;
}

}  // namespace deployctl::plugins

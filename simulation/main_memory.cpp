// SPDX-License-Identifier: Apache-2.0
// Where deployctl-simulate takes small pieces of memory from. A play makes and drops millions of
// nodes and texts, each play the same ones again: a list of free pieces for each size, never given
// back, is what malloc's care for other programs costs less. Part of this one program only; each
// thread has lists of its own. Under AddressSanitizer, which has to see every piece, left out.
#ifndef __SANITIZE_ADDRESS__

#include <array>
#include <cstddef>
#include <cstdlib>
#include <new>

namespace {

constexpr std::size_t grain = 16;
constexpr std::size_t largest = 1024;
constexpr std::size_t slab = 256 * 1024;
/// Of a piece that is too large for a list: malloc's.
constexpr std::size_t no_list = 0;

/// Stands before each piece: a delete may not know the size.
struct alignas(grain) Head {
    std::size_t list;
};

struct FreePiece {
    FreePiece* next;
};

struct Lists {
    std::array<FreePiece*, largest / grain + 1> free;  // the n-th: of n grains
    std::byte* rest;                                   // of the slab that is being cut
    std::byte* end;
};

constinit thread_local Lists lists{};

void* from_malloc(std::size_t size) {
    void* memory = std::malloc(size);
    if (memory == nullptr) {
        throw std::bad_alloc();
    }
    return memory;
}

void* with_head(void* memory, std::size_t list) {
    return new (memory) Head{list} + 1;
}

void* cut(std::size_t list) {
    const auto size = sizeof(Head) + list * grain;
    if (static_cast<std::size_t>(lists.end - lists.rest) < size) {
        lists.rest = static_cast<std::byte*>(from_malloc(slab));
        lists.end = lists.rest + slab;
    }
    auto* memory = lists.rest;
    lists.rest += size;
    return with_head(memory, list);
}

}  // namespace

void* operator new(std::size_t size) {
    const auto list = size == 0 ? 1 : (size + grain - 1) / grain;
    if (size > largest) {
        return with_head(from_malloc(sizeof(Head) + size), no_list);
    }
    auto*& first = lists.free[list];
    if (first == nullptr) {
        return cut(list);
    }
    void* piece = first;
    first = first->next;
    return piece;
}

void operator delete(void* piece) noexcept {
    if (piece == nullptr) {
        return;
    }
    auto* head = static_cast<Head*>(piece) - 1;
    if (head->list == no_list) {
        std::free(head);
        return;
    }
    auto*& first = lists.free[head->list];
    first = new (piece) FreePiece{first};
}

void operator delete(void* piece, std::size_t) noexcept {
    operator delete(piece);
}

#endif

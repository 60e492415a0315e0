// SPDX-License-Identifier: Apache-2.0
// A map from texts, sorted by them, whose entries lie side by side: made for maps of a few entries
// that are copied and read far more often than they grow. Used like a std::map, but that iterators
// and references hold only until an entry comes or goes. A value; any thread.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace deployctl {

template <class T>
class SortedMap {
public:
    using key_type = std::string;
    using mapped_type = T;
    using value_type = std::pair<std::string, T>;
    using iterator = typename std::vector<value_type>::iterator;
    using const_iterator = typename std::vector<value_type>::const_iterator;

    SortedMap() = default;

    /// Of two entries with one key the first counts.
    SortedMap(std::initializer_list<value_type> entries) {
        entries_.reserve(entries.size());
        insert(entries.begin(), entries.end());
    }

    iterator begin() { return entries_.begin(); }

    iterator end() { return entries_.end(); }

    const_iterator begin() const { return entries_.begin(); }

    const_iterator end() const { return entries_.end(); }

    std::size_t size() const { return entries_.size(); }

    bool empty() const { return entries_.empty(); }

    void reserve(std::size_t size) { entries_.reserve(size); }

    iterator find(std::string_view key) { return begin() + distance_to(key); }

    const_iterator find(std::string_view key) const { return begin() + distance_to(key); }

    bool contains(std::string_view key) const { return find(key) != end(); }

    /// Throws std::out_of_range where the key is not there.
    const T& at(std::string_view key) const {
        const auto found = find(key);
        if (found == end()) {
            throw std::out_of_range("no entry " + std::string(key));
        }
        return found->second;
    }

    T& operator[](std::string_view key) {
        if (const auto found = find(key); found != end()) {
            return found->second;
        }
        return entries_
            .emplace(
                place_of(key),
                std::piecewise_construct,
                std::forward_as_tuple(key),
                std::forward_as_tuple()
            )
            ->second;
    }

    /// What is there already stays as it is.
    template <class Key>
    std::pair<iterator, bool> emplace(Key&& key, T value) {
        const auto place = place_of(key);
        if (place != end() && place->first == key) {
            return {place, false};
        }
        return {entries_.emplace(place, std::forward<Key>(key), std::move(value)), true};
    }

    template <class Iterator>
    void insert(Iterator first, Iterator last) {
        for (; first != last; ++first) {
            emplace(first->first, first->second);
        }
    }

    /// How many that were: one or none.
    std::size_t erase(std::string_view key) {
        const auto found = find(key);
        if (found == end()) {
            return 0;
        }
        entries_.erase(found);
        return 1;
    }

    template <class Predicate>
    friend std::size_t erase_if(SortedMap& map, Predicate is_meant) {
        return std::erase_if(map.entries_, is_meant);
    }

    friend bool operator==(const SortedMap&, const SortedMap&) = default;

private:
    /// So few are found sooner by looking at each: most keys differ in length.
    static constexpr std::size_t few = 16;

    static bool is_same(const std::string& one, std::string_view other) {
        const auto size = other.size();
        if (one.size() != size) {
            return false;
        }
        if (size >= sizeof(std::uint64_t) && size <= 2 * sizeof(std::uint64_t)) {
            return has_same_ends<std::uint64_t>(one.data(), other.data(), size);
        }
        if (size >= sizeof(std::uint32_t) && size < sizeof(std::uint64_t)) {
            return has_same_ends<std::uint32_t>(one.data(), other.data(), size);
        }
        return one == other;
    }

    /// Two words that overlap are all of a short text: told without a call, as most keys are short.
    template <class Word>
    static bool has_same_ends(const char* one, const char* other, std::size_t size) {
        const auto last = size - sizeof(Word);
        return word_at<Word>(one) == word_at<Word>(other) &&
               word_at<Word>(one + last) == word_at<Word>(other + last);
    }

    template <class Word>
    static Word word_at(const char* place) {
        Word word{};
        std::memcpy(&word, place, sizeof word);
        return word;
    }

    /// The size of the map where the key is not there.
    std::ptrdiff_t distance_to(std::string_view key) const {
        if (entries_.size() <= few) {
            const auto found = std::ranges::find_if(entries_, [key](const value_type& entry) {
                return is_same(entry.first, key);
            });
            return found - entries_.begin();
        }
        const auto place = std::ranges::lower_bound(entries_, key, {}, &value_type::first);
        const bool is_there = place != entries_.end() && place->first == key;
        return (is_there ? place : entries_.end()) - entries_.begin();
    }

    /// Where it stands or would stand. Most maps are made in the order of their keys.
    iterator place_of(std::string_view key) {
        if (entries_.empty() || entries_.back().first < key) {
            return entries_.end();
        }
        return std::ranges::lower_bound(entries_, key, {}, &value_type::first);
    }

    std::vector<value_type> entries_;
};

}  // namespace deployctl

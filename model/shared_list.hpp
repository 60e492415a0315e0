// SPDX-License-Identifier: Apache-2.0
// A list whose copies share it until one of them is written, and then still share each item that is
// not: what a look shows of one kind, most of which the next look shows again. A value; copies may
// be used by different threads.
#pragma once

#include "model/shared.hpp"

#include <compare>
#include <cstddef>
#include <initializer_list>
#include <iterator>
#include <utility>
#include <vector>

namespace deployctl {

template <class T>
class SharedList {
    using Items = std::vector<Shared<T>>;

public:
    using value_type = T;

    /// Only reads: whoever writes an item names its place.
    class const_iterator {
    public:
        using iterator_category = std::random_access_iterator_tag;
        using value_type = T;
        using difference_type = std::ptrdiff_t;
        using pointer = const T*;
        using reference = const T&;

        const_iterator() = default;

        explicit const_iterator(typename Items::const_iterator at) : at_(at) {}

        reference operator*() const { return at_->read(); }

        pointer operator->() const { return &at_->read(); }

        reference operator[](difference_type by) const { return at_[by].read(); }

        const_iterator& operator+=(difference_type by) {
            at_ += by;
            return *this;
        }

        const_iterator& operator-=(difference_type by) { return *this += -by; }

        const_iterator& operator++() { return *this += 1; }

        const_iterator& operator--() { return *this -= 1; }

        const_iterator operator++(int) { return std::exchange(*this, *this + 1); }

        const_iterator operator--(int) { return std::exchange(*this, *this - 1); }

        friend const_iterator operator+(const_iterator one, difference_type by) {
            return one += by;
        }

        friend const_iterator operator+(difference_type by, const_iterator one) {
            return one += by;
        }

        friend const_iterator operator-(const_iterator one, difference_type by) {
            return one -= by;
        }

        friend difference_type operator-(const_iterator one, const_iterator other) {
            return one.at_ - other.at_;
        }

        friend auto operator<=>(const const_iterator&, const const_iterator&) = default;

    private:
        typename Items::const_iterator at_;
    };

    using iterator = const_iterator;

    SharedList() = default;

    SharedList(std::initializer_list<T> items) : items_(Items(items.begin(), items.end())) {}

    const_iterator begin() const { return const_iterator(items_.read().begin()); }

    const_iterator end() const { return const_iterator(items_.read().end()); }

    std::size_t size() const { return items_.read().size(); }

    bool empty() const { return items_.read().empty(); }

    const T& operator[](std::size_t at) const { return items_.read()[at].read(); }

    const T& at(std::size_t place) const { return items_.read().at(place).read(); }

    const T& front() const { return items_.read().front().read(); }

    /// Of this list alone.
    T& write(std::size_t at) { return items_.write()[at].write(); }

    void push_back(T item) { items_.write().emplace_back(std::move(item)); }

    void push_back(Shared<T> item) { items_.write().push_back(std::move(item)); }

    void replace(const_iterator at, T item) {
        const auto place = at - begin();
        *(items_.write().begin() + place) = Shared<T>(std::move(item));
    }

    void insert(const_iterator before, T item) {
        const auto place = before - begin();
        auto& items = items_.write();
        items.emplace(items.begin() + place, std::move(item));
    }

    void erase(const_iterator at) {
        const auto place = at - begin();
        auto& items = items_.write();
        items.erase(items.begin() + place);
    }

    /// A copy of this one, and neither was written since: told without a look at the items.
    bool is_copy_of(const SharedList& other) const { return items_.is_copy_of(other.items_); }

private:
    Shared<Items> items_;
};

}  // namespace deployctl

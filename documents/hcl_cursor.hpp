// SPDX-License-Identifier: Apache-2.0
// A place in a text of HCL that moves forward and knows its line and column. Looks at the text and
// does not own it. One thread. The first mistake is kept and ends everything: the cursor is at the
// end then, and stays there, so no loop has to ask for it.
#pragma once

#include "documents/tree.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace deployctl::documents {

enum class Lines { end, go_on };  ///< what a line's end does

class HclCursor {
public:
    explicit HclCursor(std::string_view text);

    bool at_end() const { return at_ >= text_.size(); }

    /// The character there, or NUL behind the end.
    char peek(std::size_t ahead = 0) const {
        return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
    }

    Spot spot() const { return spot_; }

    void step(std::size_t count = 1);
    /// Steps over it where it is next.
    bool take(char wanted);
    void skip_blanks(Lines lines);
    /// A name from here on; empty where none begins.
    std::string_view take_name();

    struct Mark {
        std::size_t at = 0;
        Spot spot{1, 1};
    };

    Mark mark() const { return {at_, spot_}; }

    void back(const Mark& mark);
    std::string_view since(const Mark& mark) const;

    void fail(std::string what, Spot spot);

    struct Mistake {
        std::string what;  ///< empty where all is well
        Spot spot;
    };

    const Mistake& mistake() const { return mistake_; }

private:
    bool skip_comment();

    std::string_view text_;
    std::size_t at_ = 0;
    Spot spot_{1, 1};
    Mistake mistake_;
};

}  // namespace deployctl::documents

// SPDX-License-Identifier: Apache-2.0
// The frame of a page: its head with the style and the policy that allows just this style, and the
// words that its parts are made with. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace deployctl::readiness {

/// `body` is markup.
std::string html_page(std::string_view title, const std::string& body);
/// "<li>" each; the items are markup. Empty where there are none.
std::string html_list(const std::vector<std::string>& items);
/// Text, escaped, in an element of a class; without one where `kind` is empty.
std::string html_element(const char* name, const char* kind, std::string_view text);
/// A section with an anchor; its contents are markup.
std::string html_section(std::string_view id, std::string_view title, const std::string& markup);

}  // namespace deployctl::readiness

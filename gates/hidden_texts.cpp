// SPDX-License-Identifier: Apache-2.0
#include "gates/hidden_texts.hpp"

#include "documents/json.hpp"

#include <algorithm>

namespace deployctl::gates {

namespace {

constexpr std::size_t shortest_secret = 6;
constexpr std::size_t run_length = 10;

/// As a text of JSON, without its quotes.
std::string in_json(std::string_view text) {
    const auto written = documents::write_json(Value(std::string(text)));
    return written.substr(1, written.size() - 2);
}

/// Go writes JSON so that it may stand in HTML: `<` is `\u003c`.
std::string in_json_of_go(std::string_view json) {
    std::string text;
    for (const char c : json) {
        switch (c) {
            case '<': text += "\\u003c"; break;
            case '>': text += "\\u003e"; break;
            case '&': text += "\\u0026"; break;
            default: text += c;
        }
    }
    return text;
}

/// The password of "scheme://user:password@host"; empty where there is none.
std::string_view password_in(std::string_view text) {
    const auto scheme = text.find("://");
    const auto at = text.rfind('@');
    if (scheme == text.npos || at == text.npos || at < scheme + 3) {
        return "";
    }
    const auto user = text.substr(scheme + 3, at - scheme - 3);
    const auto colon = user.find(':');
    return colon == user.npos ? "" : user.substr(colon + 1);
}

}  // namespace

HiddenTexts::HiddenTexts(const Value& manifest) {
    add_members(manifest.at("/metadata/annotations"));
    add_members(manifest.at("/spec/template/metadata/annotations"));
    const auto& pod = manifest.at("/spec/template/spec");
    for (const auto* list : {"/containers", "/initContainers", "/ephemeralContainers"}) {
        for (const auto& container : pod.items(list)) {
            add_container(container);
        }
    }
}

HiddenTexts::HiddenTexts(const std::vector<std::string>& secrets) {
    for (const auto& secret : secrets) {
        add(secret);
    }
}

void HiddenTexts::add_container(const Value& container) {
    for (const auto& variable : container.items("/env")) {
        add(variable.text("/value"));
    }
    add_lines(container.at("/args"));
    add_lines(container.at("/command"));
    for (const auto* handler :
         {"/livenessProbe",
          "/readinessProbe",
          "/startupProbe",
          "/lifecycle/postStart",
          "/lifecycle/preStop"}) {
        add_handler(container.at(handler));
    }
}

void HiddenTexts::add_handler(const Value& handler) {
    for (const auto& header : handler.items("/httpGet/httpHeaders")) {
        add(header.text("/value"));
    }
    add_lines(handler.at("/exec/command"));
}

void HiddenTexts::add_lines(const Value& list) {
    for (const auto& line : list.items()) {
        add(line.text(""));
    }
}

void HiddenTexts::add_members(const Value& map) {
    if (!map.is_object()) {
        return;
    }
    for (const auto& [name, value] : map.members()) {
        add(value.text(""));
    }
}

/// And what stands in it by itself: the value of `--token=...`, the password of a URL.
void HiddenTexts::add(std::string_view secret) {
    const auto equals = secret.find('=');
    const auto value = equals == secret.npos ? "" : secret.substr(equals + 1);
    for (const auto part : {secret, value, password_in(secret)}) {
        if (part.size() >= shortest_secret) {
            const auto json = in_json(part);
            add_form(std::string(part));
            add_form(json);
            add_form(in_json_of_go(json));
        }
    }
}

void HiddenTexts::add_form(const std::string& form) {
    if (form.size() < run_length) {
        forms_.push_back(form);
    }
    for (std::size_t at = 0; at + run_length <= form.size(); ++at) {
        runs_.insert(form.substr(at, run_length));
    }
}

std::string HiddenTexts::without(std::string_view text) const {
    std::vector<bool> is_hidden(text.size(), false);
    const auto hide = [&](std::size_t from, std::size_t length) {
        std::fill_n(is_hidden.begin() + static_cast<std::ptrdiff_t>(from), length, true);
    };
    for (const auto& form : forms_) {
        for (auto at = text.find(form); at != text.npos; at = text.find(form, at + 1)) {
            hide(at, form.size());
        }
    }
    for (std::size_t at = 0; at + run_length <= text.size(); ++at) {
        if (runs_.contains(text.substr(at, run_length))) {
            hide(at, run_length);
        }
    }
    std::string told;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (!is_hidden[at]) {
            told += text[at];
        } else if (at == 0 || !is_hidden[at - 1]) {
            told += "***";
        }
    }
    return told;
}

}  // namespace deployctl::gates

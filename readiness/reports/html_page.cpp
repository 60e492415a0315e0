// SPDX-License-Identifier: Apache-2.0
#include "readiness/reports/html_page.hpp"

#include "documents/json.hpp"
#include "readiness/reports/escaping.hpp"

#include <array>
#include <cstdint>

namespace deployctl::readiness {

namespace {

constexpr std::string_view style = R"(
:root { color-scheme: light dark; --ink: #1b1f24; --dim: #57606a; --page: #ffffff; --line: #d0d7de;
  --sure: #1f6feb; --open: #a5c8fa; --track: #eaeef2; --good: #1a7f37; --bad: #cf222e; --warn: #9a6700; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --dim: #9da7b1; --page: #0d1117;
  --line: #30363d; --sure: #4493f8; --open: #23497f; --track: #21262d; --good: #3fb950; --bad: #ff7b72; --warn: #d29922; } }
body { margin: 0 auto; max-width: 60rem; padding: 1.5rem; font: 16px/1.5 system-ui, sans-serif;
  color: var(--ink); background: var(--page); }
h1 { font-size: 1.6rem; margin: 0 0 .3rem; } h2 { font-size: 1.25rem; margin: 2rem 0 .6rem;
  border-bottom: 1px solid var(--line); } h3 { font-size: 1.05rem; margin: 1.4rem 0 .3rem; }
h4 { font-size: .95rem; margin: .8rem 0 .2rem; }
p, ul, ol { margin: .3rem 0; } li { margin: .15rem 0; }
code { font: .85em ui-monospace, monospace; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
th, td { text-align: left; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--line); vertical-align: top;
  overflow-wrap: anywhere; }
td.number, th.number { text-align: right; white-space: nowrap; }
.dim { color: var(--dim); } .good { color: var(--good); } .bad { color: var(--bad); } .warn { color: var(--warn); }
.verdict { font-weight: 700; border: 2px solid; border-radius: .4rem; padding: .1rem .6rem; display: inline-block; }
.summary { display: flex; gap: 2rem; flex-wrap: wrap; align-items: center; }
.summary svg { width: 150px; flex: none; }
.mend { display: block; color: var(--dim); }
svg { max-width: 100%; height: auto; display: block; } svg text { fill: var(--ink); font-size: 13px; }
circle { fill: none; stroke-width: 16; } circle.track { stroke: var(--track); } circle.sure { stroke: var(--sure); }
circle.open { stroke: var(--open); } circle.mark { stroke: var(--ink); stroke-width: 22; }
circle.dot { fill: var(--sure); stroke: none; }
rect.track { fill: var(--track); } rect.sure { fill: var(--sure); } rect.open { fill: var(--open); }
line.limit { stroke: var(--ink); stroke-dasharray: 4 3; } line.axis { stroke: var(--line); }
polyline { fill: none; stroke-width: 2; } polyline.line { stroke: var(--sure); }
polyline.line-open { stroke: var(--open); stroke-dasharray: 5 3; }
svg text.big { font-size: 24px; font-weight: 700; text-anchor: middle; }
svg text.small { font-size: 12px; text-anchor: middle; } svg text.small-right { font-size: 12px; text-anchor: end; }
svg text.small-left { font-size: 12px; }
@media print { body { max-width: none; padding: 0; } section { break-inside: avoid-page; } }
)";

int digit_of(char hexadecimal) {
    return hexadecimal <= '9' ? hexadecimal - '0' : hexadecimal - 'a' + 10;
}

/// As a policy names a style: the digest in base64.
std::string base64_of_hex(std::string_view hexadecimal) {
    constexpr std::string_view letters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    std::uint32_t bits = 0;
    int held = 0;
    for (const char c : hexadecimal) {
        bits = (bits << 4U | static_cast<std::uint32_t>(digit_of(c))) & 0xFFFFU;
        held += 4;
        if (held >= 6) {
            held -= 6;
            text += letters[(bits >> static_cast<unsigned>(held)) & 63U];
        }
    }
    if (held > 0) {
        text += letters[(bits << static_cast<unsigned>(6 - held)) & 63U];
    }
    text.append((4 - text.size() % 4) % 4, '=');
    return text;
}

}  // namespace

std::string html_page(std::string_view title, const std::string& body) {
    const auto digest = base64_of_hex(documents::sha256_hex(style));
    return "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
           "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
           "'sha256-" +
           digest +
           "'; base-uri 'none'; form-action 'none'\">\n"
           "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
           "<meta name=\"referrer\" content=\"no-referrer\">\n<title>" +
           escape_markup(title) + "</title>\n<style>" + std::string(style) +
           "</style>\n</head>\n<body>\n" + body + "</body>\n</html>\n";
}

std::string html_list(const std::vector<std::string>& items) {
    std::string list;
    for (const auto& item : items) {
        list += "<li>" + item + "</li>\n";
    }
    return items.empty() ? "" : "<ul>\n" + list + "</ul>\n";
}

std::string html_element(const char* name, const char* kind, std::string_view text) {
    const std::string of_kind = *kind == '\0' ? "" : std::string(" class=\"") + kind + "\"";
    return std::string("<") + name + of_kind + ">" + escape_markup(text) + "</" + name + ">";
}

std::string html_section(std::string_view id, std::string_view title, const std::string& markup) {
    return "<section id=\"" + escape_markup(id) + "\">\n<h2>" + escape_markup(title) + "</h2>\n" +
           markup + "</section>\n";
}

}  // namespace deployctl::readiness

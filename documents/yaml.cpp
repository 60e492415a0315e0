// SPDX-License-Identifier: Apache-2.0
#include "documents/yaml.hpp"

#include "documents/yaml_broken.hpp"
#include "documents/yaml_documents.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <map>
#include <set>
#include <sstream>
#include <utility>

namespace deployctl::documents {

namespace {

constexpr std::size_t first_taste = 64U << 10U;

/// Ends the reading early; what is wrong is already in the diagnostics.
struct Stop {};

struct Kept {
    YamlNode node;
    std::size_t nodes = 0;
    int height = 0;
};

struct Frame {
    YamlNode node;
    YAML::anchor_t anchor = 0;
    std::size_t nodes = 1;
    int height = 1;
    std::string key;
    YamlPlace key_place;
    bool has_key = false;
    std::set<std::string> keys;
};

/// Counts columns while marks move forward, so that a long line costs its length once.
class Columns {
public:
    explicit Columns(const YamlSource& source) : source_(source) {}

    YamlPlace place(const YAML::Mark& mark) {
        if (mark.line != line_ || mark.column < byte_) {
            line_ = mark.line;
            byte_ = 0;
            characters_ = 0;
        }
        const auto between = static_cast<std::size_t>(mark.column - byte_);
        characters_ += count_characters(source_.rest_of_line(line_, byte_).substr(0, between));
        byte_ = mark.column;
        return {line_ + 1, characters_ + 1, 1};
    }

private:
    const YamlSource& source_;
    int line_ = 0;
    int byte_ = 0;
    int characters_ = 0;
};

class TreeBuilder final : public YAML::EventHandler {
public:
    TreeBuilder(const YamlSource& source, YamlDocuments& result)
        : source_(source), result_(result), columns_(source) {}

    void OnDocumentStart(const YAML::Mark&) override { anchors_.clear(); }

    void OnDocumentEnd() override {}

    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        YamlNode node;
        node.place = columns_.place(mark);
        count(node.place);
        put({std::move(node), 1, 0}, anchor);
    }

    void OnScalar(
        const YAML::Mark& mark,
        const std::string& tag,
        YAML::anchor_t anchor,
        const std::string& value
    ) override {
        YamlNode node;
        const bool plain =
            tag == "?" || tag.empty() || (tag.starts_with("tag:") && !tag.ends_with(":str"));
        node.kind = plain ? YamlKind::plain : YamlKind::quoted;
        node.text = value;
        node.place = columns_.place(mark);
        node.place.width = width(source_.rest_of_line(mark.line, mark.column), value);
        count(node.place);
        if (node.kind == YamlKind::quoted && !closes(source_.from(mark.line, mark.column))) {
            result_.diagnostics.push_back(unclosed_quote(source_, node.place));
            throw Stop{};
        }
        put({std::move(node), 1, 0}, anchor);
    }

    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        const auto place = columns_.place(mark);
        const auto kept = anchors_.find(anchor);
        if (kept == anchors_.end()) {
            fail(
                "C1006", "an alias inside of what it stands for", "write out what is meant", place
            );
        }
        if (static_cast<int>(stack_.size()) + kept->second.height > YamlLimits::depth) {
            fail_too_deep(place);
        }
        spend(kept->second.nodes, place);
        auto copy = kept->second;
        copy.node.place = place;
        put(std::move(copy), 0);
    }

    void OnSequenceStart(
        const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor, YAML::EmitterStyle::value
    ) override {
        open(YamlKind::list, mark, anchor);
    }

    void OnSequenceEnd() override { close(); }

    void OnMapStart(
        const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor, YAML::EmitterStyle::value
    ) override {
        open(YamlKind::map, mark, anchor);
    }

    void OnMapEnd() override { close(); }

    /// Where the list or map begins that is being read; line 0 where there is none.
    YamlPlace innermost() const { return stack_.empty() ? YamlPlace{} : stack_.back().node.place; }

private:
    static int width(std::string_view rest, const std::string& value) {
        if (rest.starts_with(value)) {
            return count_characters(value);
        }
        if (!rest.empty() && (rest[0] == '"' || rest[0] == '\'')) {
            const auto end = rest.find(rest[0], 1);
            return count_characters(rest.substr(0, end == std::string_view::npos ? end : end + 1));
        }
        return 1;
    }

    /// The library takes the end of the file for a closing quote.
    static bool closes(std::string_view text) {
        if (text.empty() || (text[0] != '"' && text[0] != '\'')) {
            return true;
        }
        const char quote = text[0];
        for (std::size_t i = 1; i < text.size(); ++i) {
            if (quote == '"' && text[i] == '\\') {
                ++i;
            } else if (text[i] == quote) {
                if (quote == '"' || i + 1 >= text.size() || text[i + 1] != quote) {
                    return true;
                }
                ++i;
            }
        }
        return false;
    }

    [[noreturn]] void fail(
        const char* code, std::string message, const char* help, YamlPlace place
    ) {
        result_.diagnostics.push_back(source_.mistake(code, std::move(message), place));
        result_.diagnostics.back().help = help;
        throw Stop{};
    }

    [[noreturn]] void fail_too_deep(YamlPlace place) {
        const auto limit = std::to_string(YamlLimits::depth);
        fail("C1002", "nested deeper than " + limit + " levels", "nest it less", place);
    }

    void count(YamlPlace place) {
        if (++total_ > YamlLimits::nodes) {
            const auto limit = std::to_string(YamlLimits::nodes);
            fail("C1002", "more than " + limit + " values", "take it apart into files", place);
        }
    }

    void spend(std::size_t nodes, YamlPlace place) {
        expanded_ += nodes;
        if (expanded_ > YamlLimits::expanded_nodes) {
            const auto limit = std::to_string(YamlLimits::expanded_nodes);
            fail(
                "C1002",
                "anchors and aliases stand for more than " + limit + " values",
                "write out what is meant",
                place
            );
        }
    }

    void open(YamlKind kind, const YAML::Mark& mark, YAML::anchor_t anchor) {
        Frame frame;
        frame.node.kind = kind;
        frame.node.place = columns_.place(mark);
        frame.anchor = anchor;
        count(frame.node.place);
        if (stack_.size() >= YamlLimits::depth) {
            fail_too_deep(frame.node.place);
        }
        stack_.push_back(std::move(frame));
    }

    void close() {
        auto frame = std::move(stack_.back());
        stack_.pop_back();
        if (frame.node.kind == YamlKind::map) {
            merge(frame);
        }
        put({std::move(frame.node), frame.nodes, frame.height}, frame.anchor);
    }

    void put(Kept kept, YAML::anchor_t anchor) {
        if (anchor != 0) {
            spend(kept.nodes, kept.node.place);
            anchors_[anchor] = kept;
        }
        if (stack_.empty()) {
            result_.roots.push_back(std::move(kept.node));
            return;
        }
        auto& top = stack_.back();
        top.nodes += kept.nodes;
        top.height = std::max(top.height, kept.height + 1);
        if (top.node.kind == YamlKind::list) {
            top.node.items.push_back(std::move(kept.node));
        } else if (top.has_key) {
            add_entry(top, std::move(kept.node));
        } else {
            take_key(top, kept.node);
        }
    }

    void take_key(Frame& top, const YamlNode& key) {
        if (!key.is_scalar()) {
            fail("C1006", "a key must be a plain text", "write the key as one word", key.place);
        }
        top.key = key.text;
        top.key_place = key.place;
        top.has_key = true;
    }

    void add_entry(Frame& top, YamlNode value) {
        top.has_key = false;
        if (!top.keys.insert(top.key).second) {
            if (result_.diagnostics.size() < YamlLimits::mistakes) {
                auto mistake =
                    source_.mistake("C1003", "`" + top.key + "` stands here twice", top.key_place);
                const auto* first = top.node.find(top.key);
                mistake.note =
                    "first in line " + std::to_string(first == nullptr ? 0 : first->place.line);
                mistake.help = "keep one of the two";
                result_.diagnostics.push_back(std::move(mistake));
            }
            return;
        }
        top.node.entries.push_back({top.key, top.key_place, std::move(value)});
    }

    /// `<<: *base` and `<<: [*one, *two]`: what the map itself says wins, then the earlier base.
    void merge(Frame& frame) {
        auto& entries = frame.node.entries;
        const auto found = std::ranges::find(entries, "<<", &YamlEntry::key);
        if (found == entries.end()) {
            return;
        }
        const auto merged = std::move(*found);
        entries.erase(found);
        const auto add = [&](const YamlNode& base) {
            if (base.kind != YamlKind::map) {
                fail(
                    "C1006",
                    "`<<` takes a map, or a list of maps",
                    "write `<<: *NAME`, where `&NAME` stands before a map",
                    merged.place
                );
            }
            for (const auto& entry : base.entries) {
                if (frame.keys.insert(entry.key).second) {
                    entries.push_back(entry);
                }
            }
        };
        if (merged.value.kind != YamlKind::list) {
            add(merged.value);
        }
        std::ranges::for_each(merged.value.items, add);
    }

    const YamlSource& source_;
    YamlDocuments& result_;
    Columns columns_;
    std::vector<Frame> stack_;
    std::map<YAML::anchor_t, Kept> anchors_;
    std::size_t total_ = 0;
    std::size_t expanded_ = 0;
};

void parse(
    const YamlSource& source, std::size_t bytes, TreeBuilder& builder, const YamlDocuments& result
) {
    std::istringstream stream{std::string(source.text().substr(0, bytes))};
    YAML::Parser parser(stream);
    while (result.roots.size() < result.at_most && parser.HandleNextDocument(builder)) {
    }
}

/// What the first `bytes` of the text say.
YamlDocuments read_beginning(const YamlSource& source, std::size_t bytes, std::size_t at_most) {
    YamlDocuments result;
    result.at_most = at_most;
    TreeBuilder builder(source, result);
    // The library speaks by exceptions; here, at its only border, they become mistakes that a
    // person reads.
    try {
        parse(source, bytes, builder, result);
    } catch (const Stop&) {
        return result;  // fail() has said why
    } catch (const YAML::Exception& problem) {
        const auto& mark = problem.mark;
        result.diagnostics.push_back(
            explain(source, {problem.msg, mark.line, mark.column, builder.innermost()})
        );
    } catch (const std::exception& problem) {
        result.diagnostics.push_back(
            source.mistake("C1001", std::string("not YAML: ") + problem.what(), {1, 1, 1})
        );
    }
    return result;
}

/// "0x1B"
std::string hex(char byte) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    const auto number = static_cast<unsigned char>(byte);
    return {'0', 'x', digits[number >> 4U], digits[number & 15U]};
}

bool is_over_a_limit(const YamlDocuments& documents) {
    return std::ranges::find(documents.diagnostics, "C1002", &Diagnostic::code) !=
           documents.diagnostics.end();
}

}  // namespace

YamlDocuments read_documents(const YamlSource& source, std::size_t at_most) {
    YamlDocuments result;
    result.at_most = at_most;
    if (source.text().size() > YamlLimits::bytes) {
        const auto limit = std::to_string(YamlLimits::bytes >> 20U);
        result.diagnostics.push_back(
            source.mistake("C1002", "larger than " + limit + " MiB", {1, 1, 1})
        );
        result.diagnostics.back().help = "take it apart into files";
        return result;
    }
    if (const auto bad = find_bad_character(source.text())) {
        const auto place = source.place_of_offset(*bad);
        result.diagnostics.push_back(
            source.mistake("C1005", "no UTF-8 text: a byte that YAML does not allow", place)
        );
        result.diagnostics.back().excerpt.clear();
        result.diagnostics.back().help =
            "save the file as UTF-8, and take the byte " + hex(source.text()[*bad]) + " out";
        return result;
    }
    // The library holds all of a line back until it knows that no key ends there. So a large text
    // is tasted first: what is over a limit in its beginning is so in the whole.
    for (auto bytes = first_taste; bytes < source.text().size(); bytes *= 4) {
        auto tasted = read_beginning(source, bytes, at_most);
        if (is_over_a_limit(tasted)) {
            return tasted;
        }
    }
    return read_beginning(source, source.text().size(), at_most);
}

}  // namespace deployctl::documents

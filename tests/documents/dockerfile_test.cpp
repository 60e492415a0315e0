// SPDX-License-Identifier: Apache-2.0
#include "documents/dockerfile.hpp"

#include <catch2/catch.hpp>

#include <random>
#include <string>

using namespace deployctl::documents;

namespace {

std::string at(const DockerfileText& read, std::string_view path) {
    REQUIRE(read.trouble == "");
    const auto& node = read.tree.roots().front().at(path);
    if (node.is_unknown()) {
        return "?" + std::string(node.text);
    }
    return node.exists() ? std::string(node.text) : "(none)";
}

std::string spot(const DockerfileText& read, std::string_view path) {
    const auto& found = read.tree.roots().front().at(path).spot;
    return std::to_string(found.line) + ":" + std::to_string(found.column);
}

std::size_t count(const DockerfileText& read, std::string_view path) {
    REQUIRE(read.trouble == "");
    return read.tree.roots().front().at(path).items.size();
}

std::string trouble(std::string text) {
    const auto read = read_dockerfile(std::move(text));
    CHECK(read.tree.roots().empty() == !read.trouble.empty());
    return read.trouble + " " + std::to_string(read.spot.line);
}

/// Of instruction `number` of the first stage.
std::string of(const DockerfileText& read, std::size_t number, std::string_view path) {
    return at(read, "stages/0/instructions/" + std::to_string(number) + "/" + std::string(path));
}

}  // namespace

TEST_CASE("an instruction has its name in capitals, its words and its place", "[documents]") {
    const auto read =
        read_dockerfile("from debian:12 As base\n  workdir   /app\nEXPOSE 80 443/udp\n");
    CHECK(at(read, "stages/0/from") == "debian:12");
    CHECK(at(read, "stages/0/name") == "base");
    CHECK(of(read, 0, "op") == "WORKDIR");
    CHECK(of(read, 0, "args") == "/app");
    CHECK(spot(read, "stages/0/instructions/0") == "2:3");
    CHECK(spot(read, "stages/0/instructions/0/args") == "2:13");
    CHECK(of(read, 1, "words/1") == "443/udp");
    CHECK(spot(read, "stages/0/instructions/1/words/1") == "3:11");
    CHECK(at(read, "stages/0/final") == "true");
}

TEST_CASE("comments and empty lines in a continuation are not of it", "[documents]") {
    const auto read = read_dockerfile(
        "FROM a\nRUN one && \\  \n# not this \\\n\n    # nor this\n  two \\\n  three\nUSER x\n"
    );
    CHECK(of(read, 0, "args") == "one &&   two   three");
    CHECK(count(read, "stages/0/instructions/0/lines") == 3);
    CHECK(of(read, 0, "lines/1") == "  two ");
    CHECK(spot(read, "stages/0/instructions/0/lines/1") == "6:1");
    CHECK(of(read, 1, "op") == "USER");
    CHECK(spot(read, "stages/0/instructions/1") == "8:1");
}

TEST_CASE("an escaped escape character continues no line, and a continuation may end the file") {
    const auto read = read_dockerfile("FROM a\nRUN dir \\\\\nRUN b \\");
    CHECK(of(read, 0, "args") == "dir \\\\");
    CHECK(of(read, 1, "args") == "b");
}

TEST_CASE("a continuation of nothing is no instruction") {
    CHECK(count(read_dockerfile("FROM a\n\\"), "stages/0/instructions") == 0);
    CHECK(count(read_dockerfile("FROM a\n \\ \n# why\n  \\\n \n"), "stages/0/instructions") == 0);
    CHECK(trouble("\\\n\\") == trouble(""));
}

TEST_CASE("the escape directive counts above all else and nowhere else", "[documents]") {
    const auto windows = read_dockerfile(
        "# syntax=docker/dockerfile:1\n# Escape = `\nFROM a\nRUN copy c:\\ `\n  d:\\\nUSER x\n"
    );
    CHECK(of(windows, 0, "args") == "copy c:\\   d:\\");
    CHECK(of(windows, 1, "op") == "USER");
    const auto late = read_dockerfile("# a comment\n# escape=`\nFROM a\nRUN b \\\n c\n");
    CHECK(of(late, 0, "args") == "b  c");
    CHECK(trouble("# escape=x\nFROM a\n") == "an escape character that is neither \\ nor ` 1");
}

TEST_CASE("heredocs: several a line, with tabs, quoted, and text right after the end") {
    const auto read = read_dockerfile(
        "FROM a\nRUN cat <<ONE > /a && cat <<-\"TWO\" > /b\nFROM not-this\nONE\n\t# kept\n\tTWO\n"
        "USER x\nCOPY <<3 /c\n3\nRUN echo <<< EOF << EOF\n"
    );
    CHECK(count(read, "stages") == 1);
    CHECK(of(read, 0, "heredocs/0/text") == "FROM not-this\n");
    CHECK(of(read, 0, "heredocs/0/expands") == "true");
    CHECK(of(read, 0, "heredocs/1/text") == "\t# kept\n");
    CHECK(of(read, 0, "heredocs/1/expands") == "false");
    CHECK(spot(read, "stages/0/instructions/0/heredocs/1") == "5:1");
    CHECK(of(read, 1, "op") == "USER");
    CHECK(spot(read, "stages/0/instructions/1") == "7:1");
    CHECK(of(read, 2, "heredocs/0/text") == "");
    CHECK(of(read, 3, "heredocs") == "(none)");
}

TEST_CASE("only what takes heredocs has them, also below ONBUILD", "[documents]") {
    const auto read = read_dockerfile("FROM a\nENV A=<<B\nONBUILD RUN <<E\nUSER no\nE\nUSER b\n");
    CHECK(of(read, 0, "pairs/A") == "<<B");
    CHECK(of(read, 1, "trigger/op") == "RUN");
    CHECK(of(read, 1, "trigger/args") == "<<E");
    CHECK(at(read, "image/user") == "b");
    CHECK(trouble("FROM a\nUSER x\nRUN <<E\nUSER y\n") == "a heredoc without its end E 3");
}

TEST_CASE("ARGs before FROM are put in; one without a default is unknown", "[documents]") {
    const auto read = read_dockerfile(
        "ARG TAG=12\nARG BASE=debian:$TAG\nARG MIRROR\n"
        "FROM $BASE\nFROM ${MIRROR}/x:1\nFROM ${MIRROR:-hub}/x:${NOT-3}\nFROM \"debian:${TAG%2}\"\n"
    );
    CHECK(at(read, "args/TAG") == "12");
    CHECK(at(read, "args/MIRROR") == "?");
    CHECK(at(read, "stages/0/from") == "debian:12");
    CHECK(at(read, "stages/1/from") == "?${MIRROR}/x:1");
    CHECK(at(read, "stages/2/from") == "hub/x:3");
    CHECK(at(read, "stages/3/from") == "?\"debian:${TAG%2}\"");
}

TEST_CASE("a stage knows its own ARGs, its ENVs and those of the stage it is built from") {
    const auto read = read_dockerfile(
        "ARG ID=7\nFROM a AS base\nARG ID\nARG LOST=1\nENV WHO=app ID2=$ID WHO2=$WHO\n"
        "FROM Base\nUSER $WHO:$ID2\nWORKDIR /$LOST\nEXPOSE $PORT ${PORT:-80}\nSTOPSIGNAL $WHO2\n"
        "LABEL a='$WHO' b=\\$WHO c=\"x$ID2 \\y\"\n"
    );
    CHECK(at(read, "stages/1/parent") == "0");
    CHECK(at(read, "image/base") == "a");
    CHECK(at(read, "image/user") == "app:7");
    CHECK(spot(read, "image/user") == "7:6");
    CHECK(at(read, "image/workdir") == "?/$LOST");
    CHECK(at(read, "image/expose/0") == "?$PORT");
    CHECK(at(read, "image/expose/1") == "80");
    CHECK(at(read, "image/stopsignal") == "?$WHO2");
    CHECK(at(read, "image/labels/a") == "$WHO");
    CHECK(at(read, "image/labels/b") == "$WHO");
    CHECK(at(read, "image/labels/c") == "x7 \\y");
}

TEST_CASE("the image has what its stages set, the last of it, and nothing of others") {
    const auto read = read_dockerfile(
        "FROM a AS base\nUSER one\nHEALTHCHECK CMD x\nEXPOSE 1\nFROM b AS other\nUSER two\n"
        "FROM base AS mid\nUSER three\nFROM mid\nEXPOSE 2\nENV A=1\nENV A=2\n"
    );
    CHECK(at(read, "image/user") == "three");
    CHECK(at(read, "image/base") == "a");
    CHECK(at(read, "image/healthcheck/args") == "CMD x");
    CHECK(count(read, "image/expose") == 2);
    CHECK(at(read, "image/env/A") == "2");
    CHECK(at(read, "stages/1/parent") == "(none)");
    CHECK(at(read, "stages/2/final") == "false");
}

TEST_CASE("lists are lists only where they are JSON of texts", "[documents]") {
    const auto read = read_dockerfile(
        "FROM a\nCMD [\"a\", \"b c\"]\nENTRYPOINT ['a']\nHEALTHCHECK --interval=5s CMD [\"x\"]\n"
        "COPY --from=0 [\"a b\", \"/c\"]\nHEALTHCHECK NONE\nRUN [ -f x ]\nCMD [\"a\", 1]\n"
    );
    CHECK(of(read, 0, "json/1") == "b c");
    CHECK(of(read, 1, "json") == "(none)");
    CHECK(of(read, 2, "flags/interval") == "5s");
    CHECK(of(read, 2, "json/0") == "x");
    CHECK(of(read, 3, "words/0") == "a b");
    CHECK(of(read, 3, "flags/from") == "0");
    CHECK(of(read, 4, "args") == "NONE");
    CHECK(of(read, 5, "json") == "(none)");
    CHECK(of(read, 6, "json") == "(none)");
}

TEST_CASE("flags come before what they belong to, also without a value and twice") {
    const auto read = read_dockerfile(
        "FROM --platform=$BUILDPLATFORM a\nCOPY --link --chown=1:2 --x a --b /\n"
        "RUN --mount=type=a --mount=type=b ls --all\n"
    );
    CHECK(at(read, "stages/0/platform") == "?$BUILDPLATFORM");
    CHECK(of(read, 0, "flags/link") == "true");
    CHECK(of(read, 0, "flags/chown") == "1:2");
    CHECK(of(read, 0, "words/1") == "--b");
    CHECK(of(read, 1, "args") == "ls --all");
    CHECK(read.tree.roots()[0].at("stages/0/instructions/1/flags").entries.size() == 2);
}

TEST_CASE("ENV without an equals sign is one pair of the old form", "[documents]") {
    const auto read = read_dockerfile("FROM a\nENV KEY the value\nENV A=\"b c\" D=\nUSER $KEY\n");
    CHECK(of(read, 0, "pairs/KEY") == "the value");
    CHECK(of(read, 0, "old_form") == "true");
    CHECK(of(read, 1, "pairs/A") == "b c");
    CHECK(of(read, 1, "pairs/D") == "");
    CHECK(at(read, "image/user") == "the value");
}

TEST_CASE("a byte order mark, CRLF, no last newline and unknown instructions are read") {
    const auto read = read_dockerfile(
        "\xEF\xBB\xBF"
        "FROM a\r\nRUN <<E\r\nx\r\nE\r\nFLY away \\\r\n  \xC3\xA4 now\r\nUSER b"
    );
    CHECK(of(read, 0, "heredocs/0/text") == "x\r\n");
    CHECK(of(read, 1, "op") == "FLY");
    CHECK(of(read, 1, "args") == "away   \xC3\xA4 now");
    CHECK(at(read, "image/user") == "b");
}

TEST_CASE("columns count characters", "[documents]") {
    const auto read = read_dockerfile("FROM a\nCOPY \xC3\xA4\xC3\xB6 b c\n");
    CHECK(spot(read, "stages/0/instructions/0/words/2") == "2:11");
}

TEST_CASE("what no build would take is trouble, with its line", "[documents]") {
    CHECK(trouble("") == "no FROM 1");
    CHECK(trouble("# only this\n") == "no FROM 1");
    CHECK(trouble("ARG A=1\n\nRUN x\nFROM a\n") == "an instruction before FROM 3");
    CHECK(trouble("ARG A\nFROM   \n") == "FROM without an image 2");
    CHECK(trouble(std::string("FROM a\n\0", 8)) == "no UTF-8 text 2");
    CHECK(
        trouble("\xFF\xFE"
                "F\0") == "no UTF-8 text 1"
    );
    CHECK(
        trouble("FROM a\nRUN " + std::string(70'000, 'x')) == "a line of more than 65535 bytes 2"
    );
    CHECK(trouble("FROM a\n" + std::string(1U << 20U, '\n')) == "more than 1 MiB 1");
}

TEST_CASE("what is blown up by variables is unknown", "[documents]") {
    std::string text = "FROM a\nENV A0=xxxxxxxxxxxxxxxx\n";
    for (int at = 0; at < 60; ++at) {
        const auto before = std::to_string(at);
        text += "ENV A" + std::to_string(at + 1) + "=$A" + before + "$A" + before + "\n";
    }
    const auto read = read_dockerfile(text + "USER $A60\nWORKDIR $A3\n");
    CHECK(at(read, "image/user") == "?$A60");
    CHECK(at(read, "image/workdir").size() == 128);
    std::string nested = "x";
    for (int depth = 0; depth < 1000; ++depth) {
        nested = "${N:-" + nested + "}";
    }
    CHECK(at(read_dockerfile("FROM a\nUSER " + nested), "image/user").starts_with("?"));
}

TEST_CASE("many lines, stages and long lines of words take linear time", "[documents]") {
    std::string words = "FROM a\nCOPY";
    for (int word = 0; word < 15; ++word) {
        for (int at = 0; at < 16'000; ++at) {
            words += " ab";
        }
        words += " \\\n";
    }
    CHECK(count(read_dockerfile(words), "stages/0/instructions/0/words") == 240'000);
    std::string stages = "FROM a AS s0\n";
    for (int stage = 1; stage < 200; ++stage) {
        stages += "FROM s" + std::to_string(stage - 1) + " AS s" + std::to_string(stage) + "\n";
    }
    CHECK(at(read_dockerfile(stages + "USER u"), "image/base") == "a");
    CHECK(trouble(stages + "FROM b\n") == "more than 200 stages 201");
    std::string runs = "FROM a\n";
    for (int run = 0; run < 10'001; ++run) {
        runs += "RUN x\n";
    }
    CHECK(trouble(runs) == "more than 10000 instructions 10001");
}

TEST_CASE("RUN, CMD and HEALTHCHECK have the commands that a shell would run", "[documents]") {
    const auto read = read_dockerfile(
        "FROM a\nRUN set -e && \\\n  apt-get install -y a | tee x\nCMD [\"sh\", \"-c\", \"it's; b "
        "c\"]\n"
        "HEALTHCHECK CMD curl -k x || exit 1\nRUN <<E\nset -x\n\nA=1 b c\nE\n"
        "RUN python <<E\nimport x\nE\nHEALTHCHECK NONE\n"
    );
    CHECK(of(read, 0, "commands/1/program") == "apt-get");
    CHECK(of(read, 0, "commands/1/args") == "install -y a");
    CHECK(of(read, 0, "commands/1/piped") == "true");
    CHECK(spot(read, "stages/0/instructions/0/commands/1") == "3:3");
    CHECK(of(read, 1, "commands/0/program") == "sh");
    CHECK(of(read, 1, "commands/0/args") == "-c it's; b c");
    CHECK(of(read, 2, "commands/0/args") == "-k x");
    CHECK(spot(read, "stages/0/instructions/2/commands/0") == "5:17");
    CHECK(of(read, 2, "commands/1/program") == "exit");
    CHECK(of(read, 3, "commands/1/settings") == "A=1");
    CHECK(spot(read, "stages/0/instructions/3/commands/1") == "9:1");
    CHECK(count(read, "stages/0/instructions/4/commands") == 1);
    CHECK(of(read, 5, "commands") == "(none)");
}

TEST_CASE("whatever is cut out of a Dockerfile, it is read or refused", "[documents]") {
    const std::string whole =
        "# escape=`\nARG A=1\nFROM ${A:-x} AS b\nRUN <<E cat <<-\"F\"\nE\nF\nENV A=\"$A`\" B 'c\n"
        "HEALTHCHECK --x= CMD [\"a\"]\nONBUILD\nCOPY [\"a\nEXPOSE $\nUSER ${\nLABEL =\n";
    int read_ones = 0;
    for (std::size_t begin = 0; begin < whole.size(); ++begin) {
        for (std::size_t length = 1; begin + length <= whole.size(); length += 7) {
            auto text = whole;
            text.erase(begin, length);
            read_ones += read_dockerfile(text).trouble.empty() ? 1 : 0;
        }
    }
    CHECK(read_ones > 0);
}

TEST_CASE(
    "bytes of a seed in a Dockerfile are read or refused, and twice the same", "[documents]"
) {
    const std::string whole =
        "# syntax=x\n# escape=\\\nARG A=1\nFROM --platform=$P ${A:-x} AS b\nRUN <<E cat <<-\"F\" "
        "\\\n"
        "# c\n | sh -c 'a $(b \"c\")'\nE\n\tF\nENV A=\"$A`\" B='c' C=${D:+${E:-f}}\nFROM b\n"
        "HEALTHCHECK --x=1 CMD [\"a\", \"b\"]\nONBUILD RUN x\nCOPY --from=b [\"a\", \"b\"]\nEXPOSE "
        "1/tcp\n";
    const std::string bytes = "\\\n\r\t $\"'`<>-{}[]():=#EFROMRUN\xC3\xA4\xFF";
    std::mt19937 random(7);
    for (int time = 0; time < 3000; ++time) {
        auto text = whole;
        for (int change = 0; change < 4; ++change) {
            text[random() % text.size()] = bytes[random() % bytes.size()];
        }
        const auto read = read_dockerfile(text);
        CHECK(read.tree.roots().empty() == !read.trouble.empty());
        CHECK(read.trouble == read_dockerfile(text).trouble);
    }
}

TEST_CASE("Dockerfiles are known by their names", "[documents]") {
    CHECK(is_dockerfile_name("Dockerfile"));
    CHECK(is_dockerfile_name("a/b/Dockerfile.web"));
    CHECK(is_dockerfile_name("a/web.Dockerfile"));
    CHECK(is_dockerfile_name("Containerfile"));
    CHECK(is_dockerfile_name("dockerfile"));
    CHECK_FALSE(is_dockerfile_name("Dockerfile/x"));
    CHECK_FALSE(is_dockerfile_name("policies/Dockerfile.rego"));
    CHECK(is_dockerfile_name("Dockerfile.template"));
    CHECK_FALSE(is_dockerfile_name("mydockerfile"));
    CHECK_FALSE(is_dockerfile_name("web.dockerfile.dockerignore"));
    CHECK_FALSE(is_dockerfile_name("documents/dockerfile.cpp"));
    CHECK_FALSE(is_dockerfile_name("dockerfile.hpp"));
    CHECK_FALSE(is_dockerfile_name("dockerfile.rs"));
    CHECK(is_dockerfile_name("Dockerfile.prod"));
    CHECK(is_dockerfile_name("dockerfile.c7"));
    CHECK_FALSE(is_dockerfile_name("Dockerfile.dockerignore"));
}

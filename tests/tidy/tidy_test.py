#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The checks against planted violations: each catches its plant and lets good code pass."""

import contextlib
import io
import os
import sys
import unittest
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parent))

import checks_places
import checks_shape
import checks_text
import checks_tools
import tidy
from source import File, Repository

ARCHITECTURE = """# Architecture
| folder | what | may include |
|---|---|---|
| `model/` | values | - |
| `ports/` | what we ask | model |
| `engine/` | walks a plan | model, ports |
| `plugins/` | the world | model, ports |
| `simulation/` | a small world | all but cli |
| `cli/` | commands | all |
| `tests/` | tests | all |

## Catch sites
- `engine/executor.cpp`: the step boundary.

## After
`engine/other.cpp` is no catch site.
"""

HEADER = """// SPDX-License-Identifier: Apache-2.0
// A lamp that can be lit: owned by the room.
#pragma once

"""


def found(check, files):
    """The messages of the check over these files, warnings apart."""
    repo = Repository({"docs/ARCHITECTURE.md": ARCHITECTURE, **files})
    return [f"{f.path}:{f.line} {f.message}" for f in check(repo) if not f.warning]


class TidyTest(unittest.TestCase):
    def catches(self, check, path, text, **more):
        self.assertTrue(found(check, {path: text, **more}), f"{check.__name__} missed: {text}")

    def passes(self, check, path, text, **more):
        self.assertEqual(found(check, {path: text, **more}), [], f"{check.__name__} false hit")


class Reading(TidyTest):
    def test_comments_and_strings_are_told_from_code(self):
        text = 'int a = 1\'000; // catch (\nauto s = "catch ("; /* x\ny */ auto r = R"(catch ( " )";\nchar c = \'"\'; int z;\n'
        f = File("model/a.cpp", text)
        self.assertNotIn("catch", f.bare)
        self.assertIn("int z", f.bare)
        self.assertEqual(f.bare.count("\n"), text.count("\n"))
        self.assertEqual([(c.line, c.text) for c in f.comments], [(1, "catch ("), (2, "x"), (3, "y")])

    def test_a_class_is_read_with_its_fields_and_functions(self):
        body = """class Lamp final : public ports::Light, private Base<int> {
public:
    explicit Lamp(Cable& cable, std::map<int, int> sizes = {}) : cable_(cable) {}
    void light() { if (x) { y(); } }
    bool lit() const;
    static Lamp make();
    Lamp& operator=(const Lamp&) = delete;
    enum class Colour { red, green };
    struct Inner { int a; int b; };
private:
    void hidden();
    Cable& cable_;
    std::function<void(int)> hook_;
    int watts_{40}, volts_ = compute(3);
    static constexpr int limit = 3;
};
"""
        lamp = File("model/lamp.hpp", body).classes[0]
        self.assertEqual(lamp.bases, ["Light", "Base"])
        self.assertEqual(lamp.public_functions(), ["light", "lit", "make"])
        self.assertEqual(len(lamp.constructors()[0][1]), 2)
        self.assertEqual(len(lamp.fields), 3)

    def test_the_tables_are_those_of_the_architecture_page(self):
        repo = Repository({"docs/ARCHITECTURE.md": ARCHITECTURE})
        self.assertEqual(repo.layers["engine"], {"engine", "model", "ports"})
        self.assertNotIn("cli", repo.layers["simulation"])
        self.assertEqual(repo.catch_sites, ["engine/executor.cpp"])


class Shape(TidyTest):
    def test_file_length(self):
        self.catches(checks_shape.file_length, "model/a.cpp", "int a;\n" * 401)
        self.passes(checks_shape.file_length, "model/a.cpp", "int a;\n" * 400)
        self.catches(checks_shape.file_length, "tests/model/a_test.cpp", "int a;\n" * 801)
        self.passes(checks_shape.file_length, "tests/model/a_test.cpp", "int a;\n" * 800)

    def test_vague_names(self):
        for bad in ("class RolloutManager {};", "struct StringUtils;", "enum class CommonThing { a };", "using SignalHandler = int;"):
            self.catches(checks_shape.vague_names, "model/a.hpp", bad)
        self.catches(checks_shape.vague_names, "model/string_utils.cpp", "")
        self.catches(checks_shape.vague_names, "tests/engine/helpers.hpp", "")
        good = "class Rollout {};\ntemplate <class Handler> void f(Handler h);\n// The RolloutManager of others\n"
        self.passes(checks_shape.vague_names, "model/rollout.hpp", good)

    def test_second_ways(self):
        for bad in ("struct Plan2 {};", "class StoreNew {};", "class StoreEx;", "enum class PhaseV2 { a };"):
            self.catches(checks_shape.second_ways, "model/a.hpp", bad)
        self.catches(checks_shape.second_ways, "model/a.cpp", "int run2(int a) {\n}\n")
        self.catches(checks_shape.second_ways, "model/a.cpp", "[[deprecated]] void f();")
        self.catches(checks_shape.second_ways, "model/plan_old.cpp", "")
        good = "struct Index {};\nint sha256(int a) {\n}\nbool is_new(int a) {\n}\nstruct Vortex {};\n"
        self.passes(checks_shape.second_ways, "model/sha256.cpp", good)

    def test_god_objects(self):
        fields = "".join(f"    int f{chr(97 + i)};\n" for i in range(9))
        verbs = "".join(f"    void v{chr(97 + i)}();\n" for i in range(13))
        self.catches(checks_shape.god_objects, "engine/a.hpp", f"class A {{\npublic:\n    void go();\n{fields}}};")
        self.catches(checks_shape.god_objects, "engine/a.hpp", f"struct Context {{\n    Clock& clock;\n{fields}}};")
        self.catches(checks_shape.god_objects, "engine/a.hpp", f"class A {{\npublic:\n{verbs}}};")
        self.passes(checks_shape.god_objects, "model/a.hpp", f"struct Row {{\n{fields}}};")
        self.passes(checks_shape.god_objects, "engine/a.hpp", f"class A {{\npublic:\n    void go();\nprivate:\n{verbs}}};")

    def test_constructors(self):
        self.catches(checks_shape.constructors, "engine/a.hpp", "class A {\npublic:\n    A(B& b, C& c, D& d, E& e, F& f, G& g);\n};")
        self.passes(checks_shape.constructors, "engine/a.hpp", "class A {\npublic:\n    A(B& b, std::map<C, D> c, E& e, F& f, G& g);\n};")

    def test_bool_parameters(self):
        self.catches(checks_shape.bool_parameters, "model/a.hpp", "void run(int a,\n         bool verbose);")
        self.catches(checks_shape.bool_parameters, "model/a.hpp", "void run(const bool verbose);")
        self.passes(checks_shape.bool_parameters, "model/a.hpp", "bool run(int a); // run(bool x)\nstruct A { bool on = false; };")

    def test_lonely_interfaces(self):
        port = "class Clock {\npublic:\n    virtual ~Clock() = default;\n    virtual int now() = 0;\n};"
        fake = {"tests/fakes/fake_clock.hpp": "class FakeClock final : public ports::Clock {};"}
        one = {"plugins/system/clock.hpp": "class SystemClock final : public Clock {};"}
        self.catches(checks_shape.lonely_interfaces, "ports/clock.hpp", port)
        self.catches(checks_shape.lonely_interfaces, "ports/clock.hpp", port, **one)
        self.passes(checks_shape.lonely_interfaces, "ports/clock.hpp", port, **fake)
        self.catches(checks_shape.lonely_interfaces, "engine/clock.hpp", port, **fake)
        self.passes(checks_shape.lonely_interfaces, "engine/clock.hpp", port, **fake, **one)

    def test_restating_comments(self):
        self.catches(checks_shape.restating_comments, "model/a.cpp", "int a;\n\n// Loads the state file\nload_state_file();\n")
        self.passes(checks_shape.restating_comments, "model/a.cpp", "int a;\n\n// Old runners leave it half written\nload_state_file();\n")

    def test_proofs(self):
        self.catches(checks_shape.proofs, "tests/a_test.cpp", 'TEST_CASE("it works", "[x]") {\n    run();\n}\n')
        self.passes(checks_shape.proofs, "tests/a_test.cpp", 'TEST_CASE("it works", "[x]") {\n    CHECK(run());\n}\n')
        suite = {"tests/ports/store_suite.hpp": "void holds(Store& s) {\n    REQUIRE(s.ok());\n}\n"}
        self.passes(checks_shape.proofs, "tests/a_test.cpp", 'TEST_CASE("MemStore") {\n    holds(s);\n}\n', **suite)


class Places(TidyTest):
    def test_layers(self):
        self.catches(checks_places.layers, "model/a.cpp", '#include "engine/executor.hpp"\n')
        self.catches(checks_places.layers, "engine/a.cpp", '#include "plugins/http/client.hpp"\n')
        self.catches(checks_places.layers, "engine/a.cpp", '#include "executor.hpp"\n')
        self.catches(checks_places.layers, "cli/a.cpp", '#include "tests/fakes/fake_clock.hpp"\n')
        self.catches(checks_places.layers, "wishes/a.cpp", "")
        self.catches(checks_places.layers, "model/CMakeLists.txt", "deployctl_layer(model DEPENDS ports)")
        self.passes(checks_places.layers, "engine/a.cpp", '#include "engine/a.hpp"\n#include "ports/clock.hpp"\n#include <map>\n')
        self.passes(checks_places.layers, "tests/engine/a_test.cpp", '#include "cli/main.hpp"\n#include "tests/fakes/fake_clock.hpp"\n')
        self.passes(checks_places.layers, "engine/CMakeLists.txt", "deployctl_layer(\n engine\n DEPENDS model ports\n PACKAGES Boost::headers)")

    def test_layers_need_their_table(self):
        self.assertTrue(list(checks_places.layers(Repository({"model/a.cpp": ""}))))

    def test_libraries(self):
        for header in ("yaml-cpp/yaml.h", "yaml.h", "nlohmann/json.hpp", "SQLiteCpp/SQLiteCpp.h", "sqlite3.h", "curl/curl.h",
                       "boost/process/v2.hpp", "boost/beast.hpp", "CLI/CLI.hpp", "openssl/evp.h"):
            self.catches(checks_places.libraries, "engine/a.cpp", f"#include <{header}>\n")
        self.passes(checks_places.libraries, "plugins/http/a.cpp", "#include <curl/curl.h>\n")
        self.passes(checks_places.libraries, "cli/plan_json.cpp", "#include <nlohmann/json.hpp>\n")
        self.passes(checks_places.libraries, "engine/a.cpp", "#include <boost/asio/awaitable.hpp>\n")

    def test_catch_sites(self):
        text = "void f() {\n    try {\n        g();\n    } catch (const Error& e) {\n        h(e);\n    }\n}\n"
        self.catches(checks_places.catch_sites, "engine/other.cpp", text)
        self.passes(checks_places.catch_sites, "engine/executor.cpp", text)

    def test_swallowed_errors(self):
        empty = "void f() {\n    try {\n        g();\n    } catch (...) {\n    }\n}\n"
        logged = 'void f() {\n    try {\n        g();\n    } catch (const E& e) {\n        spdlog::warn("no {}", e.what());\n    }\n}\n'
        self.catches(checks_places.swallowed_errors, "engine/a.cpp", empty)
        self.catches(checks_places.swallowed_errors, "engine/a.cpp", logged)
        self.catches(checks_places.swallowed_errors, "engine/executor.cpp", empty)
        explained = empty.replace("(...) {\n", "(...) {\n        // a destructor may not throw\n")
        self.passes(checks_places.swallowed_errors, "engine/executor.cpp", explained)
        self.passes(checks_places.swallowed_errors, "engine/a.cpp", empty.replace("(...) {", "(...) {\n        back();"))

    def test_string_types(self):
        self.catches(checks_places.string_types, "engine/a.cpp", 'if (phase == "running") {\n}')
        self.catches(checks_places.string_types, "engine/a.cpp", 'if (phase != "running") {\n}')
        for path in ("config/a.cpp", "cli/a.cpp", "documents/a.cpp", "state/row_json.cpp", "model/kubernetes/pod.cpp"):
            self.passes(checks_places.string_types, path, 'if (phase == "running") {\n}')
        self.passes(checks_places.string_types, "engine/a.cpp", 'auto text = "a == b"; // phase == "x"\n')

    def test_hidden_input(self):
        for bad in ("std::chrono::system_clock::now()", "steady_clock::now()", "std::random_device d;", 'std::getenv("HOME")',
                    "std::this_thread::sleep_for(1s)", "clock_gettime(CLOCK_BOOTTIME, &t)"):
            self.catches(checks_places.hidden_input, "engine/a.cpp", bad)
            self.passes(checks_places.hidden_input, "plugins/system/a.cpp", bad)
        self.passes(checks_places.hidden_input, "engine/a.cpp", "co_await clock_.sleep(1s); // not steady_clock::now\n")

    def test_shell_strings(self):
        for bad in ('std::system("ls");', 'system("ls");', 'FILE* f = popen("ls", "r");', 'run({"sh", "-c", line});', 'run({"/bin/bash", "-c", line});'):
            self.catches(checks_places.shell_strings, "plugins/process/a.cpp", bad)
        self.passes(checks_places.shell_strings, "plugins/a.cpp", 'file_system(x); plugins.system(y); auto s = "system(";')

    def test_coroutine_traps_are_caught(self):
        planted = (
            "if (co_await ready()) {\n}",
            "while (\n    co_await more() != 0\n) {\n}",
            "co_await shift(Weight{25});",
            "co_await shift(\n    web,\n    {1, 2}\n);",
            "co_await within(1s, [copy] { return copy; });",
            "auto x = co_await ask(secure ? https : http);",
            'auto x = co_await f(\n    path.empty() ? "" : path + "/"\n);',
            "auto x = co_await (first ? f(a) : f(b));",
            "auto x = first ? co_await f(a) : co_await f(b);",
        )
        for bad in planted:
            self.catches(checks_places.coroutine_traps, "engine/a.cpp", bad)

    def test_good_awaits_pass(self):
        good = (
            "auto x = co_await f(named);",
            "if (auto x = co_await f(); x > 0) {\n}",
            'co_return co_await f(s + "x{");',
            "co_await num(co_await num(3));",
            "co_return Aggregate{1, 2};",
            'auto x = a ? b : c;\nco_await f(x, "?");',
            "co_await f(x); // why not?",
            "if (ready) {\n    co_await f();\n}\nfor (auto& x : xs) {\n    co_await f(xs[0], x);\n}",
        )
        for text in good:
            self.passes(checks_places.coroutine_traps, "engine/a.cpp", text)

    def test_namespaces(self):
        self.catches(checks_places.namespaces, "engine/a.cpp", "using namespace std;")
        self.passes(checks_places.namespaces, "engine/a.cpp", "using namespace std::chrono_literals;")
        self.passes(checks_places.namespaces, "tests/a_test.cpp", "using namespace deployctl;")

    def test_dead_files(self):
        top = {"CMakeLists.txt": "add_subdirectory(model)\n", "tests/CMakeLists.txt": "foreach(layer model)\n"}
        layer = {"model/CMakeLists.txt": "deployctl_layer(model)"}
        self.catches(checks_places.dead_files, "model/a.hpp", HEADER, **top, **layer)
        self.catches(checks_places.dead_files, "model/a.cpp", "", **top)
        self.catches(checks_places.dead_files, "engine/a.cpp", "", **top, **{"engine/CMakeLists.txt": "x"})
        self.catches(checks_places.dead_files, "tests/lost/a_test.cpp", "", **top)
        self.passes(checks_places.dead_files, "model/a.cpp", '#include "model/a.hpp"\n', **top, **layer, **{"model/a.hpp": HEADER})
        self.passes(checks_places.dead_files, "tests/model/a_test.cpp", "", **top)


class Text(TidyTest):
    def test_licence_lines(self):
        self.catches(checks_text.licence_lines, "model/a.cpp", "int a;\n")
        self.catches(checks_text.licence_lines, "scripts/setup", "#!/bin/sh\necho\n")
        self.passes(checks_text.licence_lines, "model/a.hpp", HEADER)

    def test_headers(self):
        self.catches(checks_text.header_guards, "model/a.hpp", "// SPDX\nint a;\n")
        self.passes(checks_text.header_guards, "model/a.hpp", HEADER)
        self.catches(checks_text.header_ideas, "model/a.hpp", "// SPDX-License-Identifier: Apache-2.0\n#pragma once\n#include <map>\n")
        self.passes(checks_text.header_ideas, "model/a.hpp", HEADER)

    def test_todos(self):
        self.catches(checks_text.todos, "model/a.cpp", "// TO" + "DO: later\n")
        self.passes(checks_text.todos, "model/a.cpp", "// TO" + "DO(#12): later\n")

    def test_dead_code(self):
        self.catches(checks_text.dead_code, "model/a.cpp", "// run(a);\n")
        self.catches(checks_text.dead_code, "model/a.cpp", "/* if (a) {\n   run(); */\n")
        self.passes(checks_text.dead_code, "model/a.cpp", "// Runs it; then stops.\nint a;  // of b;\n")

    def test_trailing_space(self):
        self.catches(checks_text.trailing_space, "docs/a.md", "word \n")
        self.catches(checks_text.trailing_space, "docs/a.md", "word")
        self.passes(checks_text.trailing_space, "docs/a.md", "word\n")
        self.passes(checks_text.trailing_space, "tests/golden/a.txt", "word \n")

    def test_folder_readmes(self):
        self.catches(checks_text.folder_readmes, "model/a.cpp", "")
        self.catches(checks_text.folder_readmes, "model/README.md", "line\n" * 16)
        self.passes(checks_text.folder_readmes, "model/README.md", "line\n" * 15)

    def test_machine_paths(self):
        for bad in ("/wo" + "rk/main", "cd /ro" + "ot/x", "see /tmp" + "/wt/a", "https://py" + "pi.org/x"):
            self.catches(checks_text.machine_paths, "docs/a.md", bad + "\n")
        self.passes(checks_text.machine_paths, "docs/a.md", "docs/work/plan and $HOME/root/x\n")

    def test_links(self):
        self.catches(checks_text.links, "docs/a.md", "[b](b.md)\n")
        self.catches(checks_text.links, "docs/a.md", "[b](ARCHITECTURE.md#nothing)\n")
        self.catches(checks_text.links, "docs/a.md", "[b](../model/plan.hpp)\n")
        good = "[b](ARCHITECTURE.md#catch-sites) [c](https://example.com/x) [d](../docs) [e](#here)\n# Here\n```\n[x](y)\n```\n"
        self.passes(checks_text.links, "docs/a.md", good)

    def test_named_paths_warn(self):
        repo = Repository({"CONTRIBUTING.md": "See `engine/lost.cpp`.\n"})
        self.assertEqual([f.warning for f in checks_text.named_paths(repo)], [False])


class Tools(TidyTest):
    def test_functions(self):
        repo = Repository({}, Path(__file__).resolve().parents[2])
        if any("NOT CHECKED" in f.message for f in checks_tools.functions(repo)):
            self.skipTest("lizard is not installed")
        self.catches(checks_tools.functions, "model/a.cpp", "int f(int a) {\n" + "    a += 1;\n" * 60 + "}\n")
        self.catches(checks_tools.functions, "model/a.cpp", "int f(int a) {\n" + "    if (a) { a += 1; }\n" * 12 + "}\n")
        self.catches(checks_tools.functions, "model/a.cpp", "int f(int a, int b, int c, int d, int e, int g) {\n    return a;\n}\n")
        cases = "".join(f"        case {i}: return {i};\n" for i in range(20))
        self.passes(checks_tools.functions, "model/a.cpp", f"int f(int a) {{\n    switch (a) {{\n{cases}    }}\n    return 0;\n}}\n")

    def test_a_missing_tool_is_loud_and_fails_in_ci(self):
        with mock.patch.dict(os.environ, {"CI": "true"}):
            self.assertFalse(checks_tools._missing("lizard").warning)
        with mock.patch.dict(os.environ, {"CI": ""}):
            self.assertTrue(checks_tools._missing("lizard").warning)

    def test_dead_options_name_what_is_missing(self):
        files = {
            "cli/a.cpp": 'app.add_flag("-q,--quiet", x); app.add_option("--reason", y); app.add_flag("-F,--follow", z);\n'
            'form.add_flag(\n"--kept", z); form.add_example(\n"deployctl logs "\n"--kept -F", "x");\n',
            "tests/cli/a_test.cpp": "--reason --quiet --follow --kept\n",
            "examples/01/README.md": "deployctl --reason x\n",
        }
        messages = [f.message for f in checks_tools.dead_options(Repository(files))]
        self.assertEqual(messages, ["flag --quiet occurs in no example"])


class Running(unittest.TestCase):
    def test_only_failures_count(self):
        repo = Repository({"docs/ARCHITECTURE.md": ARCHITECTURE, "model/a.hpp": "bool a;\n"})
        with contextlib.redirect_stdout(io.StringIO()) as out:
            failed = tidy.run(repo, [checks_text.header_guards, checks_text.trailing_space])
        self.assertEqual(failed, 1)
        self.assertIn("model/a.hpp:1: [header_guards]", out.getvalue())

    def test_every_check_says_why(self):
        for check in tidy.CHECKS:
            self.assertTrue(check.__doc__, check.__name__)


if __name__ == "__main__":
    unittest.main()

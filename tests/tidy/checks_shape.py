# SPDX-License-Identifier: Apache-2.0
"""Checks of size and shape: what makes a file, a class or a name hard to read."""

import re

from source import Finding, balanced

SOURCE_LINES = 400
TEST_LINES = 800
FIELDS = 8
RECORD_FIELDS = 12
PUBLIC_FUNCTIONS = 12
CONSTRUCTOR_PARAMETERS = 5
# Types whose verbs are a vocabulary that somebody else fixed; each with its reason.
WIDE_BY_NATURE = {
    "Value": "the plain data tree: one question for each kind of node",
    "ValueBuilder": "the SAX interface of nlohmann",
    "Workload": "the fields of a Deployment that a rollout reads",
    "Pod": "the fields of a pod that a rollout reads",
    "Configuration": "one member for each section of deploy.yaml",
    "Environment": "one member for each key of an environment",
    "DatabaseSettings": "one member for each key of a database",
    "StackSettings": "one member for each key of a stack",
    "Operation": "the row of the journal that history shows",
    "Plan": "everything that is frozen when a rollout starts",
    "SimCluster": "a whole API server, and the hands that change its world from outside",
    "Behaviour": "all that the containers of a version can be told to do",
    "Parts": "the world as commands get it: one function for each port",
    "RolloutRecord": "the row of the journal that status and history show",
}
RESTATING_WORDS = 0.75
RESTATING_SHARE = 0.015

VAGUE = re.compile(r"Manager|Helper|Util(?:s|ity|ities)?(?![a-z])|Processor|Common(?![a-z])|Handler")
VAGUE_FILE = re.compile(r"(?:^|_)(?:managers?|helpers?|utils?|utility|utilities|processors?|common|handlers?)(?:_|$)")
TYPE = re.compile(
    r"(?<![<,\w])\b(?:class|struct|union|enum(?:\s+class)?|concept)\s+(\w+)\s*[;:{=f]|\busing\s+(\w+)\s*="
)
# Names of things in the world that end in a digit.
WORLD = re.compile(
    r"(sha\d+|utf_?\d+|base\d+|crc\d+|u?int\d+|uuid_?v?\d|ipv\d|rfc\d+|iso\d+|http\d|sqlite\d?|x509|md5|argv0)$",
    re.I,
)
SECOND_WAY = re.compile(r"(?:\d|[a-z0-9](?:Old|New|Ex)|V\d+)$")


def file_length(repo):
    """A file over a few screens has more than one subject: split it by subject."""
    for f in repo.files:
        if f.is_cpp or f.name.endswith(".py"):
            limit = TEST_LINES if f.is_test else SOURCE_LINES
            count = f.text.count("\n")
            if count > limit:
                yield Finding(f.path, count, f"{count} lines, at most {limit}: split it by subject")


def vague_names(repo):
    """Manager, helper, util, processor, common and handler say nothing: name the thing it does or is."""
    for f in repo.cpp():
        if VAGUE_FILE.search(f.stem):
            yield Finding(f.path, 1, "a vague file name: name it after its main type or verb")
        for line, match in f.search(TYPE):
            name = match.group(1) or match.group(2)
            if VAGUE.search(name):
                yield Finding(f.path, line, f"{name} is a vague name: say what it is")


def second_ways(repo):
    """Foo2, FooNew and FooV2 are two ways to do one thing: keep one, the project is unreleased."""
    for f in repo.cpp():
        for line, match in f.search(TYPE):
            name = match.group(1) or match.group(2)
            if SECOND_WAY.search(name) and not WORLD.search(name):
                yield Finding(f.path, line, f"{name}: a second way beside an older one; replace the older one")
        if re.search(r"(?:\d|_old|_new|_ex)$", f.stem) and not WORLD.search(f.stem):
            yield Finding(f.path, 1, "a file beside an older one; replace the older one")
        definition = r"\b([a-z_]\w*)\s*\([^;{}()]*\)\s*(?:const|noexcept|override|final|\s)*(?:->[^;{}]+)?\{"
        for line, match in f.search(definition):
            name = match.group(1)
            if re.search(r"(?:\d|_ex|_v\d+)$", name) and not WORLD.search(name):
                yield Finding(f.path, line, f"{name}(): a second way beside an older one; give it a name of its own")
        for line, _ in f.search(r"\[\[deprecated"):
            yield Finding(f.path, line, "[[deprecated]] in an unreleased project: remove the old way")


def god_objects(repo):
    """A class with many fields or verbs does several jobs; a context bag hides who needs what."""
    for f in repo.cpp():
        if f.is_test:
            continue
        for c in f.classes:
            limit = RECORD_FIELDS if c.is_record() else FIELDS
            if len(c.fields) > limit and c.name not in WIDE_BY_NATURE:
                yield Finding(f.path, c.line, f"{c.name} has {len(c.fields)} data members, at most {limit}")
            verbs = c.public_functions()
            if len(verbs) > PUBLIC_FUNCTIONS and c.name not in WIDE_BY_NATURE:
                yield Finding(f.path, c.line, f"{c.name} has {len(verbs)} public functions, at most {PUBLIC_FUNCTIONS}")


def constructors(repo):
    """More than five collaborators is a part that wants to be two."""
    for f in repo.cpp():
        for c in f.classes:
            for _, parameters, _ in c.constructors():
                if len(parameters) > CONSTRUCTOR_PARAMETERS:
                    message = f"constructor of {c.name} takes {len(parameters)}, at most {CONSTRUCTOR_PARAMETERS}"
                    yield Finding(f.path, c.line, message)


def bool_parameters(repo):
    """run(true, false) cannot be read where it is called: use an enum or an options struct."""
    for f in repo.headers():
        for line, _ in f.search(r"[(,]\s*(?:const\s+)?bool\s+\w+"):
            yield Finding(f.path, line, "bool parameter: use an enum or an options struct")


def lonely_interfaces(repo):
    """An abstract class with one implementer is a detour; a port earns its place by a fake or a second one."""
    everyone = [(f, c) for f in repo.cpp() for c in f.classes]
    for f, c in everyone:
        if not c.abstract or f.is_test:
            continue
        names = {c.name}
        while more := {d.name for _, d in everyone if d.abstract and names & set(d.bases)} - names:
            names |= more  # who implements an interface that extends this one implements this one
        implementers = [g for g, d in everyone if not d.abstract and names & set(d.bases)]
        fakes = [g for g in implementers if g.path.startswith(("tests/", "simcluster/", "simulation/"))]
        if f.folder == "ports" and not fakes and len(implementers) < 2:
            yield Finding(f.path, c.line, f"port {c.name} has neither a fake in simcluster or tests/fakes nor two implementers")
        elif f.folder != "ports" and len(implementers) < 2:
            yield Finding(f.path, c.line, f"{c.name} has {len(implementers)} implementer: use the class itself")


STOP = set("a an the of to and or in on at for with by is are be it its this that as from not no if so then we".split())


def _stems(text):
    words = re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", re.sub(r"[_\W]", " ", text))
    stems = (re.sub(r"(?:ing|ed|es|s|e)$", "", w.lower()) for w in words if w.lower() not in STOP)
    return [s for s in stems if len(s) > 1]


def restating_comments(repo):
    """A comment that says again what the next line says costs reading and rots: say why, or nothing."""
    total, restating = 0, []
    for f in repo.cpp():
        lines, alone = f.lines, {c.line: c.text for c in f.comments if c.whole_line}
        for number, text in alone.items():
            if number - 1 in alone or number + 1 in alone or number < 3 or number >= len(lines):
                continue
            total += 1
            words, following = _stems(text), set(_stems(lines[number]))
            if len(words) >= 2 and sum(w in following for w in words) >= RESTATING_WORDS * len(words):
                restating.append(Finding(f.path, number, f"restates the next line: {text}"))
    too_many = total and len(restating) > RESTATING_SHARE * total
    for finding in restating:
        finding.warning = not too_many
        yield finding


def proofs(repo):
    """A TEST_CASE without CHECK or REQUIRE passes whatever the code does."""
    proof = re.compile(r"\b(?:STATIC_)?(?:CHECK|REQUIRE|FAIL|SUCCEED)(?:_\w+)?\s*\(|\brc::(?:check|prop)\b|\bRC_ASSERT")
    definition = re.compile(r"\b(\w+)\s*\([^;{}]*\)\s*(?:const\s*|->[^;{}]+)?\{")
    tests = [f for f in repo.cpp() if f.is_test]
    provers = set()
    for f in tests:
        for match in definition.finditer(f.bare):
            if proof.search(f.bare[match.end() : balanced(f.bare, match.end() - 1)]):
                provers.add(match.group(1))
    provers -= {"TEST_CASE", "SECTION", "SCENARIO", "if", "for", "while", "switch"}
    for f in tests:
        for line, match in f.search(r"\b(?:TEMPLATE_)?(?:TEST_CASE|SCENARIO)(?:_METHOD)?\s*\("):
            after_name = balanced(f.bare, match.end() - 1)
            opening = f.bare.find("{", after_name)
            body = f.bare[opening : balanced(f.bare, opening)] if opening >= 0 else ""
            calls = set(re.findall(r"\b(\w+)\s*(?:<[^<>;]*>)?\s*\(", body))
            if not proof.search(body) and not calls & provers:
                yield Finding(f.path, line, "a test that proves nothing: no CHECK or REQUIRE in it")


CHECKS = [
    file_length,
    vague_names,
    second_ways,
    god_objects,
    constructors,
    bool_parameters,
    lonely_interfaces,
    restating_comments,
    proofs,
]

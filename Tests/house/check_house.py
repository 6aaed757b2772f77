"""Holds the source tree to what docs/architecture.md and the comments above its folders promise."""
import collections
import os
import re
import sys

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
passed, failures = 0, []

# The folders of each large target, in the order of their use: a file uses types and functions that its own folder
# declares, or one before it. Files beside the folders put the folders together and may use all of them.
FOLDERS = {
    "Base": ["Memory", "Files"],
    "Syntax": ["Source", "Diagnostics", "Lexer", "Tree", "Parser", "Formatter", "Cells"],
    "Machine": ["Runtime", "Calls", "Compiler", "Execution"],
    "Tensors": ["Engine", "Tensor", "Training", "Files"],
    "Volumes": ["Grid", "NIfTI", "Metrics"],
    "Registration": ["Images", "Transforms", "Similarity", "Affine", "Deformable", "Files", "Many"],
    "Builtins": ["Objects", "Forms", "State", "Arguments", "Tables"],
}


def expect(condition, message):
    global passed
    if condition:
        passed += 1
    else:
        failures.append(message)


def read(*path):
    with open(os.path.join(ROOT, *path), encoding="utf-8") as file:
        return file.read()


def files(folder, ending):
    for place, _, names in os.walk(os.path.join(ROOT, folder)):
        for name in sorted(names):
            if name.endswith(ending):
                yield os.path.relpath(os.path.join(place, name), ROOT)


def code(text):
    """Swift without comments and texts; what texts interpolate stays."""
    text = re.sub(r'"""(.*?)"""', '""', text, flags=re.S)
    text = re.sub(r"//[^\n]*", "", text)
    return re.sub(r'"(\\.|[^"\\\n])*"', lambda found: " ".join(re.findall(r"\\\(([^)]*)", found[0])), text)


def targets():
    """A target imports only targets above it in the table of docs/architecture.md."""
    table = read("docs", "architecture.md").split("| target |")[1].split("\n\n")[0]
    order = [name for row in table.splitlines()[2:] for name in re.findall(r"`([\w-]+)`", row.split("|")[1])]
    expect(set(order) == set(os.listdir(os.path.join(ROOT, "Sources"))), f"the table of targets and Sources differ: {sorted(set(order) ^ set(os.listdir(os.path.join(ROOT, 'Sources'))))}")
    for path in files("Sources", ".swift"):
        own = path.split("/")[1]
        for name in re.findall(r"^(?:@\w+ )?import (?:struct |class |func |enum )?([\w-]+)", read(path), re.M):
            if name in order:
                expect(own in order and order.index(name) < order.index(own), f"{path} imports {name}, which stands below {own}")


def folders(target, order):
    """Within a target, what a file uses is declared in its own folder or in one before it."""
    declared, texts = {}, {}
    pattern = re.compile(
        r"^(?:@\w+(?:\([^)]*\))? )*(?:(?:public|open|final|indirect) )*(?:struct|class|enum|protocol|actor|typealias|func|let|var) +([A-Za-z_]\w*)",
        re.M)
    for path in files(f"Sources/{target}", ".swift"):
        room = path.split("/")[2] if path.count("/") > 2 else None
        texts[path] = (room, code(read(path)))
        expect(room is None or room in order, f"{path} stands in a folder that has no place in the order of {target}")
        for name in pattern.findall(texts[path][1]):
            declared.setdefault(name, set()).add(room)
    for path, (room, text) in texts.items():
        if room not in order:
            continue
        for name in set(re.findall(r"(?<![.\w])[A-Za-z_]\w*(?!\w*:)", text)):
            homes = declared.get(name)
            if homes and len(homes) == 1 and None not in homes:
                home = next(iter(homes))
                local = re.search(rf"\b(?:let|var|func|struct|class|case) {name}\b", text)
                expect(order.index(home) <= order.index(room) or local, f"{path} uses {name} of {target}/{home}, which stands behind {room}")


def library():
    """A module of stdlib uses modules of its own folder and of those before it, without circles."""
    order = re.findall(r'"(\w+)"', re.search(r"rooms = \[(.*?)\]", read("Sources", "Session", "EmbeddedLibrary.swift"))[1])
    found = sorted(os.listdir(os.path.join(ROOT, "stdlib")))
    expect(sorted(order) == found, f"EmbeddedLibrary.rooms are {order}, the folders of stdlib {found}")
    room, uses = {}, {}
    for path in files("stdlib", ".rs4"):
        name = os.path.basename(path).removesuffix(".rs4")
        expect(name not in room, f"two modules of stdlib are called {name}")
        room[name] = path.split("/")[1]
        uses[name] = re.findall(r"^use (\w+)", read(path), re.M)
    for name, others in uses.items():
        for other in others:
            if other in room:
                expect(order.index(room[other]) <= order.index(room[name]), f"{name} ({room[name]}) uses {other} ({room[other]}), which stands behind it")
    state = {}

    def visit(name, way):
        if state.get(name) == "open":
            failures.append(f"modules use each other in a circle: {' → '.join(way + [name])}")
        elif name not in state:
            state[name] = "open"
            for other in uses.get(name, []):
                visit(other, way + [name])
            state[name] = "done"

    for name in uses:
        visit(name, [])


def tables():
    """The file of a table of primitives is called like the table."""
    listed = re.findall(r"(\w+)\.module", read("Sources", "Builtins", "Library.swift"))
    expect(len(listed) > 20, f"Library.modules names only {listed}")
    for kind in listed:
        path = os.path.join(ROOT, "Sources/Builtins/Tables", kind + ".swift")
        if not os.path.exists(path):
            failures.append(f"there is no Tables/{kind}.swift")
            continue
        name = re.search(r"PrimitiveModule\(\s*\"(\w+)\"", read(path))[1]
        spelled = kind.removesuffix("Primitives").lower()
        bare = name.replace("_", "")
        expect(spelled in (bare, bare.removesuffix("s")), f"the table {name} stands in {kind}.swift")


def words():
    """Every word that the lexer keeps for itself is explained by help and offered by completion."""
    kept = re.search(r"let kinds: \[TokenKind\] = \[(.*?)\]", read("Sources", "Syntax", "Lexer", "Token.swift"), re.S)[1]
    known = re.search(r"let words = \[(.*?)\n    \]", read("Sources", "Session", "Help.swift"), re.S)[1]
    for word in re.findall(r"\.(\w+)", kept):
        expect(f'"{word}": ' in known, f"Session.words does not tell how `{word}` is written")


targets()
for target, order in FOLDERS.items():
    folders(target, order)
library()
tables()
words()
for failure in failures:
    print(f"failed: {failure}")
print(f"{passed} passed, {len(failures)} failed")
sys.exit(1 if failures else 0)

"""Colours every shipped script with each editor's rules and compares the kinds character by character."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
EDITORS = os.path.join(ROOT, "editors")
sys.path[:0] = [HERE, os.path.join(EDITORS, "pygments")]

import textmate  # noqa: E402

# What must be coloured how, whatever the editors agree on: text, and its kinds (c comment, s string, e escape,
# k word of the language, n number, . anything else; the braces and formats of values are not compared, ?).
KNOWN = [
    ('let x = 0x1F  # why', 'kkk.....nnnn..ccccc'),
    ('"a {x + 1:.2f}\\n"', 'sss?....n?????ees'),
    ('"{{" + x.in', 'sees.......'),
    ('f(in: 1, b: nil)', '......n.....kkk.'),
    ('"{f("b", a: 2)}"', 's?..sss.....n.?s'),
    ('for i in 0..<3 { }', 'kkk...kk.n...n....'),
    ('"""\none {x}\n"""', 'ssssssss?.?ssss'),
    ('# %% title', 'cccccccccc'),
    ('1.5e-3 + 2', 'nnnnnn...n'),
]


def shipped():
    for folder in ("stdlib", "scripts", "Tests/language", "Tests/stdlib"):
        for place, _, names in os.walk(os.path.join(ROOT, folder)):
            yield from (os.path.join(place, name) for name in sorted(names) if name.endswith(".rs4"))


def with_textmate(texts):
    with open(os.path.join(EDITORS, "vscode/syntaxes/rs4.tmLanguage.json")) as file:
        grammar = textmate.Grammar(json.load(file))
    order = [
        ("?", r"punctuation\.section\.embedded|constant\.other\.format"), ("k", r"keyword\.(control|declaration)|constant\.language"),
        ("n", r"constant\.numeric"), ("c", "comment"), ("e", r"constant\.character\.escape"),
    ]

    def kind(scopes):
        last = scopes.split("meta.embedded.rs4")[-1]
        for letter, pattern in order:
            if re.search(pattern, last):
                return letter
        return "s" if "string.quoted" in last else "."

    return ["".join(map(kind, grammar.scopes(text))) for text in texts]


def with_pygments(texts):
    from pygments.token import Comment, Error, Keyword, Number, String
    from rs4_pygments import RS4Lexer

    lexer = RS4Lexer(stripnl=False, ensurenl=False)

    def kind(token):
        if token in Error:
            return "!"
        if token in String.Interpol:
            return "?"
        if token in String.Escape:
            return "e"
        if token in Keyword.Type or token in Keyword.Namespace:
            return "."
        for letter, group in (("c", Comment), ("s", String), ("k", Keyword), ("n", Number)):
            if token in group:
                return letter
        return "."

    return ["".join(kind(token) * len(value) for token, value in lexer.get_tokens(text)) for text in texts]


VIM_KINDS = {
    "rs4Comment": "c", "rs4Documentation": "c", "rs4Cell": "c", "rs4Todo": "c", "rs4String": "s", "rs4Escape": "e",
    "rs4Keyword": "k", "rs4Constant": "k", "rs4Number": "n", "rs4Brace": "?", "rs4Format": "?",
}
VIM_SCRIPT = """
set nocompatible encoding=utf-8 nomore
let &runtimepath = '{vim},' . &runtimepath
filetype plugin on
syntax on
let kinds = {kinds}
for name in {names}
  execute 'edit ' . fnameescape(name)
  let lines = []
  for row in range(1, line('$'))
    let text = getline(row)
    let marks = ''
    let column = 0
    while column < len(text)
      let marks .= get(kinds, synIDattr(synID(row, column + 1, 1), 'name'), '.')
      let column += len(matchstr(text, '.', column))
    endwhile
    call add(lines, marks)
  endfor
  call writefile(lines, name . '.kinds')
endfor
qall!
"""


def with_vim(texts):
    with tempfile.TemporaryDirectory() as folder:
        names = []
        for number, text in enumerate(texts):
            names.append(os.path.join(folder, f"{number}.rs4"))
            with open(names[-1], "w", newline="") as file:
                file.write(text)
        script = os.path.join(folder, "kinds.vim")
        with open(script, "w") as file:
            file.write(VIM_SCRIPT.format(vim=os.path.join(EDITORS, "vim"), kinds=json.dumps(VIM_KINDS), names=json.dumps(names)))
        subprocess.run(
            ["vim", "-u", "NONE", "-i", "NONE", "-n", "-es", "-S", script], timeout=300, check=False,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        results = []
        for name, text in zip(names, texts):
            with open(name + ".kinds") as file:
                rows = file.read().split("\n")
            lines = text.split("\n")
            results.append(".".join(rows[:len(lines)] + [""] * (len(lines) - len(rows))))
        return results


def first_difference(text, a, b):
    for place, (x, y) in enumerate(zip(a, b)):
        if x != y and "?" not in (x, y) and not text[place].isspace():
            return place
    return None if len(a) == len(b) else min(len(a), len(b))


def main():
    passed = failed = skipped = 0
    paths = list(shipped())
    texts = []
    for path in paths:
        with open(path, encoding="utf-8") as file:
            # A line that is no RS4 on purpose may be coloured in any way.
            texts.append(re.sub(r"(?m)^.*# error: syntax.*$", "", file.read()))
    known = [text for text, _ in KNOWN]
    coloured = {"TextMate": with_textmate(known + texts)}
    try:
        coloured["Pygments"] = with_pygments(known + texts)
    except ImportError:
        skipped += 1
        print("skipped: Pygments is not here (python3-pygments)")
    if shutil.which("vim") and "+syntax" in subprocess.run(["vim", "--version"], capture_output=True, text=True).stdout:
        coloured["Vim"] = with_vim(known + texts)
    else:
        skipped += 1
        print("skipped: Vim with syntax is not here (vim)")
    for editor, kinds in coloured.items():
        for number, text in enumerate(known + texts):
            expected = KNOWN[number][1] if number < len(KNOWN) else coloured["TextMate"][number]
            name = repr(text) if number < len(KNOWN) else os.path.relpath(paths[number - len(KNOWN)], ROOT)
            place = first_difference(text, kinds[number], expected)
            if place is None and "!" not in kinds[number]:
                passed += 1
                continue
            failed += 1
            place = kinds[number].index("!") if place is None else place
            start, line = text.rfind("\n", 0, place) + 1, text.count("\n", 0, place) + 1
            end = text.find("\n", place)
            end = len(text) if end < 0 else end
            print(f"failed: {editor} {name}:{line}\n    {text[start:end]}\n    {kinds[number][start:end]}\n    {expected[start:end]}")
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    sys.exit(1 if failed else 0)


main()

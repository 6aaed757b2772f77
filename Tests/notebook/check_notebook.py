"""Runs rs4 notebook and reads what it writes."""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time

import hostile
import markdown
from page import Page

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
try:
    import nbformat
except ImportError:
    nbformat = None
checks, skipped = [], []


def check(function):
    checks.append(function)
    return function


class Kit:
    """The program and a folder of one's own."""

    def __init__(self, rs4, folder):
        self.rs4, self.folder = rs4, folder

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.path(name), "wb") as file:
            file.write(text if isinstance(text, bytes) else text.encode())
        return name

    def read(self, name):
        with open(self.path(name), encoding="utf-8", newline="") as file:
            return file.read()

    def run(self, *words, status=0, within=300):
        run = subprocess.run([self.rs4, *words], cwd=self.folder, capture_output=True, timeout=within, stdin=subprocess.DEVNULL)
        run.stdout, run.stderr = run.stdout.decode(errors="replace"), run.stderr.decode(errors="replace")
        assert run.returncode == status, f"rs4 {' '.join(words)} ended with {run.returncode}, not {status}: {run.stdout}{run.stderr}"
        return run

    def notebook(self, *words, status=0, within=300):
        return self.run("notebook", *words, status=status, within=within)


def requires_safe_page(text):
    page = Page(text)
    assert not page.complaints, page.complaints[:4]
    for style in page.styles:
        assert "url(" not in style and "@import" not in style, "the style sheet loads something"
    return page


def requires_valid_notebook(text):
    """The cells of a notebook, which is what Jupyter itself would have written."""
    read = json.loads(text)
    assert read["nbformat"] == 4 and read["nbformat_minor"] == 5
    identifiers = [cell["id"] for cell in read["cells"]]
    assert len(set(identifiers)) == len(identifiers), "a cell's id twice"
    assert all(re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", one) for one in identifiers), identifiers
    if nbformat is not None:
        whole = nbformat.reads(text, as_version=4)
        nbformat.validate(whole)
        # Jupyter splits lines at more than line ends.
        if not re.search("[\ufeff\x0b\x0c\x1c-\x1e\x85\u2028\u2029\r]", text.encode().decode("unicode_escape", "ignore") + text):
            assert nbformat.writes(whole, version=nbformat.NO_CONVERT) + "\n" == text, "Jupyter writes it differently"
    return read["cells"]


def requires_safe_markdown(text):
    shown = markdown.html(text)
    if shown is None:
        return None
    page = Page(shown, is_whole=False)
    complaints = [one for one in page.complaints if not one.startswith("a picture from elsewhere")]
    assert not complaints, complaints[:4]
    for picture in page.pictures:
        assert re.fullmatch(r"[\w%.-]+_files/cell-\d+-[0-9a-f]{16}\.(svg|png)", picture["src"]), picture
    return page


def without_times(text):
    text = re.sub(r'(<p class="seconds"[^>]*>)[^<]*', r"\1", text)
    text = re.sub(r'"seconds": [0-9.e-]+', '"seconds": 0', text)
    text = re.sub(r"^\*[0-9hmins. ]+\*$", "", text, flags=re.M)
    return re.sub(r"its cells took [0-9hmins. ]+ in all", "", text)


# MARK: a lesson


@check
def a_lesson_in_all_three_forms(kit):
    kit.write("lesson.rs4", open(os.path.join(HERE, "lesson.rs4"), "rb").read())
    run = kit.notebook("lesson.rs4", "-o", "lesson.html", "-o", "lesson.ipynb", "-o", "lesson.md", "--set", "count=7", "--set", "title=Scores & more")
    assert run.stdout == "wrote lesson.html\nwrote lesson.ipynb\nwrote lesson.md\n" and not run.stderr, run
    page = requires_safe_page(kit.read("lesson.html"))
    text = "".join(page.text)
    for words in ("A lesson in labels", "7 cases", "a line with <b>no</b> markup & colours", "[1, 2, 3]", "tensor([[0, 1, 2, 3],", "left ventricle",
                  "Scores & more", "value 39000", "the last cell, without a title", "count=7"):
        assert words in text, f"the page does not show {words!r}"
    assert "step 1" not in text, "a line of progress stays on the page"
    assert page.parts["output value"].count("3") == 0, "a silenced value is shown"
    assert len(page.parts["output table"]) == 4 and len(page.pictures) == 3, (page.parts.keys(), len(page.pictures))
    assert page.pictures[0]["src"].startswith("data:image/svg+xml;base64,") and page.pictures[0]["alt"].startswith("Figure"), page.pictures[0]["alt"]
    assert page.pictures[1]["src"].startswith("data:image/png;base64,") and int(page.pictures[1]["width"]) > 50
    assert page.pictures[2]["src"].startswith("data:image/png;base64,") and page.pictures[2]["alt"].startswith("Volume ") and "RAS" in page.pictures[2]["alt"], page.pictures[2]["alt"]
    listed = re.findall(r"\S.*", page.parts["contents"][0])
    assert listed[:4] == ["Contents", "A lesson in labels", "Settings", "Looking"] and "An overlay" in listed, listed
    assert len(page.parts["seconds"]) == 10, page.parts["seconds"]
    assert "keyword" in page.parts and "number" in page.parts, "the code has no colours"

    cells = requires_valid_notebook(kit.read("lesson.ipynb"))
    kinds = [output["output_type"] for cell in cells for output in cell.get("outputs", [])]
    assert kinds.count("execute_result") == 8 and kinds.count("display_data") == 3 and kinds.count("stream") == 1, kinds
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
    made, shipped = (json.loads(text)["metadata"] for text in (kit.read("lesson.ipynb"), open(os.path.join(ROOT, "docs", "lesson.ipynb"), "rb").read()))
    assert made["kernelspec"] == shipped["kernelspec"] and made["language_info"] == shipped["language_info"], (made, shipped)
    curve = next(cell for cell in code if "dice_curves" in "".join(cell["source"]))["outputs"][0]
    assert set(curve["data"]) == {"text/plain", "image/svg+xml", "image/png"} and curve["data"]["image/png"].startswith("iVBOR")
    assert all(cell["metadata"]["rs4"]["seconds"] >= 0 for cell in code)

    shown = kit.read("lesson.md")
    requires_safe_markdown(shown)
    pictures = re.findall(r"!\[[^]]*\]\((lesson_files/[^)]*)\)", shown)
    assert len(pictures) == 3 and all(os.path.getsize(kit.path(one)) > 1000 for one in pictures), pictures
    assert "```rs4\n" in shown and "### A curve" in shown and "| `A` | the truth |" in shown and re.search("left ventricle +0.91", shown), shown


@check
def the_same_seed_gives_the_same_page(kit):
    kit.write("lesson.rs4", open(os.path.join(HERE, "lesson.rs4"), "rb").read())
    for folder in ("one", "two"):
        os.mkdir(kit.path(folder))
        kit.notebook("lesson.rs4", *(word for ending in ("html", "ipynb", "md") for word in ("-o", f"{folder}/page.{ending}")))
    for ending in ("html", "ipynb", "md"):
        one, two = (without_times(kit.read(f"{folder}/page.{ending}")) for folder in ("one", "two"))
        assert one == two, f"{ending}: more than the times differs"
    assert os.listdir(kit.path("one/page_files")) == os.listdir(kit.path("two/page_files"))


# MARK: shipped scripts

SMALL = {
    "first_light.rs4": ["unlabeled=1", "test=1", "iterations=2", "size=64", "out=OUT/first_light"],
    "pilot_report.rs4": ["labeled=2", "unlabeled=1", "out=OUT/report"],
    "results.rs4": ["data=OUT/cases", "unlabeled=1", "test=1", "iterations=2", "size=64", "methods=supervised cct_r",
                    "out=OUT/results", "registrations=OUT/registrations"],
    "results_table.rs4": ["out=OUT/results"],
    "4_cross_teaching.rs4": ["steps=4"],
    "5_registration_teaches.rs4": ["steps=4"],
}
CASES = """use phantom
for folder in ["images", "labels"] { make_folder(join_path("cases", folder)) }
for case in phantom_cases(4) {
  write_volume(case.image, "cases/images/{case.id}.nii.gz")
  write_volume(case.labels, "cases/labels/{case.id}.nii.gz")
}
"""


def shipped():
    """Every script of the project that is cut into cells, in the order in which one may want what another left."""
    found = []
    for folder in ("scripts", "examples", "lessons", "experiments", "docs"):
        for where, _, files in sorted(os.walk(os.path.join(ROOT, folder))):
            for name in sorted(files):
                path = os.path.join(where, name)
                if name.endswith(".rs4") and "# %%" in open(path, encoding="utf-8").read():
                    found.append(path)
    return found


@check
def every_shipped_script_in_all_three_forms_and_back(kit):
    kit.write("cases.rs4", CASES)
    kit.run("run", "cases.rs4")
    paths = shipped()
    assert len(paths) >= 4, paths
    for path in paths:
        name = os.path.basename(path)
        settings = [word for setting in SMALL.get(name, []) for word in ("--set", setting.replace("OUT", kit.folder))]
        stem = name[:-4]
        begun = time.time()
        try:
            kit.notebook(path, "-o", f"{stem}.html", "-o", f"{stem}.ipynb", "-o", f"{stem}.md", *settings, within=900)
            requires_safe_page(kit.read(f"{stem}.html"))
            requires_valid_notebook(kit.read(f"{stem}.ipynb"))
            requires_safe_markdown(kit.read(f"{stem}.md"))
            kit.notebook(f"{stem}.ipynb", "-o", f"{stem}.rs4")
            assert kit.read(f"{stem}.rs4") == open(path, encoding="utf-8", newline="").read(), "the script that comes back differs"
        except AssertionError as problem:
            raise AssertionError(f"{name}: {problem}") from None
        print(f"ok {name} in {time.time() - begun:.0f} s")


# MARK: hostile texts


@check
def hostile_texts_do_not_act(kit):
    for number, text in enumerate(hostile.TEXTS):
        try:
            kit.write("page.rs4", hostile.script(text))
            given = text.replace("\0", "")
            kit.notebook("page.rs4", "-o", "page.html", "-o", "page.ipynb", "-o", "page.md", "--allow-errors", "--set", f"given={given}")
            page = requires_safe_page(kit.read("page.html"))
            cells = requires_valid_notebook(kit.read("page.ipynb"))
            requires_safe_markdown(kit.read("page.md"))
            kit.notebook("page.ipynb", "-o", "back.rs4")
            assert kit.read("back.rs4") == kit.read("page.rs4"), "the script that comes back differs"
            plain = all(" " <= letter <= "~" for letter in text)
            assert not plain or f"before {text} after" in "".join(page.parts.get("output", []) + page.parts.get("output columns", [])), "the page does not show the text"
            assert not plain or any(f"before {text} after" in "".join(output["text"])
                                    for cell in cells for output in cell.get("outputs", []) if output["output_type"] == "stream")
            assert len(page.pictures) == 1 and "Failure" in "".join(page.text)
        except AssertionError as problem:
            raise AssertionError(f"text {number}, {text!r}: {problem}") from None


@check
def hostile_drawings_do_not_act(kit):
    for text in hostile.TEXTS:
        word = hostile.literal(text)
        kit.write("draw.rs4", f"plot({{[{word}]: [1, 2]}}, title: {word}, x_label: {word}, y_label: {word})\n")
        kit.notebook("draw.rs4", "-o", "draw.md")
        for name in os.listdir(kit.path("draw_files")):
            drawing = kit.read(f"draw_files/{name}")
            tags = set(re.findall(r"<\s*([A-Za-z!?/][\w:]*)", drawing))
            assert not tags & {"script", "foreignObject", "iframe", "img", "a", "b", "base", "meta", "form"}, (text, tags)
            assert not re.search(r"<[^>]*\son\w+\s*=", drawing), text


@check
def hostile_names_of_files(kit):
    for text in ("<img src=x onerror=alert(1)>", "a\" onload=\"alert(1)", "`x` [y](javascript:alert(1))", "\u202egnp.", "new\nline", "-x", "é 漢 #?%20"):
        name = text.replace("/", "_")
        kit.write(f"{name}.rs4", "raise \"failed\"\n")
        words = [f"./{name}.rs4"] + [word for ending in ("html", "ipynb", "md") for word in ("-o", f"./{name}.{ending}")]
        kit.notebook(*words, status=1)
        requires_safe_page(kit.read(f"{name}.html"))
        requires_valid_notebook(kit.read(f"{name}.ipynb"))
        requires_safe_markdown(kit.read(f"{name}.md"))
        kit.write(f"{name}.rs4", "plot([1, 2])\n")
        kit.notebook(*words)
        link = re.search(r"\]\(([^)]*)\)", kit.read(f"{name}.md")).group(1)
        from urllib.parse import unquote
        assert os.path.exists(kit.path(unquote(link))), f"{link} leads nowhere"


@check
def text_cells_do_not_reach_into_what_follows(kit):
    for opened in ("`````", "~~~~~", "    ", "<!--", "<pre>", "- `````", "> ~~~", "[foo]: javascript:alert(1)", "<script>", "[foo]:\njavascript:alert(1)",
                   "![<b>x</b> `c` ![in](javascript:y) [l](javascript:z)](javascript:x)", "- a\n\n<b>\nx\n</b>\n\n1. [foo]: javascript:alert(1)"):
        lines = "\n".join(f"# {line}" for line in opened.splitlines())
        kit.write("open.rs4", f"# %% [markdown]\n# see [foo]\n#\n{lines}\n# %% A title\nprint(\"`````\\n~~~~~\\n-->\\n</pre>\\n<script>alert(1)</script>\")\n"
                  "# %% [markdown]\n# see [foo] and [bar]\n# %% [markdown]\n# [bar]: javascript:alert(1)\n")
        kit.notebook("open.rs4", "-o", "open.md", "-o", "open.html")
        page = requires_safe_markdown(kit.read("open.md"))
        requires_safe_page(kit.read("open.html"))
        assert page is None or any("<script>alert(1)</script>" in part for part in page.parts["language-text"]), (opened, kit.read("open.md"))
        assert page is None or page.parts["h2"] == ["A title"], opened


@check
def a_page_names_its_language(kit):
    for folder in ("en", "ja"):
        text = open(os.path.join(ROOT, "docs", "workshop", folder, "1_values.rs4"), encoding="utf-8").read()
        kit.write("words.rs4", "".join(part for part in re.split("(?=^# %%)", text, flags=re.M) if part.startswith("# %% [markdown]")))
        kit.notebook("words.rs4", "-o", "words.html")
        page = kit.read("words.html")
        assert f'<html lang="{folder}">' in page, folder
        assert "<p>%s</p>" % {"en": "Contents", "ja": "目次"}[folder] in page, folder
        # Between two Japanese letters a browser would show the end of a line as a space.
        assert not re.search("[\u3040-\u30ff\u4e00-\u9fff]\n[\u3040-\u30ff\u4e00-\u9fff]", page), folder
    kit.write("words.rs4", "# %% [markdown]\n# The word 演習 (れんしゅう) stands in the title of every exercise of this lesson, and in no other.\n")
    kit.notebook("words.rs4", "-o", "words.html")
    assert '<html lang="en">' in kit.read("words.html")


@check
def results_are_broken_where_the_page_is_narrow(kit):
    """What holds columns is scrolled instead, and no figure is wider than its page."""
    kit.write("wide.rs4", "\"word \" * 60\n# %%\nprint(table([[1, 2]], [\"a\", \"b\"]))\n# %%\nprint(\"word \" * 60)\n# %%\nstr(plot([1, 2]))\n")
    kit.notebook("wide.rs4", "-o", "wide.html")
    page = requires_safe_page(kit.read("wide.html"))
    assert len(page.parts["output"]) == 1 and len(page.parts["output columns"]) == 1, page.parts.keys()
    assert len(page.parts["output value"]) == 1 and len(page.parts["output value columns"]) == 1, page.parts.keys()
    style = "".join(page.styles)
    assert "pre.output { white-space: pre-wrap;" in style and "pre.columns { white-space: pre;" in style
    assert "max-width: max(" not in style and "img, svg { max-width: 100%; height: auto; }" in style


@check
def labels_and_scores_are_pictures_and_tables(kit):
    kit.write("shown.rs4", """
let labels = labels_of(volume(reshape(arange(1000) // 100, [10, 10, 10]), spacing: [1.0, 1.0, 2.0]))
labels
# %%
segmentation_table(labels, labels, names: map(1...9, n => "part {n}"))
# %%
volume(rand([4, 5, 6, 2]))
""")
    kit.notebook("shown.rs4", "-o", "shown.html", "-o", "shown.ipynb")
    page = requires_safe_page(kit.read("shown.html"))
    assert [one["alt"].split()[0] for one in page.pictures] == ["Labels", "Volume"], page.pictures
    assert all(one["src"].startswith("data:image/png;base64,") for one in page.pictures), page.pictures
    assert len(page.parts["output table"]) == 1 and "HD95 (mm)" in page.parts["output table"][0] and "part 9" in page.parts["output table"][0]
    outputs = [cell["outputs"][0]["data"] for cell in requires_valid_notebook(kit.read("shown.ipynb"))]
    assert set(outputs[0]) == {"text/plain", "image/png"} and set(outputs[1]) == {"text/plain", "text/html"} and set(outputs[2]) == set(outputs[0]), outputs
    assert "".join(outputs[1]["text/plain"]).split("\n")[0].split("  ")[0] == "class", outputs[1]["text/plain"]


# MARK: pictures of text cells


@check
def pictures_beside_the_script_are_carried(kit):
    kit.write("draw.rs4", "save(plot([1, 2]), \"drawn.svg\")\nsave(plot([1, 2]), \"drawn.png\", scale: 1)\n")
    kit.run("run", "draw.rs4")
    kit.write("secret.txt", "a secret")
    kit.write("page.rs4", "# %% [markdown]\n# ![one](drawn.svg) ![two](drawn.png) ![three](https://example.org/x.png)\n"
              "# [![four](https://example.org/y.png)](https://example.org) ![five](secret.txt) ![six](gone.png)\n")
    kit.notebook("page.rs4", "-o", "page.html")
    page = requires_safe_page(kit.read("page.html"))
    assert [picture["alt"] for picture in page.pictures] == ["one", "two"], page.pictures
    assert "https://example.org/x.png" in page.links and all(word in "".join(page.text) for word in ("three", "four", "five", "six"))


@check
def a_picture_named_often_does_not_swell_the_page(kit):
    kit.write("large.svg", "<svg xmlns='http://www.w3.org/2000/svg' width='1' height='1'><!--" + "x" * (15 << 20) + "--></svg>")
    kit.write("page.rs4", "# %% [markdown]\n" + "# ![one](large.svg)\n" * 200)
    kit.notebook("page.rs4", "-o", "page.html")
    text = kit.read("page.html")
    assert text.count("<img ") == 4 and len(text) < 100 << 20, (text.count("<img "), len(text))


@check
def markdown_that_grows_without_end_stays_as_it_is(kit):
    # A name for a long address, used often; images inside images, each with all the words.
    for name, text in (("names", f"[a]: http://x/{'y' * 1000000}\n\n" + "[a] [a] [a] [a]\n" * 1000),
                       ("titles", f"> [a]: x\n> '{'y ' * 500000}'\n\n" + "[a]\n" * 4000),
                       ("images", "![" * 3000 + "word " * 100000 + "](x)" * 3000)):
        kit.write(f"{name}.rs4", "# %% [markdown]\n" + "".join(f"# {line}\n" for line in text.splitlines()) + "# %%\n6 * 7\n")
        # Room for what a page needs, and for the program itself; not for a thousand copies.
        command = f"ulimit -v 12000000; exec '{kit.rs4}' notebook {name}.rs4 -o {name}.html -o {name}.md"
        run = subprocess.run(["bash", "-c", command], cwd=kit.folder, capture_output=True, timeout=100)
        assert run.returncode == 0, (name, run.returncode, run.stderr[:500])
        page = kit.read(f"{name}.html")
        assert ">42<" in page and len(page) < 8 << 20, (name, len(page))
        requires_safe_page(page)


# MARK: there and back

SCRIPTS = [
    "", "let a = 1\n", "let a = 1", "# %%\n", "# %% One\n# %% Two\n\n\n\nlet b = 2\n\n\n", "let a = 1\n# %% [markdown] A title\n# text\n#\n#more\n\n# %%\na",
    "# %% [markdown]\n# \\%% x\n# # %% y\n# ## z\n#  %%x\n\n# %% Code\nlet s = \"\"\"\n# %% no cell\n\"\"\"\n",
    "\ufefflet a = 1\r\n# %% Two\r\na\r\n", "#%% none\n#  %%   Title  with   blanks  \nlet a = 1;\n", "# %% Wrong\nlet = \n# %% Right\nlet c = 3\n",
    "# %% é 漢\n\"\u2028\"\n", "# %% [markdown]\n#\n# %% [markdown]\n\n\n# %% x",
]


@check
def text_cells_hold_no_code_whatever_their_line_ends(kit):
    """A carriage return and a newline behind it are one letter to some, and what stands behind them would be code."""
    for kind in ("markdown", "raw"):
        for end in ("\r\n", "\r\r\n", "\n\r\n", "\r", "\u2028", "\x0b", "\x85"):
            kit.write("ends.ipynb", made([{"cell_type": kind, "metadata": {}, "source": f"text{end}print(\"it ran\"){end}more"}]))
            kit.notebook("ends.ipynb", "-o", "ends.rs4")
            assert kit.run("run", "ends.rs4").stdout == "", (kind, end, kit.read("ends.rs4"))
            kit.notebook("ends.rs4", "-o", "ends.html")
    for end in ("\n", "\r\n"):
        kit.write("code.rs4", end.join(["# %% [markdown]", "# text", "print(1)", "# %%", "2", ""]).encode())
        run = kit.notebook("code.rs4", "-o", "code.html", status=1)
        assert "a text cell must hold comments alone" in run.stderr and "code.rs4:3:1" in run.stderr and "print(1)" in run.stderr, run
    # What a notebook keeps of the script is believed only where it says what the cell says.
    kept = "# %% [markdown]\r\n# text\r\nprint(\"it ran\")\r\n"
    kit.write("kept.ipynb", made([{"cell_type": "markdown", "metadata": {"rs4": {"script": kept}}, "source": "text\nprint(\"it ran\")"}]))
    kit.notebook("kept.ipynb", "-o", "kept.rs4")
    assert kit.run("run", "kept.rs4").stdout == "", kit.read("kept.rs4")


@check
def scripts_come_back_as_they_were(kit):
    for number, script in enumerate(SCRIPTS):
        kit.write("there.rs4", script)
        kit.notebook("there.rs4", "-o", "there.ipynb", "--allow-errors")
        requires_valid_notebook(kit.read("there.ipynb"))
        kit.notebook("there.ipynb", "-o", "back.rs4")
        assert kit.read("back.rs4") == script, f"script {number}: {kit.read('back.rs4')!r} is not {script!r}"


def made(cells, **more):
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells, **more})


@check
def notebooks_of_others_become_scripts(kit):
    cells = [
        {"cell_type": "markdown", "id": "a", "metadata": {}, "source": "# Title\n\n%% not a cell\n %% nor this"},
        {"cell_type": "code", "id": "b", "metadata": {}, "source": ["let a = 1\n", "a + 1"], "outputs": [], "execution_count": None},
        {"cell_type": "code", "id": "c", "metadata": {}, "source": "# %% Named\na * 2", "outputs": [], "execution_count": None},
        {"cell_type": "raw", "id": "d", "metadata": {}, "source": "raw ``` text"},
        {"cell_type": "code", "id": "e", "metadata": {"rs4": {"script": "# %% Old\nold\n"}}, "source": "new", "outputs": []},
    ]
    kit.write("other.ipynb", made(cells))
    kit.notebook("other.ipynb", "-o", "other.rs4")
    assert kit.read("other.rs4") == (
        "# %% [markdown]\n# # Title\n#\n# \\%% not a cell\n#  \\%% nor this\n\n# %%\nlet a = 1\na + 1\n\n# %% Named\na * 2\n\n"
        "# %% [markdown]\n# ````\n# raw ``` text\n# ````\n\n# %%\nnew\n"), kit.read("other.rs4")
    kit.notebook("other.rs4", "-o", "again.ipynb", "--cells", "1-4")
    again = requires_valid_notebook(kit.read("again.ipynb"))
    assert [cell["cell_type"] for cell in again] == ["markdown", "code", "code", "markdown"]


# MARK: errors, limits, Ctrl-C

FAILING = "# %% One\nprint(\"one\")\n# %% Two\nlet x = [1]\nx[5]\n# %% Three\nprint(\"three\")\n# %% [markdown]\n# the end\n"


@check
def an_error_stops_the_page_and_keeps_what_ran(kit):
    kit.write("fails.rs4", FAILING)
    run = kit.notebook("fails.rs4", "-o", "page.html", "-o", "page.ipynb", "-o", "page.md", status=1)
    assert "error[index]" in run.stderr and "fails.rs4:5:1" in run.stderr, run.stderr
    page = requires_safe_page(kit.read("page.html"))
    told = page.parts["diagnostic"]
    assert len(told) == 1 and "error[index]" in told[0] and "fails.rs4:5:1" in told[0] and "x[5]" in told[0], told
    assert page.parts["error"][0] == "error[index]" and any("^" in mark for mark in page.parts["mark"]), "the error has no colours"
    text = "".join(page.text)
    assert "one" in text and "three" not in text and "the end" not in text and "1 cell of code did not run" in text
    cells = requires_valid_notebook(kit.read("page.ipynb"))
    assert [cell.get("execution_count") for cell in cells] == [1, 2, None, None]
    failed = cells[1]["outputs"][-1]
    assert failed["output_type"] == "error" and failed["ename"] == "index" and any("\x1b[" in line for line in failed["traceback"])
    assert "error[index]" in kit.read("page.md") and "three" not in kit.read("page.md")
    kit.notebook("page.ipynb", "-o", "back.rs4")
    assert kit.read("back.rs4") == FAILING, "what did not run is lost"

    run = kit.notebook("fails.rs4", "-o", "page.html", "--allow-errors")
    text = "".join(requires_safe_page(kit.read("page.html")).text)
    assert "three" in text and "the end" in text and "error[index]" in text and "did not run" not in text
    kit.write("unfinished.rs4", "# %% One\n1 + 1\n# %% Two\nlet a = (\n# %% Three\n")
    assert "error[syntax]" in kit.notebook("unfinished.rs4", "-o", "page.html", status=1).stderr
    assert "2" in requires_safe_page(kit.read("page.html")).parts["output value"]


@check
def chosen_cells(kit):
    kit.write("cells.rs4", "".join(f"# %% C{number}\nprint(\"cell {number}\")\n" for number in range(1, 7)))
    for words, wanted in (("3-5", [3, 4, 5]), ("2", [2]), ("5-", [5, 6]), ("1,3,5-6", [1, 3, 5, 6])):
        kit.notebook("cells.rs4", "-o", "page.md", "--cells", words)
        assert [int(one) for one in re.findall(r"^cell (\d)$", kit.read("page.md"), re.M)] == wanted, words
    for words in ("7", "3-9", "9-"):
        assert "from 1 to 6" in kit.notebook("cells.rs4", "-o", "no.md", "--cells", words, status=1).stderr
    for words in ("0", "5-3", "x", ",", "1-2-3", "-", "99999999999999999999"):
        assert "--cells must be" in kit.notebook("cells.rs4", "-o", "no.md", f"--cells={words}", status=64).stderr, words
    assert not os.path.exists(kit.path("no.md"))
    kit.write("needs.rs4", "# %% One\nlet after = 1\n# %% Two\nafter + 1\n")
    told = kit.notebook("needs.rs4", "-o", "part.md", "--cells", "2", status=1).stderr
    assert "cell 1 binds it, and was left out" in told, told


@check
def values_of_params(kit):
    kit.write("params.rs4", "param rate = 0.5\nparam name = \"a\"\n# %%\nprint(\"{rate} {name} {script_parameters()}\")\n")
    kit.notebook("params.rs4", "-o", "page.md", "--set", "rate=2", "--set", "name=b")
    assert "\n2.0 b {rate: 2.0, name: \"b\"}\n" in kit.read("page.md"), kit.read("page.md")
    assert "did you mean `rate`" in kit.notebook("params.rs4", "-o", "no.md", "--set", "rte=2", status=1).stderr
    assert "--set must be NAME=VALUE" in kit.notebook("params.rs4", "-o", "no.md", "--set", "rate", status=64).stderr
    assert not os.path.exists(kit.path("no.md"))
    assert "error[param]" in kit.notebook("params.rs4", "-o", "page.md", "--set", "rate=x", status=1).stderr


@check
def a_cell_that_takes_too_long(kit):
    kit.write("slow.rs4", "# %% One\nprint(\"begun\")\nlet n = 0\nwhile true { n += 1 }\n# %% Two\nprint(\"the other\")\n# %% Three\n"
              "try { while true { n += 1 } } catch problem { print(\"caught\") }\n# %% Four\nprint(n > 0)\n")
    begun = time.time()
    run = kit.notebook("slow.rs4", "-o", "page.html", "--timeout", "0.5", status=1)
    assert time.time() - begun < 10 and "error[timeout]: cell 1 must end within 0.5 s, but has not" in run.stderr, run.stderr
    text = "".join(requires_safe_page(kit.read("page.html")).text)
    assert "begun" in text and "error[timeout]" in text and "the other" not in text
    run = kit.notebook("slow.rs4", "-o", "page.html", "--timeout", "1", "--allow-errors")
    text = "".join(requires_safe_page(kit.read("page.html")).text)
    assert "cell 3 must end within 1 s" in text and "the other" in text and "true" in text and "caught" not in "".join(
        Page(kit.read("page.html")).parts["output"])
    for words in ("0", "-1", "nan", "inf", "x"):
        kit.notebook("slow.rs4", "-o", "no.md", f"--timeout={words}", status=64)


@check
def a_training_that_holds_interrupts_ends_at_a_good_place(kit):
    kit.write("hold.rs4", "hold_interrupts()\nlet n = 0\nwhile not stop_requested() { n += 1 }\nprint(\"kept\")\ninterrupt(\"stopped\")\n")
    run = kit.notebook("hold.rs4", "-o", "page.md", "--timeout", "1", status=1)
    assert "error[timeout]" in run.stderr and "kept" in kit.read("page.md"), run.stderr


@check
def ctrl_c_keeps_what_ran(kit):
    kit.write("long.rs4", "# %% One\nprint(\"one\")\n# %% Two\nwrite_text(\"begun\", \"\")\nprint(\"two\")\nwhile true { }\n# %% Three\nprint(\"three\")\n")
    process = subprocess.Popen(
        [kit.rs4, "notebook", "long.rs4", "-o", "page.html", "-o", "page.ipynb", "--allow-errors"], cwd=kit.folder, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler))
    patience = time.time() + 60
    while not os.path.exists(kit.path("begun")) and time.time() < patience:
        time.sleep(0.05)
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130 and b"error[interrupted]" in errors, (process.returncode, errors)
    text = "".join(requires_safe_page(kit.read("page.html")).text)
    assert "one" in text and "two" in text and "error[interrupted]" in text and "three" not in text
    assert [cell["execution_count"] for cell in requires_valid_notebook(kit.read("page.ipynb"))] == [1, 2, None]


@check
def long_output_is_cut(kit):
    kit.write("much.rs4", "for i in 0..<300000 { print(\"line number {i}\") }\n# %%\nprint(\"end\")\n")
    kit.notebook("much.rs4", "-o", "page.html")
    text = "".join(requires_safe_page(kit.read("page.html")).text)
    assert "line number 0\n" in text and "line number 299999\n" in text + "\n" and "left out" in text and "end" in text
    assert os.path.getsize(kit.path("page.html")) < 3_000_000
    kit.write("endless.rs4", "while true { print(\"again and again\") }\n")
    kit.notebook("endless.rs4", "-o", "page.html", "--timeout", "2", status=1)
    assert os.path.getsize(kit.path("page.html")) < 3_000_000


# MARK: bad inputs


@check
def bad_inputs_write_nothing(kit):
    kit.write("good.rs4", "1 + 1\n")
    kit.write("kept.html", "kept")
    kit.write("kept.md", "kept")
    kit.write("kept.rs4", "kept")
    kit.write("file", "kept")
    kit.write("binary.rs4", bytes(range(256)) * 20)
    kit.write("mixed.rs4", "# %% [markdown]\n# text\nlet a = 1\n")
    kit.write("many.rs4", "# %%\n" * 20000)
    with open(kit.path("huge.rs4"), "wb") as file:
        file.truncate(20 << 20)
    kit.write("good.ipynb", made([{"cell_type": "code", "source": "1 + 1", "metadata": {}, "outputs": []}]))
    os.mkdir(kit.path("folder.html"))
    os.mkdir(kit.path("shown.rs4"))
    script_cases = [
        (["missing.rs4", "-o", "kept.html"], "must be there"), (["good.rs4", "-o", "kept.pdf"], "must end in .html, .ipynb or .md"),
        (["good.rs4", "-o", "kept"], "must end in"), (["good.rs4", "-o", "other.rs4"], "becomes a script"), (["good.rs4", "-o", ""], "must end in"),
        (["good.rs4", "-o", "no_folder/page.html"], "must be in an existing folder"), (["good.rs4", "-o", "file/page.html"], "must be in an existing folder"),
        (["good.rs4", "-o", "folder.html"], "it is a folder"), (["good.rs4", "-o", "x" * 300 + ".html"], "must be writable"),
        (["binary.rs4", "-o", "kept.html"], "must be text"), (["huge.rs4", "-o", "kept.html"], "at most 16 MB"), (["shown.rs4", "-o", "kept.html"], "must be a file"),
        (["mixed.rs4", "-o", "kept.html"], "comments alone"), (["many.rs4", "-o", "kept.html"], "at most 10000 cells"),
        (["good.rs4", "-o", "a.html", "-o", "./a.html"], "named twice"), (["kept.md", "-o", "kept.md"], "named twice"), (["", "-o", "kept.html"], "must be there"),
    ]
    for words, told in script_cases:
        run = kit.notebook(*words, status=1)
        assert run.stderr.startswith("error[") and told in run.stderr, (words, run.stderr)
    kit.write("taken_files", "kept")
    assert "must be a folder" in kit.notebook("good.rs4", "-o", "taken.md", status=1).stderr
    kit.notebook("good.rs4", status=64)
    deep = "[" * 100000
    notebooks = [
        ("", "no JSON"), ("{", "no JSON"), (deep, "no JSON"), (bytes(range(256)), "no JSON"), ("[]", "no `nbformat`"), ("{}", "no `nbformat`"),
        ('{"nbformat": "4"}', "no `nbformat`"), ('{"nbformat": 3, "worksheets": []}', "format 3"), ('{"nbformat": 4}', "no list `cells`"),
        ('{"nbformat": 4, "cells": {}}', "no list `cells`"), (made([1]), "cell 1"), (made([{"cell_type": "code"}]), "cell 1"),
        (made([{"cell_type": "code", "source": [1]}]), "cell 1"), (made([{"cell_type": "heading", "source": "x"}]), "unknown type heading"),
        (made([{"cell_type": "code", "source": "\0"}]), "cell 1"),
        (made([], metadata={"kernelspec": {"language": "python", "name": "python3", "display_name": "x"}}), "language is python"),
        (made([], metadata={"language_info": {"name": "julia"}}), "language is julia"),
        (made([{"cell_type": "code", "source": "", "metadata": {}, "outputs": []}] * 20000), "at most 10000 cells"),
    ]
    for text, told in notebooks:
        kit.write("bad.ipynb", text)
        run = kit.notebook("bad.ipynb", "-o", "kept.rs4", status=1)
        assert run.stderr.startswith("error[file]") and told in run.stderr, (text[:80], run.stderr)
    for words, told in ((["missing.ipynb", "-o", "kept.rs4"], "existing file"), (["good.ipynb", "-o", "kept.html"], "must become a script"),
                        (["good.ipynb", "-o", "kept.rs4", "--cells", "1"], "must stand with a script")):
        assert told in kit.notebook(*words, status=1).stderr, words
    for name in ("kept.html", "kept.md", "kept.rs4", "file", "taken_files"):
        assert kit.read(name) == "kept", f"{name} was written over"
    assert not [name for name in os.listdir(kit.folder) if name.startswith(".writing")], "half a file stays"


@check
def a_full_disk_leaves_the_old_page(kit):
    kit.write("good.rs4", "print(\"x\" * 100000)\n")
    kit.write("kept.html", "kept")
    run = subprocess.run(["bash", "-c", "ulimit -f 16; exec \"$0\" notebook good.rs4 -o kept.html -o small.md", kit.rs4], cwd=kit.folder, capture_output=True,
                         text=True, timeout=120)
    assert run.returncode == 1 and "kept.html must be writable" in run.stderr, run
    assert kit.read("kept.html") == "kept" and not [name for name in os.listdir(kit.folder) if name.startswith(".writing")]


@check
def old_pictures_go_and_other_files_stay(kit):
    kit.write("draw.rs4", "param n = 3\nplot([1, n])\n")
    kit.notebook("draw.rs4", "-o", "draw.md")
    first = os.listdir(kit.path("draw_files"))
    kit.write("draw_files/mine.svg", "mine")
    kit.notebook("draw.rs4", "-o", "draw.md", "--set", "n=4")
    second = set(os.listdir(kit.path("draw_files"))) - {"mine.svg"}
    assert len(first) == 1 and len(second) == 1 and set(first) != second and kit.read("draw_files/mine.svg") == "mine"


def main(rs4, words):
    passed, failed = 0, 0
    if nbformat is None:
        skipped.append("validation by nbformat: the Python package nbformat is not installed")
    if markdown.library() is None:
        skipped.append("markdown as a reader shows it: libcmark-gfm is not found")
    for one in checks:
        if words and not any(word in one.__name__ for word in words):
            continue
        with tempfile.TemporaryDirectory() as folder:
            try:
                one(Kit(rs4, folder))
                passed += 1
                print(f"ok {one.__name__}", flush=True)
            except (AssertionError, subprocess.TimeoutExpired, OSError, ValueError, KeyError, IndexError) as problem:
                failed += 1
                print(f"failed: {one.__name__}: {type(problem).__name__}: {str(problem)[:1500]}", flush=True)
    for skip in skipped:
        print(f"skipped: {skip}")
    print(f"{passed} passed, {failed} failed, {len(skipped)} skipped")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(os.path.abspath(sys.argv[1]), sys.argv[2:]))

"""See `run`."""
import json
import os
import pathlib
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree

import hostile

RS4 = os.path.abspath(sys.argv[1])
GNUPLOT = shutil.which("gnuplot")
CHECKS = []


def check(function):
    CHECKS.append(function)
    return function


def program(folder, name, text):
    """An executable script."""
    path = folder / name
    path.write_text("#!/bin/sh\n" + text)
    path.chmod(0o755)
    return str(path)


def environment(**settings):
    cleared = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY", "NO_COLOR", "RS4_GNUPLOT", "RS4_GRAPHICS")}
    return {**cleared, "TERM": "xterm-256color", **settings}


def rs4(folder, *arguments, status=0, **settings):
    """Runs the program on pipes; its standard output and standard error."""
    done = subprocess.run(
        [RS4, *arguments], cwd=folder, env=environment(**settings), stdin=subprocess.DEVNULL, capture_output=True, timeout=300)
    assert done.returncode == status, (done.returncode, done.stdout[-500:], done.stderr[-1500:].decode())
    return done.stdout.decode(), done.stderr.decode()


def at_terminal(folder, script, answer=None, **settings):
    """Runs a script on a pseudo-terminal that answers the question for its attributes; all that was written to it."""
    process, terminal = pty.fork()
    if process == 0:
        os.chdir(folder)
        os.execve(RS4, [RS4, "run", script], environment(**settings))
    written = b""
    asked = 0
    end = time.time() + 120
    try:
        while time.time() < end:
            if not select.select([terminal], [], [], 1)[0]:
                continue
            try:
                got = os.read(terminal, 65536)
            except OSError:
                break
            if not got:
                break
            written += got
            if answer and written.count(b"\x1b[c") > asked:
                asked += 1
                os.write(terminal, answer)
        else:
            os.kill(process, signal.SIGKILL)
            raise AssertionError("the script did not end")
        assert os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == 0, written[-1500:]
    finally:
        os.close(terminal)
    return written


# What a gnuplot that only pretends answers before it is asked to draw.
FAKE = """case "$1" in --version) echo "gnuplot 5.4 patchlevel 4"; exit 0;; esac
case "$2" in -e) echo " dumb qt x11 svg "; exit 0;; esac
"""

SHEETS = """
let hostile = from_json(read_text("hostile.json"))
let paths = from_json(read_text("paths.json"))
let image = zeros([2, 6, 6])
let labels = zeros([2, 6, 6])
labels[1, 2:4, 2:4] = 1
for i in 0..<len(hostile) {
  let text = hostile[i]
  let curve = plot({[text]: [1, 2, 3], other: [3, 2, 1]}, title: text, x_label: text, y_label: text)
  let parts = [
    curve,
    scatter({[text]: [[1, 2], [2, 3]]}, title: text, x_label: text, y_label: text, line: {[text]: [[1, 2], [2, 3]]}),
    bar({[text]: {[text]: {y: 1, low: 0.5, high: 1.5}, other: 2}, second: {[text]: 2}}, title: text, x_label: text, y_label: text),
    box({[text]: [1, 2, 3, 9, 2, 2], other: [1, 2]}, title: text, x_label: text, y_label: text),
    histogram([1, 2, 2], title: text, x_label: text),
    dice_curves({[text]: [0.1, 0.2]}, title: text, x_label: text, y_label: text),
    loss_curves({[text]: [0.1, 0.2]}, title: text, x_label: text, y_label: text)
  ]
  let pictures = [
    heatmap([[1, 2], [3, 4]], rows: [text, "r"], columns: [text, "c"], title: text, x_label: text, y_label: text),
    overlay(image, {[text]: labels}, names: [text], title: text),
    compare(image, labels, title: text),
    show(image, labels, title: text, names: [text], montage: 2)
  ]
  let charts = panels(parts, title: text)
  let sheet = panels(pictures, title: text)
  for [name, figure] in [["charts", charts], ["sheet", sheet]] {
    save(figure, "out/{i}-{name}.png", scale: 0.5)
    save(figure, "out/{i}-{name}.svg")
    print(figure)
  }
  save(charts, "out/{i}.pdf")
  save(charts, "out/{i}.txt")
  curve.width = 6000
  save(curve, "out/{i}-wide.svg")
  try { save(plot([1, 2], title: text), paths[i]) } catch problem { write_text("out/{i}.refused", problem.message) }
}
"""

# Everything that gnuplot's SVG of a figure is made of.
ELEMENTS = {"svg", "title", "desc", "g", "path", "text", "tspan", "use", "defs", "circle", "rect", "polygon", "polyline", "line", "image", "clipPath", "pattern", "linearGradient", "stop", "mask", "filter", "feFlood", "feComposite", "feGaussianBlur"}


def texts_of(svg):
    """The texts of a drawing; fails where it holds anything that could act."""
    root = ElementTree.parse(svg).getroot()
    for element in root.iter():
        space, _, name = element.tag.rpartition("}")
        assert space == "{http://www.w3.org/2000/svg" and name in ELEMENTS, element.tag
        for attribute, value in element.attrib.items():
            plain = attribute.rpartition("}")[2].lower()
            assert not plain.startswith("on"), attribute
            if plain in ("href", "src"):
                assert value.startswith(("#", "data:image/png;base64,")), value[:80]
            assert "script:" not in value.lower(), value[:80]
    return [normal("".join(element.itertext())) for element in root.iter("{http://www.w3.org/2000/svg}text")]


def normal(text):
    """As it may stand in a drawing: control characters are spaces, and spaces count once."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", " ", text).replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd").split())


@check
def none_of_fifty_texts_acts(folder):
    mark = folder / "ran"
    texts = hostile.texts(mark)
    assert len(set(texts)) == 50
    endings = [".png", ".svg", ".pdf", ".txt"]
    names = [text.replace("/", "_")[:60] + endings[number % 4] for number, text in enumerate(texts)]
    (folder / "out" / "paths").mkdir(parents=True)
    (folder / "hostile.json").write_text(json.dumps(texts))
    (folder / "paths.json").write_text(json.dumps(["out/paths/" + name for name in names]))
    (folder / "sheets.rs4").write_text(SHEETS)
    stream = folder / "stream"
    listening = program(folder, "listening", f'case "$1" in --version) exec {GNUPLOT} "$@";; esac\ntee -a {stream} | {GNUPLOT} "$@"\n')
    printed, _ = rs4(folder, "run", "sheets.rs4", RS4_GNUPLOT=listening)
    assert not mark.exists(), "a text was run"
    assert str(mark).encode() not in stream.read_bytes(), "a text reached gnuplot as it was written"
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", printed), "a text sent a control character"
    for number, text in enumerate(texts):
        for name in ("charts", "sheet"):
            assert (folder / "out" / f"{number}-{name}.png").read_bytes().startswith(b"\x89PNG")
            texts_of(folder / "out" / f"{number}-{name}.svg")
        found = texts_of(folder / "out" / f"{number}-wide.svg")
        wanted = normal(text)
        # The title as it was given; a very long one cut at its end, or on several lines.
        joined = " ".join(found)
        assert wanted in found or normal(text)[:250] in joined or found[-1] == wanted, (wanted, found)
        refused = folder / "out" / f"{number}.refused"
        written = None if "\0" in names[number] else folder / "out" / "paths" / names[number]
        assert refused.exists() if written is None else (written.exists() and not refused.exists()), (names[number], refused.exists() and refused.read_text())
    assert len(list((folder / "out" / "paths").iterdir())) == 49, "a name became another file"


@check
def what_is_not_a_good_gnuplot_is_named(folder):
    marked = folder / "mark"
    for name, text, words in [
        ("old", "echo 'gnuplot 5.2 patchlevel 8'", ["gnuplot must be version 5.4 or newer", "is gnuplot 5.2 patchlevel 8"]),
        ("other", "echo 'cowsay 3.0'", ["must be gnuplot", "says `cowsay 3.0`"]),
        ("silent", "exit 3", ["must be gnuplot", "says nothing"]),
        ("dying", FAKE + "head -c 100 >/dev/null; kill -9 $$", ["gnuplot stopped before the figure was drawn", "signal 9"]),
        ("failing", FAKE + "cat >/dev/null; echo 'out of ink' >&2; exit 1", ["gnuplot stopped before the figure was drawn: out of ink"]),
        ("empty", FAKE + "cat >/dev/null", ["without drawing anything"]),
        ("absent", None, ["gnuplot must be installed to draw figures", "apt-get install gnuplot-nox"]),
    ]:
        path = program(folder, name, text + "\n") if text else str(folder / "absent")
        for ending in ("png", "svg"):
            _, problem = rs4(folder, "-e", f'save(plot(list(0..<20000)), "mark.{ending}")', status=1, RS4_GNUPLOT=path)
            assert problem.startswith("error[plot]") and all(part in problem for part in words), (name, problem)
            assert not marked.with_suffix("." + ending).exists()
        # What needs no gnuplot goes on.
        shown, _ = rs4(folder, "-e", "show(plot([1, 4, 9]))", RS4_GNUPLOT=path)
        assert "┤" in shown


@check
def pipes_get_no_escape_sequences(folder):
    (folder / "show.rs4").write_text(
        'let f = plot({a: [1, 4], b: [2, 3]})\nshow(f)\nprint(f)\ndisplay(f)\nlet v = volume(rand([8, 8, 8]))\ndisplay(v)\nprint(str(show(v)))\n')
    for settings in ({}, {"RS4_GRAPHICS": "sixel"}, {"DISPLAY": ":9"}, {"RS4_GRAPHICS": "blocks", "COLORTERM": "truecolor"}):
        printed, problems = rs4(folder, "run", "show.rs4", **settings)
        assert "\x1b" not in printed + problems and "┤" in printed, settings
    _, problem = rs4(folder, "-e", "show(plot([1, 2]))", status=1, RS4_GRAPHICS="cinema")
    assert "RS4_GRAPHICS must be window, sixel or blocks, but is `cinema`" in problem
    _, problem = rs4(folder, "-e", "show(plot([1, 2]))", status=1, RS4_GRAPHICS="window")
    assert "a window must have a display" in problem


@check
def a_text_kept_at_a_terminal_has_no_colours(folder):
    (folder / "keep.rs4").write_text('let f = plot({a: [1, 4], b: [2, 3]})\nwrite_text("kept.txt", str(f))\nprint(f)\n')
    written = at_terminal(folder, "keep.rs4", RS4_GRAPHICS="blocks")
    assert b"\x1b[38;5;" in written, "print at a terminal has colours"
    assert "\x1b" not in (folder / "kept.txt").read_text()


@check
def a_terminal_that_knows_sixel_gets_pixels(folder):
    (folder / "show.rs4").write_text('show(plot([1, 4, 9]))\nshow(heatmap([[1, 2], [3, 4]]))\nprint("done")\n')
    written = at_terminal(folder, "show.rs4", b"\x1b[?62;4;22c")
    assert written.count(b"\x1b[c") == 1, "it is asked once"
    assert written.count(b"\x1bP") == 2 and written.count(b"\x1b\\") == 2, written[:200]
    assert written.rstrip().endswith(b"done") and b"\x1b[?62" not in written.split(b"\x1bP")[0].replace(b"\x1b[c", b"")


@check
def another_terminal_gets_characters(folder):
    (folder / "show.rs4").write_text("show(plot([1, 4, 9]))\n")
    for answer, settings in [(b"\x1b[?62;22c", {}), (b"\x1b[?4c", {}), (None, {}), (None, {"RS4_GRAPHICS": "blocks"}), (None, {"TERM": "dumb"})]:
        begun = time.time()
        written = at_terminal(folder, "show.rs4", answer, **settings)
        assert b"\x1bP" not in written and "┤".encode() in written, (answer, written[:200])
        assert time.time() - begun < 20
        if settings:
            assert b"\x1b[c" not in written, "nobody needs to ask"
    written = at_terminal(folder, "show.rs4", None, RS4_GRAPHICS="sixel")
    assert b"\x1bP" in written and b"\x1b[c" not in written


@check
def a_display_gets_a_window(folder):
    (folder / "show.rs4").write_text('show(plot([1, 4, 9], title: "in a window"))\nprint("done")\n')
    drawing = folder / "drawing"
    fake = program(folder, "fake", FAKE + f'echo "$@" >{drawing}; cat >>{drawing}\n')
    for display in ("DISPLAY", "WAYLAND_DISPLAY"):
        written = at_terminal(folder, "show.rs4", RS4_GNUPLOT=fake, **{display: ":9"})
        drawn = drawing.read_bytes()
        assert drawn.startswith(b"-d -persist\nset terminal qt noenhanced") and b"in a window" in drawn, drawn[:200]
        assert written.split() == [b"done"], written
        drawing.unlink()
    # A display that is gone, a gnuplot without windows: characters.
    gone = program(folder, "gone", FAKE + "cat >/dev/null; echo 'qt.qpa.xcb: could not connect to display :9' >&2\n")
    bare = program(folder, "bare", FAKE.replace("qt x11", "") + "cat >/dev/null\n")
    for path in (gone, bare):
        assert "┤".encode() in at_terminal(folder, "show.rs4", b"\x1b[?1c", RS4_GNUPLOT=path, DISPLAY=":9")
    _, problem = rs4(folder, "run", "show.rs4", status=1, RS4_GNUPLOT=gone, DISPLAY=":9", RS4_GRAPHICS="window")
    assert "could not connect to display" in problem, problem
    _, problem = rs4(folder, "run", "show.rs4", status=1, RS4_GNUPLOT=bare, DISPLAY=":9", RS4_GRAPHICS="window")
    assert "none of qt, wxt and x11" in problem and "gnuplot-qt" in problem, problem


@check
def a_million_points_are_thinned(folder):
    (folder / "million.rs4").write_text(
        """
seed(1)
let n = 1000000
let y = sin(arange(n) * 0.0001) + randn([n]) * 0.1
y[123456] = 9.0
save(plot(y), "curve.svg")
let x = randn([n])
save(scatter(x, x * 0.5 + randn([n])), "cloud.svg")
save(plot(randn([n]), randn([n])), "scribble.svg")
print(plot(y))
""")
    stream = folder / "stream"
    listening = program(folder, "listening", f'case "$1" in --version) exec {GNUPLOT} "$@";; esac\ntee -a {stream}$PPID-$$ | {GNUPLOT} "$@"\n')
    begun = time.time()
    printed, _ = rs4(folder, "run", "million.rs4", RS4_GNUPLOT=listening)
    assert time.time() - begun < 120
    sizes = [path.stat().st_size for path in sorted(folder.glob("stream*"), key=lambda path: path.stat().st_mtime)]
    # Sixteen bytes a point of a curve, twenty-four one of a cloud.
    assert sizes[0] < 16 * 6000 and sizes[1] < 24 * 31000 and sizes[2] < 16 * 200000, sizes
    # The spike stands alone above the curve, in the file and in the characters.
    lines = [line for line in printed.split("\n") if "│" in line or "┤" in line]
    assert sum(any("\u2800" < letter <= "\u28ff" for letter in line) for line in lines[:6]) >= 5, printed


def main():
    if GNUPLOT is None:
        print("skipped: gnuplot is not installed")
        print("0 passed, 0 failed, 1 skipped")
        return 0
    passed = failed = 0
    for function in CHECKS:
        name = function.__name__.replace("_", " ")
        if len(sys.argv) > 2 and not any(word in name for word in sys.argv[2:]):
            continue
        with tempfile.TemporaryDirectory() as folder:
            try:
                function(pathlib.Path(folder))
                print(f"ok {name}", flush=True)
                passed += 1
            except Exception as problem:
                print(f"failed: {name}: {type(problem).__name__}: {str(problem)[:3000]}", flush=True)
                failed += 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())

import re

from checks import check
from session import opened


@check
def figures_are_drawn(program, folder):
    session = opened(program, folder)
    session.line('plot([1, 4, 9], title: "Squares")')
    session.expect("Squares")
    session.expect("┤")
    session.prompt()
    assert session.run("[plot([1, 4, 9])]") == "_2 = [<Figure: 1 series of up to 3 points>]"
    session.leave()


@check
def figures_are_pixels_where_they_are_asked_for(program, folder):
    session = opened(program, folder, RS4_GRAPHICS="sixel")
    session.line('plot([1, 4, 9], title: "Squares")')
    session.expect(b"\x1bP".decode())
    session.expect(b"\x1b\\".decode())
    session.prompt()
    session.leave()


@check
def tensors_show_what_they_hold(program, folder):
    session = opened(program, folder)
    assert session.run("tensor(2.5)") == "_1 = tensor(2.5)"
    assert session.run("tensor([[1.0, -20.5], [300.25, 4.0]])") == "_2 = tensor([[1.0, -20.5], [300.25, 4.0]])"
    shown = session.run("tensor([[1.0, -20.5, 1.0, 2.0], [300.25, 4.0, 0.125, 0.0], [3.0, 3.0, 3.0, 3.0]])")
    assert shown.split("\n") == [
        "_3 =",
        "tensor([[  1.000, -20.500,   1.000,   2.000],",
        "        [300.250,   4.000,   0.125,   0.000],",
        "        [  3.000,   3.000,   3.000,   3.000]])"], shown
    shown = session.run("reshape(arange(60000), 2, 3, 100, 100)")
    lines = shown.split("\n")
    assert lines[1] == "Tensor[2, 3, 100, 100] int64  min 0  max 59999  mean 29999.5", shown
    assert lines[2].startswith("[0, 0, :, :] [[   0,    1,"), shown
    assert len({len(line) for line in lines[2:5]}) == 1, shown
    assert "…" in shown and max(len(line) for line in lines) <= 80, shown
    session.leave()


@check
def volumes_show_their_grid_and_a_slice(program, folder):
    session = opened(program, folder)
    shown = session.run("volume(rand(20, 30, 10), spacing: [1.0, 1.0, 2.5])")
    assert "Volume 20×30×10 float32  min" in shown and "mean" in shown, shown
    for words in ("spacing 1 × 1 × 2.5 mm", "origin [0, 0, 0] mm", "orientation RAS", "slice 5 of 10", "▀"):
        assert words in shown, (words, shown)
    labels = session.run("volume(tensor([[[0, 1], [2, 2]]]), spacing: [1.0, 1.0, 1.0])")
    assert "voxels of each label: 0: 1, 1: 1, 2: 2" in labels, labels
    session.leave()


@check
def long_values_take_lines_that_fit(program, folder):
    session = opened(program, folder, columns=60, PAGER="cat")
    shown = session.run("list(0..<1000)")
    assert all(len(line) <= 60 for line in shown.split("\n")), shown
    assert "(1000 items)" in shown and "…" in shown and ":all" in shown, shown
    everything = session.run(":all")
    assert all(str(number) in everything for number in range(1000)), everything
    assert all(len(line) <= 60 for line in everything.split("\n")), everything
    shown = session.run('{first: "a text of some length, so that", second: "they do not fit one line"}')
    assert shown.split("\n") == [
        "_2 =", "{", '  first: "a text of some length, so that",', '  second: "they do not fit one line",', "}"], shown
    session.run('let text = join(map(list(0..<500), n => "line {n}"), "\\n")')
    shown = session.run("text")
    assert "more lines" in shown and "line 250" not in shown, shown
    assert "line 250" in session.run(":all")
    session.leave()


@check
def tables_align_with_wide_letters(program, folder):
    session = opened(program, folder, columns=50)
    shown = session.run('[{name: "左心室", dice: 0.91234, note: "good"}, {name: "rv", dice: 0.5, note: "poor, look again"}]')
    assert shown.split("\n") == [
        "_1 =",
        "name      dice  note",
        "──────  ──────  ────────────────",
        "左心室  0.9123  good",
        "rv         0.5  poor, look again",
        "(2 maps)"], shown
    shown = session.run('table([["左心室", 1], ["b", 20]], ["name", "n"])')
    assert "左心室   1\nb       20" in shown, shown
    session.leave()


@check
def shown_texts_read_back(program, folder):
    session = opened(program, folder)
    texts = [r'"a {{x}} \\ b\n  c\n"', r'"\"\"\"\"\"\"\n\"\"\""', r'"\n\ta\u{1b}[1m\r\n\u{9b}"', r'"{{\n}}\\n"']
    for number, text in enumerate(texts):
        session.run(f"let t = {text};")
        shown = session.run("t")
        assert "\x1b[1m" not in shown, shown
        with open(folder + "/again.rs4", "w") as file:
            file.write("let again = " + shown[shown.index('"""'):] + "\n")
        assert session.run(":load again.rs4") == ""
        assert session.run("again == t").endswith("true"), shown
    session.leave()

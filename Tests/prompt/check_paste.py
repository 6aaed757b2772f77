from checks import check
from session import BACKSPACE, UP, opened

CELL = '''# A comment first,

let rates = [0.1, 0.2]
fn describe(name) {
\tlet text = """
    four blanks, "{name}"
  two
"""

  # a comment and a blank line inside
  text
}

let total = 0
for rate in rates {
  total += 1
}
describe("x") + str(total)
'''
SHOWN = '"""\n    four blanks, "x"\n  two2\n"""'


@check
def a_pasted_cell_is_one_input(program, folder):
    session = opened(program, folder)
    session.paste(CELL)
    session.expect('describe("x") + str(total)')
    session.line("")
    shown = session.prompt()
    assert shown.strip().endswith("_1 =\n" + SHOWN), shown
    # It is one entry of the history, every blank in its place.
    session.send(UP)
    session.expect('describe("x") + str(total)')
    session.line("")
    shown = session.prompt()
    assert shown.strip().endswith("_2 =\n" + SHOWN), shown
    session.leave()
    session = opened(program, folder)
    session.send(UP)
    session.expect('describe("x") + str(total)')
    session.line("")
    assert SHOWN in session.prompt()
    session.leave()


@check
def a_paste_waits_for_enter_and_can_be_edited_or_dropped(program, folder):
    session = opened(program, folder)
    session.paste('print("not" + " yet")\n40 + 1\n')
    session.shows('rs4> print("not" + " yet")', "...  40 + 1", cursor="...  40 + 1")
    session.send(BACKSPACE + "2")
    session.line("")
    shown = session.prompt()
    assert "not yet" in shown and "_1 = 42" in shown, shown
    session.paste('print("dropped" + "!")\n1\n')
    session.expect("...  1")
    session.interrupt()
    assert "dropped!" not in session.text()
    session.send("let x = [")
    session.paste("1,\n2,\n39")
    session.shows("rs4> let x = [1,", "...  2,", "...  39")
    session.line("]; sum(x)")
    session.expect("_2 = 42")
    session.prompt()
    session.leave()


@check
def a_pasted_line_stays_in_the_line(program, folder):
    session = opened(program, folder)
    session.send("21 * ()\x1b[D")
    session.paste("1 + 1\n")
    session.shows("rs4> 21 * (1 + 1)", cursor="rs4> 21 * (1 + 1")
    session.line("")
    session.expect("_1 = 42")
    session.prompt()
    session.leave()


@check
def a_pasted_dialogue_gives_what_was_typed(program, folder):
    session = opened(program, folder)
    session.paste("rs4> let a = 20\nrs4> fn f(x) {\n...    x + 1\n...  }\nrs4> f(a)\n_1 = 21\n")
    session.expect("f(a)")
    session.line("")
    session.expect("_1 = 21")
    session.prompt()
    session.leave()


@check
def a_paste_longer_than_the_screen_arrives_whole(program, folder):
    session = opened(program, folder)
    session.paste("let total = 0\n" + "".join(f"total += {number}  # line {number}\n" for number in range(1, 301)) + "total")
    session.expect("# line 300")
    session.expect("total")
    session.line("")
    session.expect("_1 = 45150")
    session.prompt()
    session.leave()

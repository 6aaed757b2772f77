from checks import check
from session import BACKSPACE, DOWN, HOME, LEFT, RIGHT, UP, opened


@check
def control_c_clears_the_line(program, folder):
    session = opened(program, folder)
    session.send("this is not wanted")
    session.expect("wanted")
    session.interrupt()
    session.line("fn open() {")
    session.expect("...")
    session.interrupt()
    assert session.run("40 + 2") == "_1 = 42"
    session.leave()


@check
def up_goes_back_into_the_lines_of_an_unfinished_input(program, folder):
    session = opened(program, folder)
    session.line("fn double(x) {")
    session.expect("...")
    session.line("  3 * x")
    session.shows("rs4> fn double(x) {", "...    3 * x", "...", cursor="...  ")
    session.send(UP)
    session.shows("rs4> fn double(x) {", "  3 * x", cursor="")
    session.send(RIGHT * 3 + BACKSPACE + "2")
    session.shows("rs4> fn double(x) {", "  2 * x", cursor="  2")
    session.send(DOWN)
    session.send("}")
    session.shows("rs4> fn double(x) {", "  2 * x", "}", cursor="}")
    session.enter()
    assert session.run("double(21)") == "_1 = 42"
    session.leave()


@check
def enter_in_an_input_of_several_lines_goes_on_until_it_is_complete(program, folder):
    session = opened(program, folder)
    session.send("let f = x => {")
    session.send("\x1b\r")
    session.shows("rs4> let f = x => {", cursor="")
    session.send("  let y = x + 1\r")
    session.shows("rs4> let f = x => {", "  let y = x + 1", cursor="  ")
    session.send("y * 2\r")
    session.send(BACKSPACE * 2 + "}")
    session.shows("rs4> let f = x => {", "  let y = x + 1", "  y * 2", "}", cursor="}")
    session.enter()
    assert session.run("f(20)") == "_1 = 42"
    session.leave()


def wide_letters(program, folder, **environment):
    session = opened(program, folder, **environment)
    session.send('len("大脑分割")' + LEFT * 3)
    session.shows('rs4> len("大脑分割")', cursor='rs4> len("大脑分')
    session.send(BACKSPACE)
    session.shows('rs4> len("大脑割")', cursor='rs4> len("大脑')
    session.send("的x" + LEFT + "\x1b[3~")
    session.shows('rs4> len("大脑的割")', cursor='rs4> len("大脑的')
    assert "_1 = 4\n" in session.enter()
    session.leave()


@check
def wide_letters_are_edited_as_letters(program, folder):
    wide_letters(program, folder)


@check
def wide_letters_need_no_locale(program, folder):
    wide_letters(program, folder, LC_ALL="C")
    wide_letters(program, folder, LC_ALL="", LC_CTYPE="", LANG="")
    wide_letters(program, folder, LC_ALL="POSIX")


@check
def letters_beyond_ascii_are_edited_as_letters(program, folder):
    session = opened(program, folder)
    session.send('len("größe' + BACKSPACE * 2 + 'er")')
    session.shows('rs4> len("gröer")', cursor='rs4> len("gröer")')
    assert "_1 = 5\n" in session.enter()
    session.leave()


@check
def combining_marks_go_with_their_letters(program, folder):
    session = opened(program, folder)
    # A mark that makes one letter with the one before it, and one that makes none.
    session.send('"e\u0301q\u0303a' + LEFT * 2)
    session.shows('rs4> "éqa', cursor='rs4> "é')
    session.send("\x1b[3~")
    session.shows('rs4> "éa', cursor='rs4> "é')
    session.send(RIGHT + "x\u0302" + BACKSPACE + 'b"')
    session.shows('rs4> "éab"', cursor='rs4> "éab"')
    assert '_1 = "éab"' in session.enter()
    session.leave()


@check
def wide_letters_wrap_whole(program, folder):
    session = opened(program, folder, columns=20)
    session.send('"大脑分割肝肺心")' + BACKSPACE)
    session.shows('rs4> "大脑分割肝肺心', '"', cursor='"')
    session.send(HOME + RIGHT + "ab")
    session.shows('rs4> "ab大脑分割肝肺', '心"', cursor='rs4> "ab')
    session.enter()
    session.leave()


@check
def another_window_size_draws_the_line_anew(program, folder):
    session = opened(program, folder, columns=60)
    session.run("let before = 1")
    text = "let total = 111111 + 222222 + 333333 + 444444"
    session.send(text)
    session.shows("rs4> " + text, cursor="rs4> " + text)
    session.resize(30)
    whole = "rs4> " + text
    session.shows("rs4> let before = 1", whole[:30], whole[30:], cursor=whole[30:])
    session.resize(100)
    session.shows("rs4> let before = 1", whole, cursor=whole)
    session.send(LEFT * 6 + "555")
    session.shows(whole[:-6] + "555444444", cursor=whole[:-6] + "555")
    session.enter()
    assert session.run("total") == "_1 = 556111110"
    session.resize(40)
    session.send("20 + 22")
    session.shows("rs4> 20 + 22")
    assert "_2 = 42" in session.enter()
    session.leave()

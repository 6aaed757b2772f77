import os

from checks import check
from session import PROMPT, SEARCH, UP, opened


@check
def history_is_kept_between_sessions(program, folder):
    session = opened(program, folder)
    assert session.run("30 + 12") == "_1 = 42"
    session.leave()
    session = opened(program, folder)
    session.send(UP)
    session.expect("30 + 12")
    session.line("")
    session.expect("_1 = 42")
    session.leave()
    assert os.stat(os.path.join(folder, "history")).st_mode & 0o077 == 0


@check
def sessions_at_the_same_time_share_the_history(program, folder):
    first = opened(program, folder)
    second = opened(program, folder)
    first.run("let from_first = 1")
    second.run("let from_second = 2")
    first.leave()
    second.leave()
    third = opened(program, folder)
    third.send(UP)
    third.shows(PROMPT + "let from_second = 2")
    third.send(UP)
    third.shows(PROMPT + "let from_first = 1")
    third.line("")
    third.leave()


@check
def an_input_of_several_lines_is_one_entry(program, folder):
    session = opened(program, folder)
    for line in ("fn area(w, h) {", "  # a comment", "  w * h"):
        session.line(line)
        session.expect("...")
    session.line("}")
    session.prompt()
    session.leave()
    session = opened(program, folder)
    session.send(UP)
    session.shows("rs4> fn area(w, h) {", "  # a comment", "  w * h", "}", cursor="}")
    session.enter()
    assert session.run("area(6, 7)") == "_1 = 42"
    session.leave()


@check
def a_search_finds_old_inputs(program, folder):
    session = opened(program, folder)
    for text in ("let needle = 21", "1 + 1", "2 + 2", "needle * 2"):
        session.run(text)
    session.send(SEARCH + "needle")
    session.shows("rs4> needle * 2", "bck:needle")
    session.send(SEARCH)
    session.shows("rs4> let needle = 21", "bck:needle")
    session.enter()
    session.send(SEARCH + "needle")
    session.shows("rs4> let needle = 21", "bck:needle")
    session.send(SEARCH)
    session.shows("rs4> needle * 2", "bck:needle")
    assert "= 42" in session.enter()
    session.send(SEARCH + "1 +")
    session.shows("rs4> 1 + 1", "bck:1 +")
    session.interrupt()
    assert session.run("40 + 2").endswith("= 42")
    session.leave()

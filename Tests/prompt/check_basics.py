import re
import subprocess
import time

from checks import check
from session import END, INTERRUPT, PATIENCE, opened


@check
def values_are_shown_and_semicolons_silence(program, folder):
    session = opened(program, folder)
    assert session.run("6 * 7") == "_1 = 42"
    assert session.run("let answer = 123456;") == ""
    assert session.run("answer + 1") == "_2 = 123457"
    session.line(":quit")
    assert session.end() == 0


@check
def unfinished_input_continues(program, folder):
    session = opened(program, folder)
    session.line("fn double(x) {")
    session.expect("...")
    session.line("2 * x")
    session.expect("...")
    session.line("}")
    session.prompt()
    assert session.run("double(21)") == "_1 = 42"
    session.leave()


@check
def errors_leave_the_session_alive(program, folder):
    session = opened(program, folder)
    session.run("let kept = 7")
    assert "error[name]" in session.run("kepd + 1")
    assert "error[syntax]" in session.run("1 +* 2")
    assert session.run("kept * 6") == "_1 = 42"
    session.leave()


@check
def help_explains(program, folder):
    session = opened(program, folder)
    session.line(":help")
    overview = session.prompt()
    for command in ("vars", "all", "time", "cells", "run", "next", "load", "save", "forget", "reset", "quit"):
        assert f":{command}" in overview, command
    for key in ("Tab", "Ctrl-R", "Ctrl-C", "Ctrl-D", "Alt-Enter"):
        assert key in overview, key
    assert "print(" in session.run("?print")
    assert "print(" in session.run("print?")
    assert "did you mean `register`" in session.run("?regster")
    assert "use losses" in session.run("?dice_loss")
    assert "dice_loss" in session.run("?losses")
    assert "word of the language" in session.run("?if") and "let name = value" in session.run("?let")
    assert "error[shape]" in session.run("?error:shape")
    assert "error[name]" in session.run("?error:no_such")
    session.run("let case = {id: 7}")
    assert "Int" in session.run("?case.id")
    assert ":time" in session.run("?:time")
    assert "did you mean `:vars`" in session.run(":var")
    assert "error[name]" in session.run(":no_such_command")
    session.leave()


@check
def colours_obey_no_color(program, folder):
    colored = opened(program, folder)
    assert "\x1b[1;36mrs4>\x1b[0m" in colored.raw
    colored.run("unknown_thing")
    assert "\x1b[1;31merror[name]" in colored.raw
    colored.send(END)
    assert colored.end() == 0
    plain = opened(program, folder, NO_COLOR="1")
    plain.run("unknown_thing")
    plain.run("?print")
    plain.run("1 + 1")
    plain.run("plot([1, 4, 9])")
    plain.run("volume(ones(4, 4, 4))")
    assert not re.search(r"\x1b\[[0-9;]*[0-9]m", plain.raw)
    plain.send(END)
    assert plain.end() == 0


@check
def a_pipe_needs_no_terminal(program, folder):
    text = "let x = 20\nx + 1\nfn f(y) {\n  y * 2\n}\nmissing_name\nf(x)\n  |> f\n"
    done = subprocess.run([program], input=text, capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0, done.returncode
    assert done.stdout.split() == ["21", "80"], done.stdout
    assert "error[name]" in done.stderr and "\x1b" not in done.stderr, done.stderr


@check
def an_open_line_of_output_does_not_swallow_the_prompt(program, folder):
    session = opened(program, folder)
    assert session.run('print("half", end: "")') == "half"
    session.shows("half", "rs4>", cursor="rs4> ")
    session.leave()


@check
def input_asks_at_the_prompt(program, folder):
    session = opened(program, folder)
    session.line('let name = input("na" + "me? ")')
    session.expect("name? ")
    session.send("Ada\r")
    session.prompt()
    assert session.run("name") == '_1 = "Ada"'
    # Ctrl-C leaves the question, Ctrl-D is no answer; both leave the prompt as it was.
    session.line('input("ag" + "ain? ")')
    session.expect("again? ")
    session.send(INTERRUPT)
    session.expect("error[interrupted]")
    session.prompt()
    session.line('input("on" + "ce? ")')
    session.expect("once? ")
    session.send(END)
    session.expect("error[file]")
    session.prompt()
    session.line('input("la" + "st? ")')
    session.expect("last? ")
    session.send("yes\r")
    session.expect('_2 = "yes"')
    session.leave()


@check
def leaving_at_any_moment_is_clean(program, folder):
    # The tensor library is loaded behind the first prompts.
    for delay in (0, 0.1, 0.3, 0.6, 1.0, 1.5):
        session = opened(program, folder)
        time.sleep(delay)
        session.leave()


@check
def the_way_out_is_told(program, folder):
    session = opened(program, folder)
    for words in ["exit", "quit", "exit()", "quit()"]:
        told = session.run(words)
        assert "Ctrl-D leaves, and so does `:quit`" in told, told
    session.leave()


@check
def sources_are_shown(program, folder):
    session = opened(program, folder, NO_COLOR="1", PAGER="cat")
    shown = session.run("??dice_loss")
    assert "stdlib/learning/losses.rs4, line" in shown and "fn dice_loss(" in shown, shown
    session.run("## Twice as much.")
    session.run("fn double(x) = 2 * x")
    shown = session.run("double??")
    assert "fn double(x) = 2 * x" in shown and "<input" in shown, shown
    session.run("fn inner() = 99; fn outer() { fn inner() = 2; inner }; let returned = outer()")
    shown = session.run("??returned")
    assert "fn inner() = 2" in shown and "99" not in shown, shown
    assert "Sources/Builtins/Tables/RegistrationPrimitives.swift" in session.run("??register")
    assert "error[name]" in session.run("??nowhere_to_be_found")
    session.leave()


@check
def a_progress_line_ends(program, folder):
    session = opened(program, folder, NO_COLOR="1")
    session.run('fn work() { for n in 1...3 { draw_progress("step {n} of 3") }; 7 }')
    shown = session.run("work()")
    assert shown.endswith("step 3 of 3\n_1 = 7"), shown
    session.leave()

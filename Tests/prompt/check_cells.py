import os
import subprocess

from checks import check
from session import PATIENCE, opened

LESSON = '''# %% [markdown]
# # A lesson
# with `text`
# %% Numbers
let a = 20
a + 1
# %% A mistake

missing + a
# %% The end
a * 2
'''


def written(folder, name, text):
    with open(os.path.join(folder, name), "w") as file:
        file.write(text)


@check
def cells_run_one_by_one(program, folder):
    written(folder, "lesson.rs4", LESSON)
    session = opened(program, folder, NO_COLOR="1")
    listed = session.run(":cells lesson.rs4")
    assert [line.split() for line in listed.split("\n")[:5]] == [
        ["lesson.rs4"], ["→", "1", "text", "A", "lesson"], ["2", "code", "Numbers"], ["3", "code", "A", "mistake"],
        ["4", "code", "The", "end"]], listed
    first = session.run(":next")
    assert "with `text`" in first and "│ a + 1" in first and "_1 = 21" in first, first
    failed = session.run(":next")
    assert "error[name]" in failed and "lesson.rs4:9:1" in failed, failed
    # A cell that was edited runs as it is now, and again the one that failed.
    written(folder, "lesson.rs4", LESSON.replace("missing", "1"))
    assert "_2 = 21" in session.run(":next")
    assert "_3 = 40" in session.run(":next")
    assert "last cell" in session.run(":next")
    assert "✓ 2" in session.run(":cells")
    assert "_4 = 21" in session.run(":run 2")
    several = session.run(":run 2-4")
    assert "_5 = 21" in several and "_7 = 40" in several, several
    assert "_10 = 40" in session.run(":run all")
    assert "from 1 to 4" in session.run(":run 9")
    assert "error[value]" in session.run(":run x")
    assert "error[file]" in session.run(":cells no_such.rs4")
    session.leave()


@check
def a_cell_is_edited_and_runs_anew(program, folder):
    written(folder, "it's a lesson.rs4", LESSON)
    # An editor that notes the line it is opened at and mends the mistake.
    written(folder, "editor", "#!/bin/sh\necho \"$1\" > opened\nsed -i s/missing/1/ \"$2\"\n")
    os.chmod(os.path.join(folder, "editor"), 0o755)
    session = opened(program, folder, NO_COLOR="1", EDITOR=os.path.join(folder, "editor"))
    assert "error[value]" in session.run(":edit 1")
    session.run(":cells it's a lesson.rs4")
    session.run(":run 2")
    assert "error[name]" in session.run(":next")
    edited = session.run(":edit")
    assert "│ 1 + a" in edited and "= 21" in edited, edited
    with open(os.path.join(folder, "opened")) as file:
        assert file.read() == "+7\n"
    assert "as it was" in session.run(":edit 3")
    assert "from 1 to 4" in session.run(":edit 9")
    assert "error[value]" in session.run(":edit x")
    session.leave()


@check
def no_editor_is_a_diagnostic(program, folder):
    written(folder, "lesson.rs4", LESSON)
    session = opened(program, folder, NO_COLOR="1", EDITOR="no-such-editor")
    session.run(":cells lesson.rs4")
    assert "`no-such-editor` is not there" in session.run(":edit 2")
    session.leave()


@check
def a_session_is_saved_as_a_script(program, folder):
    session = opened(program, folder)
    session.run("let a = 20")
    session.run("a + 1")
    session.run("missing")
    session.run("_ * 2")
    session.line("fn f(x) {")
    session.expect("...")
    session.line("  x + _1")
    session.expect("...")
    session.line("}")
    session.prompt()
    session.run('print("{f(_)} and _1")')
    assert session.run(":save out.rs4").endswith("5 inputs in out.rs4")
    assert "error[file]" in session.run(":save out.rs4")
    assert "5 inputs" in session.run(":save! out.rs4")
    assert "error[file]" in session.run(":save no_such_folder/out.rs4")
    session.leave()
    with open(os.path.join(folder, "out.rs4")) as file:
        text = file.read()
    assert text == ('# %%\nlet a = 20\n\n# %%\nlet _1 = a + 1\n\n# %%\nlet _2 = _1 * 2\n\n'
                    '# %%\nfn f(x) {\n  x + _1\n}\n\n# %%\nprint("{f(_2)} and _1")\n'), text
    assert sorted(os.listdir(folder)) == ["history", "out.rs4"]
    done = subprocess.run([program, "run", os.path.join(folder, "out.rs4")], capture_output=True, text=True, timeout=PATIENCE)
    assert done.stdout == "63 and _1\n", done


@check
def a_script_is_loaded_into_the_session(program, folder):
    os.mkdir(os.path.join(folder, "sub"))
    written(folder, "sub/helper.rs4", "fn helped(x) = x * 2\n")
    written(folder, "sub/script.rs4", 'use "./helper.rs4"\nlet loaded = helped(20)\nloaded + 2\n')
    written(folder, "sub/broken.rs4", "let here = 1\n\nhere + nowhere\n")
    session = opened(program, folder)
    assert session.run(":load sub/script.rs4") == "_1 = 42"
    assert session.run("loaded") == "_2 = 40"
    assert "sub/broken.rs4:3:8" in session.run(":load sub/broken.rs4")
    assert "error[file]" in session.run(":load sub/no_such.rs4")
    session.leave()


@check
def saved_results_leave_patterns_and_keys(program, folder):
    session = opened(program, folder)
    lines = ["2 * 50", "let [_, b] = [1, 2]", "{_: 3}", "match 5 { _ => 10 }", "_ * b", "(_) + sum(map([1], _ => 1))"]
    shown = [session.run(line) for line in lines]
    assert shown[-2:] == ["_4 = 20", "_5 = 21"], shown
    session.run(":save kept.rs4")
    session.run('print("{_}")')
    session.leave()
    with open(os.path.join(folder, "kept.rs4")) as file:
        text = file.read()
    assert text.replace("# %%\n", "").split("\n\n") == [
        "2 * 50", "let [_, b] = [1, 2]", "{_: 3}", "let _3 = match 5 { _ => 10 }", "let _4 = _3 * b",
        "(_4) + sum(map([1], _ => 1))\n"], text
    done = subprocess.run([program, "-e", text + "\nprint(_4)\n"], capture_output=True, text=True, timeout=PATIENCE)
    assert done.stdout == "20\n", done


@check
def a_marker_inside_a_statement_cuts_no_cell(program, folder):
    written(folder, "inner.rs4", "# %% one\nfn f() {\n  # %% inside\n  4\n}\n# %% two\nf()\n")
    session = opened(program, folder, NO_COLOR="1")
    listed = session.run(":cells inner.rs4")
    assert [line.split()[-1] for line in listed.split("\n")[1:3]] == ["one", "two"], listed
    assert "_1 = 4" in session.run(":run all")
    session.leave()


@check
def a_name_of_a_cell_that_has_not_run_leads_to_the_cell(program, folder):
    text = "# %% Numbers\nlet after = 20\n# %% Sum\nafter + 1\n# %% Later\nfn twice() = 2 * after\ntwice()\n"
    written(folder, "lesson.rs4", text)
    session = opened(program, folder, NO_COLOR="1")
    session.run(":cells lesson.rs4")
    failed = session.run(":run 2")
    assert "cell 1 binds it, and has not run as it is now: `:run 1`" in failed, failed
    failed = session.run(":run 3")
    assert "cell 1 binds it" in failed, failed
    written(folder, "early.rs4", "# %% one\nfn f() = late\nf()\nlet late = 1\n")
    session.run(":cells early.rs4")
    failed = session.run(":run 1")
    assert "binds it, and" not in failed and "above this line" in failed, failed
    session.run(":cells lesson.rs4")
    session.run(":run 1")
    assert "_1 = 21" in session.run(":run 2")
    assert "_2 = 40" in session.run(":run 3")
    session.leave()


@check
def the_title_of_a_text_is_shown_once(program, folder):
    written(folder, "lesson.rs4", LESSON)
    session = opened(program, folder, NO_COLOR="1")
    session.run(":cells lesson.rs4")
    shown = session.run(":run 1")
    assert shown.count("A lesson") == 1, shown
    session.leave()

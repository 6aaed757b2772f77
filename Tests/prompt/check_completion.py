import os

from checks import check
from session import BACKSPACE, TAB, opened


def clear(session):
    """Empties the line."""
    session.send("\x15")
    session.shows("rs4>", cursor="rs4> ")
    session.enter()


@check
def tab_completes_names(program, folder):
    session = opened(program, folder)
    session.run("let carefully_named = 5")
    session.send("carefully_n\t")
    session.shows("rs4> carefully_named")
    session.line(" + 37")
    session.expect("= 42")
    session.prompt()
    session.send("read_" + TAB + TAB)
    session.expect("read_volume")
    session.interrupt()
    session.send('"{carefully_' + TAB + '}"')
    session.shows('rs4> "{carefully_named}"')
    session.line("")
    session.expect('"5"')
    session.prompt()
    session.leave()


@check
def tab_completes_fields_of_what_is_there(program, folder):
    session = opened(program, folder)
    session.run("record Case(id, image)")
    session.run("let cases = [Case(1, ones(2, 2)), Case(2, nil)]")
    session.send("cases[0].im" + TAB)
    session.shows("rs4> cases[0].image")
    session.send(".sha" + TAB)
    session.shows("rs4> cases[0].image.shape")
    session.line("")
    session.expect("[2, 2]")
    session.prompt()
    # Without fields that fit, functions: x.f(a) is f(x, a).
    session.send("cases.rever" + TAB)
    session.shows("rs4> cases.reversed")
    clear(session)
    session.run("let scores = {dice: 0.9, surface_distance: 2}")
    session.send('scores["surf' + TAB + '"]')
    session.shows('rs4> scores["surface_distance"]')
    session.line("")
    session.expect("= 2")
    session.prompt()
    session.leave()


@check
def tab_completes_words_of_arguments(program, folder):
    session = opened(program, folder)
    session.send('pad(a, [1, 0], mode: "ref' + TAB)
    session.shows('rs4> pad(a, [1, 0], mode: "reflect')
    clear(session)
    session.send('a |> pad([1, 0], "cir' + TAB)
    session.shows('rs4> a |> pad([1, 0], "circular')
    clear(session)
    session.send('register(a, onto: b, similarity: "' + TAB + TAB)
    session.expect("ncc")
    session.interrupt()
    session.leave()


@check
def tab_completes_names_of_arguments(program, folder):
    session = opened(program, folder)
    session.send("register(a, on" + TAB)
    session.shows("rs4> register(a, onto:", cursor="rs4> register(a, onto: ")
    clear(session)
    session.run("fn blend(first, second, weight = 0.5) = first + weight * second")
    session.send("blend(1, 2, w" + TAB)
    session.shows("rs4> blend(1, 2, weight:", cursor="rs4> blend(1, 2, weight: ")
    session.line("1)")
    session.expect("= 3")
    session.prompt()
    session.send("blend(1, " + TAB + TAB)
    session.expect("second:")
    session.expect("weight:")
    session.interrupt()
    # The first parameter is taken by what stands before the dot or the pipe, one given by name is not offered again.
    session.send("1 |> blend(se" + TAB + "2, we" + TAB)
    session.shows("rs4> 1 |> blend(second: 2, weight:")
    clear(session)
    # A name that is no argument is completed as any other.
    session.run("let onlooker = 3")
    session.send("blend(1, onl" + TAB)
    session.shows("rs4> blend(1, onlooker")
    clear(session)
    session.leave()


@check
def tab_completes_modules_and_their_names(program, folder):
    session = opened(program, folder)
    session.send("use los" + TAB)
    session.shows("rs4> use losses")
    session.send(".{dice_lo" + TAB)
    session.shows("rs4> use losses.{dice_loss")
    session.line("}")
    session.prompt()
    session.send("dice_lo" + TAB)
    session.shows("rs4> dice_loss")
    clear(session)
    session.leave()


@check
def tab_completes_paths(program, folder):
    os.mkdir(os.path.join(folder, "a folder"))
    with open(os.path.join(folder, "a folder", "大脑.txt"), "w") as file:
        file.write("found\n")
    with open(os.path.join(folder, "lesson.rs4"), "w") as file:
        file.write("# %% One\n1 + 1\n")
    session = opened(program, folder)
    session.send('read_text("a f' + TAB)
    session.shows('rs4> read_text("a folder/')
    session.send(TAB)
    session.shows('rs4> read_text("a folder/大脑.txt')
    session.line('")')
    session.expect("found")
    session.prompt()
    session.send('use "./les' + TAB)
    session.shows('rs4> use "./lesson.rs4')
    clear(session)
    session.send(":cel" + TAB + " les" + TAB)
    session.shows("rs4> :cells lesson.rs4")
    session.line("")
    session.expect("One")
    session.prompt()
    session.leave()


@check
def tab_completes_commands(program, folder):
    session = opened(program, folder)
    session.send(":re" + TAB)
    session.shows("rs4> :reset")
    clear(session)
    session.send("?regis" + TAB)
    session.shows("rs4> ?register")
    clear(session)
    session.send(":time matm" + TAB)
    session.shows("rs4> :time matmul")
    clear(session)
    session.leave()

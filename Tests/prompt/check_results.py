from checks import check
from session import opened


@check
def results_have_names(program, folder):
    session = opened(program, folder)
    assert session.run("6 * 7") == "_1 = 42"
    assert session.run("_ + 1") == "_2 = 43"
    assert session.run("_1 + _2;") == ""
    assert session.run("_1 + _2") == "_3 = 85"
    assert session.run("nil") == ""
    assert session.run("_") == "_4 = 85"
    assert session.run(":forget") == ""
    assert "error[name]" in session.run("_4")
    assert "error[name]" in session.run("_")
    assert session.run("1 + 1") == "_5 = 2"
    session.leave()


@check
def few_and_small_results_are_kept(program, folder):
    session = opened(program, folder)
    for number in range(1, 23):
        assert session.run(str(number)) == f"_{number} = {number}"
    assert "error[name]" in session.run("_2")
    assert session.run("_3") == "_23 = 3"
    # 100 MB, and a tensor that keeps all of its computation alive: only `_`.
    assert session.run("zeros(5000, 5000)").startswith("_ =\nTensor[5000, 5000]")
    assert session.run("_.shape") == "_25 = [5000, 5000]"
    assert "error[name]" in session.run("_24")
    session.run("let w = requires_grad(ones(3))")
    assert session.run("sum(w * 2)").startswith("_ = ")
    # A corner of a large tensor keeps all of it.
    assert session.run("zeros(5000, 5000)[0, 0]").startswith("_ = ")
    session.leave()


@check
def names_are_listed_and_forgotten(program, folder):
    session = opened(program, folder)
    assert session.run(":vars") == "no names yet"
    session.run("let image = zeros(100, 250)")
    session.run("fn blend(a, b) = a + b")
    session.run("let 名 = [1, 2]")
    listed = session.run(":vars")
    rows = [line.split() for line in listed.split("\n")]
    assert rows[0] == ["name", "type", "size", "value"], listed
    assert ["image", "Tensor", "100", "KB", "[100,", "250]", "float32"] in rows, listed
    assert ["blend", "Function", "blend(a,", "b)"] in rows, listed
    assert any(row[:2] == ["名", "List"] for row in rows), listed
    session.run("1 + 1")
    assert session.run(":reset") == ""
    assert session.run(":vars") == "no names yet"
    assert "error[name]" in session.run("image")
    assert session.run("1 + 2") == "_1 = 3"
    session.leave()


@check
def time_is_told(program, folder):
    session = opened(program, folder)
    timed = session.run(":time 6 * 7").split("\n")
    assert timed[0] == "_1 = 42" and timed[1].endswith("of processor time"), timed
    session.run(":time")
    assert "of processor time" in session.run("1 + 1")
    session.run(":time")
    assert session.run("1 + 1") == "_3 = 2"
    session.leave()

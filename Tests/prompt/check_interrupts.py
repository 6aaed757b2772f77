from checks import check
from session import INTERRUPT, opened


def stopped(session, text):
    """Starts something that says "begun" and stops it."""
    session.line(text)
    session.expect("begun")
    session.send(INTERRUPT)
    session.expect("error[interrupt")
    session.prompt()


@check
def control_c_stops_what_runs_and_keeps_the_state(program, folder):
    session = opened(program, folder)
    session.run("let before = 41")
    stopped(session, 'print("be" + "gun"); while true { before }')
    assert session.run("before + 1") == "_1 = 42"
    # Nobody may catch it, and a list that grows is whole afterwards.
    session.run("let items = []")
    stopped(session, 'print("be" + "gun"); while true { try { append(items, 1) } catch problem { nil } }')
    assert session.run("sum(items) == len(items)") == "_2 = true"
    session.leave()


@check
def control_c_stops_tensor_work(program, folder):
    session = opened(program, folder)
    session.run("let x = rand(300, 300)")
    stopped(session, 'print("be" + "gun"); while true { x = tanh(x @ x) }')
    assert session.run("x.shape") == "_1 = [300, 300]"
    # A row of operations without a loop or a call.
    session.run("let y = rand(700, 700)")
    stopped(session, 'print("be" + "gun"); y ' + "@ y " * 900 + ";")
    session.run("y = y + 1")
    assert session.run("y.shape") == "_2 = [700, 700]"
    session.leave()


@check
def control_c_leaves_gradients_as_they_were(program, folder):
    session = opened(program, folder)
    session.run("let w = requires_grad(rand(50, 50))")
    stopped(session, 'no_grad { print("be" + "gun"); while true { w @ w } }')
    session.run("let loss = sum(w * w)")
    session.run("backward(loss)")
    assert session.run("w.grad.shape") == "_1 = [50, 50]"
    session.run("use unet")
    session.leave()


@check
def control_c_stops_registration_and_training(program, folder):
    session = opened(program, folder)
    session.run("let a = volume(rand(64, 64, 64)); let b = volume(rand(64, 64, 64));")
    stopped(session, 'print("be" + "gun"); let there = register(a, onto: b, iterations: 500)')
    assert "error[name]" in session.run("there")
    session.run("let net = conv2d(1, 8, kernel: 3, padding: 1)")
    session.run("let steps = sgd(parameters(net), rate: 0.01)")
    stopped(
        session,
        'print("be" + "gun"); while true { let loss = mean(net(rand(4, 1, 64, 64)) ** 2); zero_grad(steps); '
        "backward(loss); step(steps) }")
    assert session.run("net(rand(1, 1, 8, 8)).shape") == "_1 = [1, 8, 8, 8]"
    assert session.run("all(isfinite(net.weight))").startswith("_2 = ")
    session.leave()

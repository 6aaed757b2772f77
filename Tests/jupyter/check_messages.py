"""What the protocol asks of a kernel and the suite does not look at."""
import base64
import json
import os
import signal
import subprocess
import sys
import tempfile
import time

import jupyter_client
import zmq

from checks import LESSON, check
from kernels import answer, heard, kernel, printed, run, seconds_since, value


@check
def values_have_their_pictures_and_numbers(program, folder):
    with kernel() as (_, client):
        reply, messages = run(client, "plot([1, 4, 9])")
        (kind, content), = messages
        assert kind == "execute_result" and content["execution_count"] == reply["execution_count"] == 1, messages
        assert base64.b64decode(content["data"]["image/png"]).startswith(b"\x89PNG"), content["data"].keys()
        assert "Figure" in content["data"]["text/plain"]
        # It has twice the points that it is to be wide.
        assert int.from_bytes(base64.b64decode(content["data"]["image/png"])[16:20], "big") == 2 * content["metadata"]["image/png"]["width"]
        assert value(client, "40 + 2") == "42"
        # The number of the cell is that of its value.
        assert value(client, "_2 + _") == "84"
        assert run(client, "1 + 1;")[1] == []
        assert value(client, "_") == "84"


@check
def text_arrives_while_a_cell_runs(program, folder):
    with kernel() as (manager, client):
        identifier = client.execute('print("first"); let x = rand(200, 200); while true { x = tanh(x @ x) }')
        begun = time.monotonic()
        messages = heard(client, identifier, until=lambda message: message["msg_type"] == "stream")
        assert messages[-1][1] == {"name": "stdout", "text": "first\n"}, messages
        assert seconds_since(begun) < 5
        manager.interrupt_kernel()
        assert answer(client, identifier)["content"]["ename"] == "interrupted"
        # A lot of text comes whole, and in few messages.
        reply, messages = run(client, "for n in 0..<20000 { print(n) }")
        assert printed(messages) == "".join(f"{n}\n" for n in range(20000))
        assert len(messages) < 1000, len(messages)
        _, messages = run(client, 'print("a"); warn("b"); print("c")')
        assert [(content["name"], content["text"]) for _, content in messages] == [("stdout", "a\n"), ("stderr", "b\n"), ("stdout", "c\n")]


@check
def progress_is_drawn_in_its_place(program, folder):
    with kernel() as (_, client):
        reply, messages = run(client, """
for step in 1..<401 {
  draw_progress("step {step} of 400")
  if step % 100 == 0 { print(step) }
  let x = rand(60, 60) @ rand(60, 60)
}""")
        assert reply["status"] == "ok", reply
        lines = [(kind, content) for kind, content in messages if kind.endswith("display_data")]
        assert [kind for kind, _ in lines].count("display_data") == 1 and lines[0][0] == "display_data", lines
        assert len({content["transient"]["display_id"] for _, content in lines}) == 1
        assert lines[-1][1]["data"]["text/plain"] == "step 400 of 400", lines[-1]
        assert 1 < len(lines) < 400, len(lines)
        assert printed(messages) == "100\n200\n300\n400\n"
        assert value(client, 'draw_progress("again")') == "true"


@check
def errors_are_diagnostics_in_colours(program, folder):
    with kernel() as (_, client):
        reply, ((kind, content),) = run(client, "let x = zeros(2, 3)\nx @ x")
        assert kind == "error" and content["ename"] == reply["ename"] == "shape" and reply["status"] == "error", content
        text = "\n".join(content["traceback"])
        assert "\x1b[" in text and "cell 1:2:" in text, text
        # Functions of a cell that is over tell their own place.
        _, ((_, content),) = run(client, "nowhere", store_history=False)
        assert "hidden cell:1:" in content["traceback"][0], content
        run(client, "fn broken(n) = 1 // n")
        _, ((_, content),) = run(client, "broken(0)")
        assert "cell 2:1:" in content["traceback"][0] and "cell 3:1:" in content["traceback"][0], content
        assert run(client, "if")[0]["ename"] == "syntax"
        assert value(client, "1") == "1"


@check
def silent_cells_and_those_without_history_leave_no_trace(program, folder):
    with kernel() as (_, client):
        reply, messages = run(client, "1 + 1", silent=True)
        assert reply["status"] == "ok" and reply["execution_count"] == 0 and messages == [], (reply, messages)
        reply, messages = run(client, "let hidden = 5; hidden", store_history=False)
        assert reply["execution_count"] == 0 and messages[0][0] == "execute_result", (reply, messages)
        assert value(client, "hidden") == "5"
        identifier = client.history(hist_access_type="tail", n=10, output=True)
        assert answer(client, identifier)["content"]["history"] == [[1, 1, ["hidden", "5"]]]


@check
def user_expressions_are_answered_one_by_one(program, folder):
    with kernel() as (_, client):
        wishes = {"sum": "a + 1", "wrong": "no_such_name", "picture": "plot([1, 2])", "nothing": "nil"}
        reply, _ = run(client, "let a = 41", user_expressions=wishes)
        found = reply["user_expressions"]
        assert found["sum"]["data"]["text/plain"] == "42" and found["sum"]["status"] == "ok", found
        assert found["wrong"]["status"] == "error" and found["wrong"]["ename"] == "name", found
        assert "image/png" in found["picture"]["data"] and found["nothing"]["status"] == "ok", found
        assert run(client, "1 // 0", user_expressions={"a": "a"})[0]["user_expressions"] == {}


@check
def cells_behind_a_failed_one_are_not_run(program, folder):
    with kernel() as (_, client):
        for _ in range(10):
            # All are dated before the first is sent: it can fail before the others are on their way.
            requests = [
                client.session.msg("execute_request", {
                    "code": code, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False, "stop_on_error": True})
                for code in ["1 // 0", "let ran = true", "ran"]]
            for request in requests:
                client.shell_channel.send(request)
            sent = [request["header"]["msg_id"] for request in requests]
            replies = [answer(client, identifier)["content"]["status"] for identifier in sent]
            assert replies == ["error", "aborted", "aborted"], replies
            heard(client, sent[-1])
            # Those sent after the answer was known are.
            assert value(client, "3") == "3"
        sent = [client.execute(code, stop_on_error=False) for code in ["1 // 0", "7"]]
        assert [answer(client, identifier)["content"]["status"] for identifier in sent] == ["error", "ok"]


@check
def input_asks_and_is_answered(program, folder):
    with kernel() as (manager, client):
        identifier = client.execute('print("before"); let name = input("name? "); "hello {name}"', allow_stdin=True)
        question = client.get_stdin_msg(timeout=30)
        assert question["content"] == {"prompt": "name? ", "password": False} and question["msg_type"] == "input_request", question
        client.input("Ada é")
        assert answer(client, identifier)["content"]["status"] == "ok"
        messages = heard(client, identifier)
        assert printed(messages) == "before\n" and messages[-2][1]["data"]["text/plain"] == '"hello Ada é"', messages
        reply, _ = run(client, "input()", allow_stdin=False)
        assert reply["ename"] == "file" and "may not" in reply["evalue"], reply
        # A question can be interrupted, and a late answer is for nobody.
        identifier = client.execute("input()", allow_stdin=True)
        client.get_stdin_msg(timeout=30)
        begun = time.monotonic()
        manager.interrupt_kernel()
        assert answer(client, identifier)["content"]["ename"] == "interrupted" and seconds_since(begun) < 0.5
        client.input("late")
        identifier = client.execute("input()", allow_stdin=True)
        client.get_stdin_msg(timeout=30)
        client.input("in time")
        assert answer(client, identifier)["content"]["status"] == "ok"
        assert heard(client, identifier)[-2][1]["data"]["text/plain"] == '"in time"'


@check
def completion_counts_letters_and_knows_live_names(program, folder):
    with kernel() as (_, client):
        run(client, "let é_scores = {dice: 0.9, distance: 3}\nrecord Case(image, labels)\nlet one = Case(1, 2)")

        def complete(code, position=None):
            return answer(client, client.complete(code, position))["content"]

        found = complete('"漢字😀"; é_sc')
        assert found["matches"] == ["é_scores"] and (found["cursor_start"], found["cursor_end"]) == (7, 11), found
        assert complete("one.im")["matches"] == ["image"] and complete("Case(1, la")["matches"] == ["labels: "]
        assert complete('é_scores["di')["matches"] == ["dice", "distance"]
        found = complete("read_volu, 1", 9)
        assert found["matches"] == ["read_volume"] and (found["cursor_start"], found["cursor_end"]) == (0, 9), found
        kinds = {entry["text"]: entry for entry in found["metadata"]["_jupyter_types_experimental"]}
        assert kinds["read_volume"]["type"] == "function" and kinds["read_volume"]["signature"].startswith("read_volume("), kinds
        for position in (-5, 0, 999):
            assert complete("", position)["status"] == "ok" and complete("😀", position)["status"] == "ok"


@check
def inspection_finds_what_stands_there(program, folder):
    with kernel() as (_, client):
        run(client, "## Twice as much.\nfn twice(x) = 2 * x\nlet case = {id: 7}")

        def inspect(code, position=None):
            return answer(client, client.inspect(code, position))["content"]

        found = inspect("let a = read_volume", 12)
        assert found["found"] and "read_volume(" in found["data"]["text/plain"] and "<code>" in found["data"]["text/html"], found
        for code, words in [("register(case, ", "register("), ("case.id", "Int"), ("twice(3", "Twice as much"), ("3.twice", "Twice as much"), ("for", "word")]:
            found = inspect(code)
            assert found["found"] and words in found["data"]["text/plain"], (code, found)
        for code in ["", "no_such_name", "'", "😀", "((((", '"']:
            found = inspect(code)
            assert found["status"] == "ok" and not found["found"], (code, found)


@check
def history_is_found_by_range_tail_and_pattern(program, folder):
    with kernel() as (_, client):
        for code in ["let a = 1", "a + 1", "a + 2", "a + 1"]:
            run(client, code)

        def history(**wish):
            return [entry[1:] for entry in answer(client, client.history(**wish))["content"]["history"]]

        assert history(hist_access_type="range", session=0, start=2, stop=4) == [[2, "a + 1"], [3, "a + 2"]]
        assert history(hist_access_type="range", session=7, start=2, stop=4) == []
        assert history(hist_access_type="tail", n=2, output=True) == [[3, ["a + 2", "3"]], [4, ["a + 1", "2"]]]
        assert history(hist_access_type="search", pattern="a + *") == [[2, "a + 1"], [3, "a + 2"], [4, "a + 1"]]
        assert history(hist_access_type="search", pattern="a + ?", unique=True, n=1) == [[4, "a + 1"]]
        assert history(hist_access_type="search", pattern="*[") == []


@check
def the_kernel_says_what_it_is_while_a_cell_runs(program, folder):
    with kernel() as (manager, client):
        identifier = client.execute("while true { 1 }")
        heard(client, identifier, until=lambda message: message["msg_type"] == "execute_input")
        request = client.session.msg("kernel_info_request", {})
        client.control_channel.send(request)
        reply = client.get_control_msg(timeout=5)
        assert reply["content"]["language_info"]["file_extension"] == ".rs4" and reply["content"]["protocol_version"] == "5.4", reply
        # What JupyterLab writes into a notebook when it opens it: a shipped one that held anything else would count as changed.
        with open(LESSON, encoding="utf-8") as shipped:
            assert json.load(shipped)["metadata"]["language_info"] == reply["content"]["language_info"], reply
        assert client.hb_channel.is_beating()
        manager.interrupt_kernel()
        answer(client, identifier)
        identifier = client.comm_info()
        assert answer(client, identifier)["content"] == {"status": "ok", "comms": {}}
        request = client.session.msg("comm_open", {"comm_id": "c1", "target_name": "widget", "data": {}})
        client.shell_channel.send(request)
        assert ("comm_close", {"comm_id": "c1", "data": {}}) in heard(client, request["header"]["msg_id"])


@check
def subscribers_are_greeted_first_and_hear_what_they_asked_for(program, folder):
    with kernel() as (manager, client):
        context = zmq.Context.instance()
        for topic, kinds in [(b"", {"status", "execute_input", "stream", "execute_result"}), (b"stream", {"stream"})]:
            socket = context.socket(zmq.SUB)
            socket.linger = 0
            client.execute("for n in 0..<200000 { n }")
            socket.connect(f"tcp://127.0.0.1:{manager.iopub_port}")
            socket.subscribe(topic)
            found = []
            # A session takes no message twice, and the client's has had them.
            session = jupyter_client.session.Session(key=client.session.key)
            assert socket.poll(10_000), "no greeting"
            run(client, 'print("text"); 1')
            while socket.poll(500):
                _, frames = session.feed_identities(socket.recv_multipart())
                found.append(session.deserialize(frames))
            assert found[0]["msg_type"] == "iopub_welcome" and found[0]["content"] == {"subscription": topic.decode()}, found[0]
            assert {message["msg_type"] for message in found[1:]} == kinds, found
            socket.unsubscribe(topic)
            run(client, 'print("text"); 1')
            assert not socket.poll(300), socket.recv_multipart()
            socket.close()


@check
def sockets_may_be_files_and_messages_unsigned(program, folder):
    # The names of such sockets are short.
    with tempfile.TemporaryDirectory(dir="/tmp") as short:
        with kernel(transport="ipc", ip=os.path.join(short, "k")) as (_, client):
            assert value(client, "1 + 1") == "2"
            assert any(name.startswith("k-") for name in os.listdir(short)), os.listdir(short)
    session = jupyter_client.session.Session(key=b"")
    with kernel(session=session) as (_, client):
        assert value(client, "1 + 1") == "2"


@check
def requests_that_say_too_little_get_an_error(program, folder):
    with kernel() as (_, client):
        for kind in ["execute", "complete", "inspect", "is_complete", "history"]:
            for content in [{}, {"code": 5}, {"code": None}, {"code": "1", "cursor_pos": "x", "user_expressions": 3, "hist_access_type": []}]:
                if kind == "is_complete" and content.get("code") == "1":
                    continue
                request = client.session.msg(f"{kind}_request", content)
                client.shell_channel.send(request)
                reply = answer(client, request["header"]["msg_id"])
                assert reply["msg_type"] == f"{kind}_reply" and reply["content"]["status"] == "error", reply
        assert value(client, "1 + 1") == "2"


@check
def shutdown_and_restart_begin_anew(program, folder):
    with kernel() as (manager, client):
        run(client, "let kept = 1; temporary_folder();")
        manager.restart_kernel(now=False)
        client.wait_for_ready(timeout=60)
        assert run(client, "kept")[0]["ename"] == "name"
        # Also while something runs.
        identifier = client.execute("while true { 1 }")
        heard(client, identifier, until=lambda message: message["msg_type"] == "execute_input")
        begun = time.monotonic()
        client.shutdown()
        reply = client.get_control_msg(timeout=10)
        assert reply["msg_type"] == "shutdown_reply" and reply["content"] == {"status": "ok", "restart": False}, reply
        while manager.is_alive() and seconds_since(begun) < 10:
            time.sleep(0.02)
        assert seconds_since(begun) < 3, seconds_since(begun)
        assert manager.provisioner.process.returncode == 0, manager.provisioner.process.returncode


@check
def a_kernel_whose_starter_is_gone_ends(program, folder):
    code = (
        "import os; from jupyter_client.manager import start_new_kernel\n"
        "manager, client = start_new_kernel(kernel_name='rs4'); print(manager.provisioner.process.pid, flush=True); os._exit(0)")
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as starter:
        number = int(starter.stdout.readline())
    begun = time.monotonic()
    while seconds_since(begun) < 15:
        try:
            with open(f"/proc/{number}/stat") as file:
                if file.read().rsplit(")", 1)[1].split()[0] == "Z":
                    return
        except FileNotFoundError:
            return
        time.sleep(0.1)
    os.kill(number, signal.SIGKILL)
    raise AssertionError("the kernel was still there")


@check
def sources_are_shown_in_a_notebook(program, folder):
    with kernel() as (_, client):
        reply, _ = run(client, "??dice_loss")
        assert "fn dice_loss(" in reply["payload"][0]["data"]["text/plain"], reply
        identifier = client.inspect("dice_loss", 9, detail_level=1)
        found = answer(client, identifier)["content"]
        assert found["found"] and "stdlib/learning/losses.rs4, line" in found["data"]["text/plain"], found
        reply, _ = run(client, "exit")
        assert "Shut Down Kernel" in "".join(reply["traceback"]), reply

"""Cells that say more than their clients read."""
import time

import zmq

from checks import check
from kernels import answer, kernel, run, value

# More than is kept for a client that does not read.
COUNT = 60_000


def broadcasts(socket, identifier, within=90, slow=0):
    """The kinds of what is broadcast for a request, in order, up to `idle`; the first `slow` are read slowly."""
    kinds = []
    while socket.poll(within * 1000):
        if len(kinds) < slow and len(kinds) % 5 == 0:
            time.sleep(0.01)
        frames = socket.recv_multipart()
        place = frames.index(b"<IDS|MSG>")
        if f'"{identifier}"'.encode() not in frames[place + 3]:
            continue
        kinds.append(frames[0].decode())
        if b'"idle"' in frames[place + 5]:
            return kinds
    raise AssertionError(f"{identifier} never became idle; {len(kinds)} messages came")


@check
def a_client_that_reads_late_misses_nothing(program, folder):
    with kernel() as (_, client):
        identifier = client.execute(f"for n in 1...{COUNT} {{ clear_output() }}")
        time.sleep(4)
        kinds = broadcasts(client.iopub_channel.socket, identifier)
        assert kinds.count("clear_output") == COUNT, len(kinds)
        assert answer(client, identifier)["content"]["status"] == "ok"
        assert value(client, "1 + 1") == "2"


@check
def a_client_that_reads_slowly_misses_nothing(program, folder):
    with kernel() as (_, client):
        identifier = client.execute(f"for n in 1...{COUNT} {{ clear_output() }}")
        kinds = broadcasts(client.iopub_channel.socket, identifier, slow=8_000)
        assert kinds.count("clear_output") == COUNT, len(kinds)


@check
def an_interrupted_flood_is_answered_before_anyone_reads_it(program, folder):
    with kernel() as (manager, client):
        identifier = client.execute("while true { clear_output() }")
        time.sleep(3)
        begun = time.monotonic()
        manager.interrupt_kernel()
        reply = answer(client, identifier)["content"]
        assert reply["ename"] == "interrupted" and time.monotonic() - begun < 0.5, (reply, time.monotonic() - begun)
        kinds = broadcasts(client.iopub_channel.socket, identifier)
        assert kinds[-2:] == ["error", "status"], kinds[-2:]


@check
def a_client_that_has_stopped_reading_does_not_hold_up_the_others(program, folder):
    with kernel() as (manager, client):
        stopped = zmq.Context.instance().socket(zmq.SUB)
        stopped.setsockopt(zmq.SUBSCRIBE, b"")
        stopped.setsockopt(zmq.LINGER, 0)
        stopped.connect(f"tcp://127.0.0.1:{manager.iopub_port}")
        stopped.recv_multipart()
        begun = time.monotonic()
        identifier = client.execute(f"for n in 1...{COUNT} {{ clear_output() }}")
        kinds = broadcasts(client.iopub_channel.socket, identifier)
        assert kinds.count("clear_output") == COUNT, len(kinds)
        # It is waited for once, and not again with the next cell.
        assert time.monotonic() - begun < 100, time.monotonic() - begun
        begun = time.monotonic()
        assert value(client, "1 + 1") == "2" and time.monotonic() - begun < 2
        stopped.close()


@check
def long_texts_come_whole_and_keep_no_heartbeat_waiting(program, folder):
    with kernel() as (_, client):
        code = "let text = \"aé😀\" * 6000000\nprint(text)\nwarn(text)"
        identifier = client.execute(code)
        longest, reply = 0, None
        while reply is None:
            begun = time.monotonic()
            client.control_channel.send(client.session.msg("kernel_info_request"))
            client.get_control_msg(timeout=30)
            longest = max(longest, time.monotonic() - begun)
            try:
                reply = client.get_shell_msg(timeout=0.05)
            except Exception:
                continue
        texts = {"stdout": [], "stderr": []}
        while True:
            message = client.get_iopub_msg(timeout=60)
            if message["parent_header"].get("msg_id") != identifier:
                continue
            if message["msg_type"] == "stream":
                texts[message["content"]["name"]].append(message["content"]["text"])
            if message["content"].get("execution_state") == "idle":
                break
        for parts in texts.values():
            assert "".join(parts) == "aé😀" * 6000000 + "\n", sum(map(len, parts))
            assert max(map(len, parts)) < 2 << 20
        assert longest < 0.5, longest
        assert run(client, "nil")[0]["status"] == "ok"

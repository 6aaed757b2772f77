"""Messages that no client would send: the kernel drops them, says so, and goes on."""
import json
import os
import random
import socket
import tempfile
import time

import zmq

from checks import check
from kernels import kernel, run, value

PORTS = ["shell_port", "control_port", "stdin_port", "hb_port"]


def spoilt(dice, session, key):
    """A message that differs from a good one in a way that must not be taken."""
    message = session.msg(dice.choice(["execute_request", "shutdown_request", "interrupt_request", "kernel_info_request"]), {"code": "while true {}"})
    frames = session.serialize(message)
    kind = dice.randrange(9)
    if kind == 0:
        return [dice.randbytes(dice.choice([0, 1, 10, 1000])) for _ in range(dice.randrange(1, 12))]
    if kind == 1:
        frames[1] = bytes(dice.choice(b"0123456789abcdef") for _ in range(64))
    elif kind == 2:
        frames[1] = dice.choice([b"", frames[1][:-1], frames[1] + b"0", b"\0" * 64, frames[1].upper() + b" "])
    elif kind == 3:
        frames = frames[:dice.randrange(1, 6)]
    elif kind == 4:
        place = dice.randrange(2, 6)
        frames[place] = frames[place] + b" "
    elif kind == 5:
        frames.remove(b"<IDS|MSG>")
    elif kind == 6:
        dice.shuffle(frames)
        if frames[0] == b"<IDS|MSG>":
            frames.append(frames.pop(0))
    elif kind == 7:
        return [b"<IDS|MSG>"] * dice.randrange(1, 200)
    else:
        # The right key, but no header that could be answered.
        parts = [dice.choice([b"{}", b"[]", b"", b"null", b"\xff\xfe", b'{"msg_id": 5}', b'{"msg_type": "execute_request"}',
                              b"[" * 100_000, '{"msg_id": "a", "msg_type": "execute_request"}'.encode("utf-16")]), b"{}", b"{}", b"{}"]
        return [b"<IDS|MSG>", session.sign(parts), *parts]
    return frames



@check
def ten_thousand_hostile_messages_do_not_end_the_kernel(program, folder):
    seed = int(os.environ.get("RS4_SEED", random.randrange(10**6)))
    dice = random.Random(seed)
    with tempfile.TemporaryFile("w+") as log, kernel(log) as (manager, client):
        number = manager.provisioner.process.pid
        with open(manager.connection_file) as file:
            ports = json.load(file)
        context = zmq.Context.instance()
        sockets = {}
        for port in PORTS:
            sockets[port] = context.socket(zmq.DEALER)
            sockets[port].linger = 5000
            sockets[port].connect(f"tcp://127.0.0.1:{ports[port]}")
        for count in range(10_000):
            port = dice.choice(PORTS)
            sockets[port].send_multipart(spoilt(dice, client.session, ports["key"]))
            if count % 1000 == 999:
                assert value(client, f"{count} + 1") == str(count + 1), f"RS4_SEED={seed}"
        for port in PORTS:
            sockets[port].close()
        # Bytes that are not even ZeroMQ's.
        for _ in range(200):
            with socket.create_connection(("127.0.0.1", ports[dice.choice(PORTS + ["iopub_port"])])) as connection:
                connection.sendall(dice.randbytes(dice.choice([1, 64, 5000])))
        assert value(client, "6 * 7") == "42"
        assert manager.is_alive() and manager.provisioner.process.pid == number
        log.seek(0)
        lines = log.read()
        assert "its signature must be that of its parts" in lines and "five frames must follow" in lines, lines[:2000]


@check
def strange_content_under_a_right_signature_is_answered_or_dropped(program, folder):
    seed = int(os.environ.get("RS4_SEED", random.randrange(10**6)))
    dice = random.Random(seed)
    kinds = ["execute", "complete", "inspect", "is_complete", "history", "comm_info", "comm_open", "comm_msg", "kernel_info", "connect", "input", "no_such"]
    values = [None, True, -1, 10**30, 1.5, "", "\0", "😀" * 50, "((((" * 300, [], [[]], {}, {"a": {}}, "let x = 1", 2**63 - 1]
    names = ["code", "cursor_pos", "silent", "store_history", "user_expressions", "hist_access_type", "pattern", "n", "start", "stop", "comm_id", "value", "session"]
    with kernel() as (manager, client):
        for _ in range(2000):
            content = {name: dice.choice(values) for name in dice.sample(names, dice.randrange(len(names)))}
            if dice.random() < 0.5:
                content["code"] = dice.choice([value for value in values if isinstance(value, str)])
            message = client.session.msg(f"{dice.choice(kinds)}_request", content)
            channel = dice.choice([client.shell_channel, client.shell_channel, client.control_channel, client.stdin_channel])
            channel.send(message)
        # What was sent before a cell was known to have failed is not run.
        while run(client, "nil")[0]["status"] == "aborted":
            pass
        assert value(client, "6 * 7") == "42", f"RS4_SEED={seed}"
        assert manager.is_alive()


@check
def the_log_holds_short_plain_lines_whatever_a_message_is_called(program, folder):
    with tempfile.TemporaryFile() as log, kernel(log) as (_, client):
        for kind in ("a\nrs4 kernel: forged\x1b[2J", "b" + "\u0301" * 1_000_000, "c" * 1_000_000):
            for channel in (client.shell_channel, client.control_channel):
                channel.send(client.session.msg(kind))
        assert value(client, "1 + 1") == "2"
        log.seek(0)
        lines = log.read().decode(errors="replace").split("\n")
        assert len(lines) == 7 and all(line.startswith("rs4 kernel: ") for line in lines[:6]), [line[:100] for line in lines]
        assert max(len(line.encode()) for line in lines) < 1100 and "\x1b" not in "".join(lines)


@check
def a_signed_message_that_comes_again_is_not_run_again(program, folder):
    with tempfile.TemporaryFile("w+") as log, kernel(log) as (manager, client):
        value(client, "let count = 0; count")
        with open(manager.connection_file) as file:
            ports = json.load(file)
        recorded = client.session.serialize(client.session.msg("execute_request", {"code": "count = count + 1"}))
        for port in ["shell_port", "shell_port", "control_port"]:
            channel = zmq.Context.instance().socket(zmq.DEALER)
            channel.linger = 5000
            channel.connect(f"tcp://127.0.0.1:{ports[port]}")
            channel.send_multipart(recorded)
            channel.close()
        for _ in range(600):
            log.seek(0)
            if log.read().count("this one has come before") == 2:
                break
            time.sleep(0.1)
        else:
            raise AssertionError("the log does not tell of two")
        assert value(client, "count") == "1"

"""Starting a kernel and talking with it."""
import contextlib
import subprocess
import time

from jupyter_client.manager import KernelManager


@contextlib.contextmanager
def kernel(log=None, **settings):
    """A running kernel and a client of it, both gone afterwards; what the kernel logs goes into the file `log`."""
    manager = KernelManager(kernel_name="rs4", **settings)
    streams = {"stderr": log} if log else {}
    manager.start_kernel(**{"stderr": subprocess.DEVNULL, **streams})
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=60)
        yield manager, client
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def answer(client, identifier, timeout=60):
    """The reply on the shell channel to a request."""
    while True:
        message = client.get_shell_msg(timeout=timeout)
        if message["parent_header"].get("msg_id") == identifier:
            return message


def heard(client, identifier, timeout=60, until=lambda message: False):
    """What is broadcast for a request, up to `idle` or the message that `until` accepts, as (type, content)."""
    messages = []
    while True:
        message = client.get_iopub_msg(timeout=timeout)
        if message["parent_header"].get("msg_id") != identifier:
            continue
        messages.append((message["msg_type"], message["content"]))
        if message["content"].get("execution_state") == "idle" or until(message):
            return messages


def run(client, code, timeout=60, **options):
    """Runs a cell; gives the reply's content and what was broadcast without status and execute_input."""
    identifier = client.execute(code, **options)
    reply = answer(client, identifier, timeout)["content"]
    messages = heard(client, identifier, timeout)
    return reply, [pair for pair in messages if pair[0] not in ("status", "execute_input")]


def value(client, code):
    """The text of a cell's value."""
    reply, messages = run(client, code)
    assert reply["status"] == "ok", reply
    return next(content["data"]["text/plain"] for kind, content in messages if kind == "execute_result")


def printed(messages, stream="stdout"):
    return "".join(content["text"] for kind, content in messages if kind == "stream" and content["name"] == stream)


def seconds_since(start):
    return time.monotonic() - start

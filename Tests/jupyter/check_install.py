"""rs4 kernel install, and connection files that are not what they must be. Needs nothing of Jupyter."""
import json
import os
import subprocess

from checks import check


def rs4(program, *arguments, **environment):
    return subprocess.run(
        [program, "kernel", *arguments], capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL, env={**os.environ, **environment})


@check
def install_writes_a_kernel_that_starts_this_program(program, folder):
    prefix = os.path.join(folder, "prefix")
    done = rs4(program, "install", "--prefix", prefix)
    path = os.path.join(prefix, "share/jupyter/kernels/rs4/kernel.json")
    assert done.returncode == 0 and done.stdout == f"wrote {path}\n", done
    with open(path) as file:
        kernel = json.load(file)
    assert kernel["argv"] == [os.path.realpath(program), "kernel", "run", "-f", "{connection_file}"], kernel
    assert (kernel["display_name"], kernel["language"], kernel["interrupt_mode"]) == ("RS4", "rs4", "message"), kernel
    # Again, over what is there.
    assert rs4(program, "install", "--prefix", prefix).returncode == 0


@check
def install_for_a_user_follows_jupyters_folders(program, folder):
    for name, value, part in [("JUPYTER_DATA_DIR", "one", ""), ("XDG_DATA_HOME", "two", "jupyter")]:
        environment = {"JUPYTER_DATA_DIR": "", "XDG_DATA_HOME": "", name: os.path.join(folder, value)}
        done = rs4(program, "install", "--user", **environment)
        assert os.path.exists(os.path.join(folder, value, part, "kernels/rs4/kernel.json")), done
    done = rs4(program, "install", "--user", JUPYTER_DATA_DIR="", XDG_DATA_HOME="", HOME=os.path.join(folder, "home"))
    assert os.path.exists(os.path.join(folder, "home/.local/share/jupyter/kernels/rs4/kernel.json")), done


@check
def install_where_nothing_can_be_written_is_a_diagnostic(program, folder):
    with open(os.path.join(folder, "file"), "w"):
        pass
    done = rs4(program, "install", "--prefix", os.path.join(folder, "file"))
    assert done.returncode == 1 and "error[file]" in done.stderr, done
    done = rs4(program, "install", "--user", "--prefix", folder)
    assert done.returncode == 64 and "--prefix" in done.stderr, done


@check
def a_connection_file_that_cannot_be_used_is_a_diagnostic(program, folder):
    good = {"transport": "tcp", "ip": "127.0.0.1", "key": "k", "signature_scheme": "hmac-sha256"}
    good.update({f"{name}_port": 50000 + number for number, name in enumerate(["shell", "iopub", "stdin", "control", "hb"])})
    for change, words in [
        (None, "must be there"), ("[1", "JSON object"), ("[]", "JSON object"), ("", "JSON object"),
        ({"shell_port": None}, "shell_port"), ({"hb_port": 70000}, "hb_port"), ({"iopub_port": "x"}, "iopub_port"),
        ({"iopub_port": 1.5}, "iopub_port"), ({"control_port": -1}, "control_port"), ({"ip": 5}, "`ip`"),
        ({"signature_scheme": "md5"}, "hmac-sha256"), ({"transport": "udp"}, "tcp or ipc"),
        ({"ip": "no.such.host.invalid"}, "able to listen"), ({"ip": "203.0.113.7"}, "able to listen"), ({"ip": ""}, "able to listen"),
    ]:
        path = os.path.join(folder, "connection.json")
        if os.path.exists(path):
            os.remove(path)
        if isinstance(change, dict):
            change = json.dumps({**good, **change})
        if change is not None:
            with open(path, "w") as file:
                file.write(change)
        done = rs4(program, "run", "-f", path)
        assert done.returncode == 1 and "error[file]" in done.stderr and words in done.stderr, (change, done)

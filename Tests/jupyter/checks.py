"""The checks of the kernel, in the order in which they stand in their files."""
import os
import re

HERE = os.path.dirname(os.path.abspath(__file__))
# The notebook that is shipped.
LESSON = os.path.join(os.path.dirname(os.path.dirname(HERE)), "docs", "lesson.ipynb")
CHECKS = []
# Files of checks, and the Python packages without which they are skipped.
FILES = [
    ("check_install", []),
    ("check_suite", ["jupyter_kernel_test", "jupyter_client"]),
    ("check_messages", ["jupyter_client", "zmq"]),
    ("check_interrupts", ["jupyter_client"]),
    ("check_hostile", ["jupyter_client", "zmq"]),
    ("check_floods", ["jupyter_client", "zmq"]),
    ("check_notebook", ["nbclient", "nbformat", "jupyter_client"]),
    ("check_browser", ["jupyterlab", "playwright", "jupyter_client"]),
]


def names(file):
    """The checks of a file that cannot be imported; Jupyter's own suite is one of them."""
    with open(os.path.join(HERE, file + ".py")) as source:
        return [name.replace("_", " ") for name in re.findall(r"^@check\ndef (\w+)", source.read(), re.MULTILINE)] or ["jupyter kernel test"]


class Skipped(Exception):
    """What a check needs is not here."""


def check(function):
    CHECKS.append(function)
    return function

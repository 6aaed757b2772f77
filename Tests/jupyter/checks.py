"""The checks of the kernel, in the order in which they stand in their files."""
CHECKS = []

# Files of checks, and the Python packages without which they are skipped.
declared = [
    ("check_suite", ["jupyter_kernel_test", "jupyter_client"]),
    ("check_messages", ["jupyter_client"]),
    ("check_interrupts", ["jupyter_client"]),
    ("check_hostile", ["jupyter_client", "zmq"]),
    ("check_notebook", ["nbclient", "nbformat", "jupyter_client"]),
    ("check_browser", ["jupyterlab", "playwright", "jupyter_client"]),
]


class Skipped(Exception):
    """What a check needs is not here."""


def check(function):
    CHECKS.append(function)
    return function

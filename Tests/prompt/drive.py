#!/usr/bin/env python3
"""Drives the prompt on a pseudo-terminal as a person would.

usage: Tests/prompt/drive.py [PROGRAM] [WORD...]     (default: .build/release/rs4, else .build/debug/rs4)
Words pick the checks whose names hold one of them. Exit status 0 when every check passes. Needs only Python's
standard library.
"""
import os
import subprocess
import sys
import tempfile

import check_basics, check_cells, check_completion, check_display, check_editing, check_history, check_interrupts, check_paste, check_results  # noqa: E401,F401
from checks import CHECKS

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def main():
    words = sys.argv[1:]
    given = [words.pop(0)] if words and os.path.exists(words[0]) else []
    program = next(
        (path for path in given + [os.path.join(ROOT, ".build", kind, "rs4") for kind in ("release", "debug")]
         if os.access(path, os.X_OK)), None)
    if program is None:
        sys.exit("rs4 must be built first: scripts/build")
    program = os.path.abspath(program)
    failed = passed = 0
    for function in CHECKS:
        name = function.__name__.replace("_", " ")
        if words and not any(word in name for word in words):
            continue
        with tempfile.TemporaryDirectory() as folder:
            try:
                function(program, folder)
                passed += 1
                print(f"passed  {name}", flush=True)
            except (AssertionError, OSError, subprocess.TimeoutExpired) as problem:
                failed += 1
                print(f"failed: {name}: {problem}", flush=True)
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()

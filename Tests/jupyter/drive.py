"""Drives the kernel as Jupyter does, each check in a kernel of its own.

usage: Tests/jupyter/drive.py PROGRAM [WORD...]
"""
import importlib.util
import os
import subprocess
import sys
import tempfile
import traceback

from checks import CHECKS, FILES, Skipped, names


def main():
    program, words = os.path.abspath(sys.argv[1]), sys.argv[2:]
    passed = failed = skipped = 0
    with tempfile.TemporaryDirectory() as folder:
        # Kernels are found in this folder and nowhere else, and nothing is left in the home of whoever tests.
        os.environ.update(
            JUPYTER_DATA_DIR=os.path.join(folder, "data"), JUPYTER_RUNTIME_DIR=os.path.join(folder, "runtime"),
            JUPYTER_CONFIG_DIR=os.path.join(folder, "config"), IPYTHONDIR=os.path.join(folder, "ipython"), JUPYTER_PLATFORM_DIRS="0")
        subprocess.run([program, "kernel", "install", "--user"], check=True, stdout=subprocess.DEVNULL)
        for file, needs in FILES:
            missing = [need for need in needs if not importlib.util.find_spec(need)]
            if not missing:
                importlib.import_module(file)
                continue
            for name in names(file):
                if not words or any(word in name for word in words):
                    skipped += 1
                    print(f"skipped: {name}: not installed for {sys.executable}: {', '.join(missing)}")
        for function in CHECKS:
            name = function.__name__.replace("_", " ")
            if words and not any(word in name for word in words):
                continue
            try:
                function(program, folder)
                passed += 1
                print(f"passed  {name}", flush=True)
            except Skipped as reason:
                skipped += 1
                print(f"skipped: {name}: {reason}", flush=True)
            except Exception as problem:  # a check that falls over is a check that failed
                failed += 1
                place = traceback.extract_tb(problem.__traceback__)[-1]
                print(f"failed: {name}: {type(problem).__name__}: {problem} ({place.name}:{place.lineno})", flush=True)
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()

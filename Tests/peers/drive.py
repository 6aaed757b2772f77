"""Runs the checks of every kind, each in an empty folder of its own.

usage: Tests/peers/drive.py PROGRAM [WORD...]
"""
import importlib
import importlib.util
import os
import sys
import tempfile
import traceback

from kit import CHECKS, Kit, names

HERE = os.path.dirname(os.path.abspath(__file__))
# Every kind of condition has a file; these are the Python packages without which it is skipped.
KINDS = [
    ("check_metrics", ["numpy", "scipy", "medpy"]),
    ("check_headers", ["numpy", "nibabel", "SimpleITK"]),
    ("check_arrays", ["numpy", "h5py", "hdf5plugin", "safetensors"]),
    ("check_transforms", ["numpy", "nibabel", "SimpleITK"]),
]


def main():
    program, words = os.path.abspath(sys.argv[1]), sys.argv[2:]
    chosen = lambda name: not words or any(word in name for word in words)  # noqa: E731
    passed = failed = skipped = 0
    for file, needs in KINDS:
        missing = [need for need in needs if not importlib.util.find_spec(need)]
        if not missing:
            importlib.import_module(file)
            continue
        for name in filter(chosen, names(os.path.join(HERE, file + ".py"))):
            skipped += 1
            print(f"skipped: {name}: not installed for {sys.executable}: {', '.join(missing)}")
    for name, function in CHECKS:
        if not chosen(name):
            continue
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            try:
                function(Kit(program))
                passed += 1
                print(f"passed  {name}", flush=True)
            except Exception as problem:  # a check that falls over is a check that failed
                failed += 1
                place = traceback.extract_tb(problem.__traceback__)[-1]
                print(f"failed: {name}: {type(problem).__name__}: {str(problem)[:500]} ({place.name}:{place.lineno})", flush=True)
            os.chdir(HERE)
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()

"""Runs the checks of every kind, each in an empty folder of its own.

usage: Tests/peers/drive.py PROGRAM [WORD...]
"""
import glob
import importlib
import os
import sys
import tempfile
import traceback

from kit import CHECKS, Kit, names

HERE = os.path.dirname(os.path.abspath(__file__))


def main():
    program, words = os.path.abspath(sys.argv[1]), sys.argv[2:]
    chosen = lambda name: not words or any(word in name for word in words)  # noqa: E731
    passed = failed = skipped = 0
    # Every kind of condition has a file, which is skipped where a package that it imports is not installed.
    for path in sorted(glob.glob(os.path.join(HERE, "check_*.py"))):
        try:
            importlib.import_module(os.path.basename(path)[:-3])
        except ModuleNotFoundError as missing:
            for name in filter(chosen, names(path)):
                skipped += 1
                print(f"skipped: {name}: not installed for {sys.executable}: {missing.name}")
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
                place = [frame for frame in traceback.extract_tb(problem.__traceback__) if "check_" in frame.filename][-1]
                said = " ".join(str(problem).split())[:500]
                print(f"failed: {name}: {type(problem).__name__}: {said} ({os.path.basename(place.filename)}:{place.lineno})", flush=True)
            os.chdir(HERE)
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()

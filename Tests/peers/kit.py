"""What a check works with: RS4 as a person runs it, in an empty folder, and comparisons that say little when they fail."""
import json
import re
import subprocess

CHECKS = []


def check(function):
    CHECKS.append((function.__name__.replace("_", " "), function))
    return function


def each(**values):
    """A check for every value of one parameter, each counted by itself."""
    (parameter, items), = values.items()

    def declare(function):
        for item in items:
            name = f"{function.__name__.replace('_', ' ')}: {item if isinstance(item, str) else item[0]}"
            CHECKS.append((name, lambda kit, item=item: function(kit, **{parameter: item})))
        return function
    return declare


def names(path):
    """The checks of a file that cannot be imported."""
    with open(path, encoding="utf-8") as source:
        return [name.replace("_", " ") for name in re.findall(r"^@(?:check|each\(.*?\))\ndef (\w+)", source.read(), re.MULTILINE | re.DOTALL)]


class Kit:
    """The program; the current folder is the check's own."""

    def __init__(self, program):
        self.program = program
        self.warned = ""

    def run(self, code, *words, status=0):
        """Runs a script; gives the values that it printed with `to_json`, a line each. What it warned of stands in `warned`."""
        with open("script.rs4", "w", encoding="utf-8") as file:
            file.write(code)
        done = subprocess.run(
            [self.program, "run", "script.rs4", *words], capture_output=True, text=True, timeout=300, stdin=subprocess.DEVNULL)
        assert done.returncode == status, f"the script ended with {done.returncode}: {done.stderr.strip()[-400:]}"
        self.warned = done.stderr
        return [json.loads(line) for line in done.stdout.splitlines() if line[:1] in "[{"]

    def refusals(self, *calls):
        """The refusal of each call as {code, message, help}; where a call succeeds, None. Lines of `use` go before all."""
        uses = {line: None for call in calls for line in call.splitlines() if line.startswith("use ")}
        code = "".join(f"{line}\n" for line in uses)
        calls = ["\n".join(line for line in call.splitlines() if line not in uses) for call in calls]
        code += "".join(
            "try {\n" + call + '\nprint(to_json([]))\n} catch problem '
            "{ print(to_json([problem.code, problem.message, problem.help])) }\n" for call in calls)
        return [dict(zip(["code", "message", "help"], found)) if found else None for found in self.run(code)]


def same(found, expected, within=0.0, name=""):
    """Holds two arrays against each other; says where they part, not what they are."""
    import numpy as np
    found, expected = np.asarray(found), np.asarray(expected)
    assert found.shape == expected.shape, f"{name} has shape {found.shape}, not {expected.shape}"
    if found.size == 0:
        return
    if found.dtype.kind in "biu" and expected.dtype.kind in "biu" and within == 0:
        apart = found != expected
        worst = tuple(int(i) for i in np.argwhere(apart)[0]) if apart.any() else None
    else:
        found, expected = found.astype("f8"), expected.astype("f8")
        alike = (found == expected) | (np.isnan(found) & np.isnan(expected))
        with np.errstate(invalid="ignore"):
            difference = np.where(alike, 0, np.abs(found - expected))
        apart = ~(difference <= within)
        worst = np.unravel_index(int(np.argmax(np.where(np.isnan(difference), np.inf, difference))), found.shape)
    assert not apart.any(), (
        f"{name}: {int(apart.sum())} of {found.size} numbers differ, most at {tuple(map(int, worst))}: {found[worst]}, not {expected[worst]}")

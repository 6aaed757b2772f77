"""Writes the site with rs4 doc --html and reads every page of it."""

import os
import re
import subprocess
import sys
import tempfile
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

VOID = {"meta", "link", "br", "hr", "img", "input"}
OWN_LINE = {"p", "h1", "h2", "h3", "h4", "pre", "ul", "ol", "table", "blockquote", "dl"}


class Page(HTMLParser):
    """The tags, identifiers, links and text of a page; complaints about its form."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.complaints, self.names, self.links, self.assets, self.text = [], [], [], [], [], []
        self.feed(text)
        self.close()
        if self.open:
            self.complaints.append(f"never closed: {self.open}")
        if not text.startswith("<!DOCTYPE html>\n"):
            self.complaints.append("no <!DOCTYPE html>")

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        if len(values) != len(attributes):
            self.complaints.append(f"an attribute twice in <{tag}>")
        if tag in OWN_LINE and "p" in self.open:
            self.complaints.append(f"<{tag}> inside <p>")
        if tag == "a" and "a" in self.open:
            self.complaints.append("<a> inside <a>")
        for name, value in attributes:
            if name.startswith("on") or (value or "").strip().lower().startswith("javascript:"):
                self.complaints.append(f"an attribute that runs: {name}={value}")
        if "id" in values:
            self.names.append(values["id"])
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        for name in ("src", "href"):
            if tag != "a" and name in values:
                self.assets.append(values[name])
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag in VOID or not self.open or self.open[-1] != tag:
            self.complaints.append(f"</{tag}> while {self.open[-3:]} are open")
        else:
            self.open.pop()

    def handle_data(self, data):
        self.text.append(data)


def cell(text):
    """A text as a cell of a markdown table."""
    return text.replace("|", "\\|")


def library_page(listing):
    """docs/language/library.md, from what rs4 doc lists."""
    lines = [
        "# The library by subject",
        "",
        "Every function in a line; `help(name)` or `rs4 doc NAME` tells the rest, with an example. This page is written by "
        "`Tests/site/run RS4 --accept` from the table that `help` reads.",
        "",
        "```rs4",
        "len([3, 4, 5])                 # => 3",
        "help(len)",
        "```",
    ]
    root = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../stdlib")
    rooms = {name.removesuffix(".rs4"): room for room in os.listdir(root) for name in os.listdir(os.path.join(root, room))}
    is_library, rows = False, 0
    for line in listing.splitlines():
        if not line.startswith(" "):
            name, _, summary = line.partition(": ")
            if name.startswith("use ") and not is_library:
                is_library = True
                lines += ["", "The modules below are written in RS4 and want `use`. They stand in the order of their folders: each uses only its own folder and those before it."]
            lines += ["", f"## {name.removeprefix('use ')}", ""]
            if is_library:
                lines += [f"`{name}`, in `stdlib/{rooms[name.removeprefix('use ')]}`" + (f": {summary}" if summary else ""), ""]
            elif summary:
                lines += [summary, ""]
            lines += ["| name | |", "| --- | --- |"]
        elif line.startswith("      "):
            lines[-1] = lines[-1].removesuffix("|") + f"{cell(line.strip())} |"
        else:
            signature = line.strip()
            lines.append(f"| `{re.sub(r'^(record|model) ', '', signature).split('(')[0]}` | |")
            rows += 1
    return "\n".join(lines) + "\n", rows


def untold(book):
    """The words, symbols and escapes of the grammar that no example of the book uses."""
    code = []
    for name in sorted(os.listdir(book)):
        if name.endswith(".md") and name not in ("grammar.md", "library.md"):
            with open(os.path.join(book, name), encoding="utf-8") as file:
                code += re.findall(r"```rs4\n(.*?)```", file.read(), re.S)
    code = "\n".join(re.split(r"# (?:=>|error:)", line)[0] for line in "".join(code).splitlines())
    with open(os.path.join(book, "grammar.md"), encoding="utf-8") as file:
        grammar = file.read()
    rules = {name: re.search(rf"^{name} +=(.*?) ;$", grammar, re.S | re.M).group(1) for name in ("keyword", "symbol", "escape")}
    words = re.findall(r'"(\w+)"', rules["keyword"]) + ["use", "param", "record", "model", "as"]
    marks = re.findall(r'"([^"]+)"', rules["symbol"]) + ["\\n", "\\t", "\\r", "\\0", '\\"', "\\\\", "\\u{", '"""', "{{", "}}", "##", "# %%"]
    return [word for word in words if not re.search(rf"\b{word}\b", code)] + [mark for mark in marks if mark not in code]


def main(rs4, accept):
    passed, failures = 0, []

    def expect(holds, complaint):
        nonlocal passed
        if holds:
            passed += 1
        else:
            failures.append(complaint)

    with tempfile.TemporaryDirectory() as folder:
        site = os.path.join(folder, "a folder", "site")
        run = subprocess.run([rs4, "doc", "--html", site], capture_output=True, text=True, timeout=600)
        expect(run.returncode == 0, f"rs4 doc --html ended with {run.returncode}: {run.stderr}")
        again = subprocess.run([rs4, "doc", "--html", site], capture_output=True, text=True, timeout=600)
        expect(again.returncode == 0, f"a second rs4 doc --html ended with {again.returncode}: {again.stderr}")
        pages, others = {}, set()
        for where, _, files in os.walk(site):
            for name in files:
                path = os.path.relpath(os.path.join(where, name), site)
                if name.endswith(".html"):
                    with open(os.path.join(where, name), encoding="utf-8") as file:
                        pages[path] = Page(file.read())
                else:
                    others.add(path)
        expect(others == {"style.css", "search.js"}, f"other files: {sorted(others)}")

        for path, page in sorted(pages.items()):
            expect(not page.complaints, f"{path}: {page.complaints[:3]}")
            expect(len(page.names) == len(set(page.names)), f"{path}: an id twice")
            expect("\ufffd" not in "".join(page.text), f"{path}: a character that is none")
            broken = []
            for link in page.links + page.assets:
                parts = urlsplit(link)
                if parts.scheme:
                    if link in page.assets or parts.scheme not in ("http", "https"):
                        broken.append(f"{link} is fetched")
                    continue
                target = os.path.normpath(os.path.join(os.path.dirname(path), unquote(parts.path))) if parts.path else path
                if target not in pages and target not in others:
                    broken.append(f"{link} leads nowhere")
                elif parts.fragment and unquote(parts.fragment) not in pages[target].names:
                    broken.append(f"{link} names no heading")
            expect(not broken, f"{path}: {broken[:4]}")

        with open(os.path.join(site, "search.js"), encoding="utf-8") as file:
            addresses = re.findall(r'"address":"([^"]*)"', file.read())
        lost = [a for a in addresses if a.split("#")[0] not in pages
                or "#" in a and unquote(a.split("#")[1]) not in pages[a.split("#")[0]].names]
        expect(len(addresses) > 300 and not lost, f"search leads nowhere: {lost[:5]}")

        listing = subprocess.run([rs4, "doc"], capture_output=True, text=True, timeout=120).stdout
        module, count = "", 0
        for line in listing.splitlines():
            if not line.startswith(" "):
                module = line.split(":")[0]
            elif line.startswith("  ") and not line.startswith("   "):
                signature = line.strip()
                name = re.sub(r"^(record|model) ", "", signature).split("(")[0]
                path = f"library/{module[4:]}.{name}.html" if module.startswith("use ") else f"reference/{name}.html"
                count += 1
                expect(path in pages, f"{name} of {module} has no page {path}")
                if path in pages and "(" in signature:
                    expect(signature in "".join(pages[path].text), f"{path} does not show {signature}")
                if path in pages:
                    expect(any(path == os.path.normpath(link) for link in pages["index.html"].links), f"index.html has no {path}")
        expect(count > 300, f"rs4 doc lists only {count} names")

        missing = untold(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../docs/language"))
        expect(not missing, f"the book shows no example of {missing}")

        shown, rows = library_page(listing)
        path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../docs/language/library.md")
        if accept:
            with open(path + ".new", "w", encoding="utf-8") as file:
                file.write(shown)
            os.replace(path + ".new", path)
        with open(path, encoding="utf-8") as file:
            expect(file.read() == shown and rows == count, "docs/language/library.md is not what rs4 doc lists; --accept writes it anew")

        blocked = os.path.join(folder, "file")
        with open(blocked, "w", encoding="utf-8") as file:
            file.write("kept")
        run = subprocess.run([rs4, "doc", "--html", blocked], capture_output=True, text=True, timeout=120)
        expect(run.returncode == 1 and "error[file]" in run.stderr, f"a file in the way: {run.returncode} {run.stderr}")

    for failure in failures:
        print(f"failed: {failure}")
    print(f"{passed} passed, {len(failures)} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(os.path.abspath(sys.argv[1]), "--accept" in sys.argv[2:]))

"""Fifty texts that try to act in a page, and a script that puts each wherever a script can put text."""

TEXTS = [
    "<script>alert(1)</script>", "</script><script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>",
    "\" onmouseover=\"alert(1)", "' onfocus='alert(1)' autofocus='", "</pre><script>alert(1)</script>", "</title><script>alert(1)</script>",
    "</style><script>alert(1)</script>", "<!-- --><script>alert(1)</script>", "--><script>alert(1)</script>", "<![CDATA[<script>alert(1)</script>]]>",
    "<iframe srcdoc='<script>alert(1)</script>'>", "<a href=\"javascript:alert(1)\">x</a>", "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))", "![x](javascript:alert(1))", "<javascript:alert(1)>", "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "<https://x/\"onclick=\"alert(1)>", "```", "````\n</code></pre><script>alert(1)</script>\n````", "`", "``` \" onclick=\"alert(1)",
    "~~~html\n<b>\n~~~", "# heading\n<script>alert(1)</script>", "line\n\n<script>alert(1)</script>\n\nline", "a\r\n<b>\r\nc", "a\u2028<b>\u2029c",
    "\u202e}cba{\u202c", "\u2066a\u2069\u2067b\u2069", "\u200b\u200d\ufeffzero", "\x1b[31mred\x1b[0m", "\x1b]8;;http://x/\x07link\x1b]8;;\x07",
    "\x1b[2J\x1b[H", "\x9b31m", "a\x08\x08b", "\x00nul", "\ufff9a\ufffab\ufffb", "&lt;script&gt;", "&#60;script&#62;", "&amp;&lt;&quot;",
    "{{constructor.constructor('alert(1)')()}}", "${alert(1)}", "<%= 1 %>", "%3Cscript%3E", "<base href=//x/>", "<meta http-equiv=refresh content=0>",
    "<form action=//x/><input name=y>", "| a | b |\n| --- | --- |\n| <script>alert(1)</script> | c |",
]
assert len(TEXTS) == 50 and len(set(TEXTS)) == 50


def literal(text):
    """The text as a string of RS4."""
    escaped = {"\\": "\\\\", "\"": "\\\"", "{": "{{", "}": "}}", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
    return "\"" + "".join(
        escaped.get(letter) or (f"\\u{{{ord(letter):x}}}" if ord(letter) < 32 or ord(letter) > 126 else letter) for letter in text) + "\""


def on_a_line(text):
    """The text as a comment can hold it."""
    return " ".join("".join(letter for letter in text if letter not in "\0").splitlines())


def script(text):
    """Titles, printed text, values, keys, tables, labels of figures, markdown and a failure that hold the text."""
    word = literal(text)
    markdown = "\n".join(f"# {line}" for line in text.replace("\0", "").splitlines())
    return f"""# %% [markdown]
# # Title {on_a_line(text)}
#
{markdown}
#
# `code {on_a_line(text)}` and
#
# | {on_a_line(text)} | b |
# | --- | --- |
# | {on_a_line(text)} | d |
# %% {on_a_line(text)}
param given = "none"
# {on_a_line(text)}
let hostile = {word}
print(hostile)
print("")
print("before {{hostile}} after")
display(hostile)
display({{[hostile]: hostile}})
display([{{[hostile]: 1, b: hostile}}, {{[hostile]: 2, b: hostile}}])
display(table([[hostile, 1]], [hostile, "n"]))
record Case(name)
Case(hostile)
# %% Figure
let figure = plot({{[hostile]: [1, 2, 4]}}, title: hostile, x_label: hostile, y_label: hostile)
figure
# %% Table
use tables
Table(hostile, [Column("a", hostile), Column("b")], [{{a: hostile, b: 1}}], {{[hostile]: hostile}})
# %% Given
given
# %% Failure
raise hostile
"""

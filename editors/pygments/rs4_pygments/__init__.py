"""RS4 for Pygments: Sphinx, Jupyter's exports and everything else that colours code with it."""

from pygments.lexer import RegexLexer, bygroups, include
from pygments.token import Comment, Error, Keyword, Name, Number, Operator, Punctuation, String, Whitespace

__all__ = ["RS4Lexer"]

WORD = r"[^\W\d]\w*"
KEYWORDS = (
    "let", "fn", "if", "else", "for", "in", "while", "break", "continue", "match", "try", "catch", "raise", "return",
    "assert", "and", "or", "not",
)


class RS4Lexer(RegexLexer):
    """Tokens of an RS4 script; values inside strings are tokens of their own."""

    name = "RS4"
    aliases = ["rs4"]
    filenames = ["*.rs4"]
    mimetypes = ["text/x-rs4"]

    tokens = {
        "root": [include("code"), (r"[\])}]", Punctuation), (r"[\[({]", Punctuation)],
        "code": [
            (r"^([^\S\n]*)(# %%.*)$", bygroups(Whitespace, Comment.Special)),
            (r"^([^\S\n]*)(##.*)$", bygroups(Whitespace, Comment.Special)),
            (r"#.*$", Comment.Single),
            (r"\s+", Whitespace),
            (r'"""', String.Double, "lines"),
            (r'"', String.Double, "string"),
            (r"\b(fn)(\s+)(%s)" % WORD, bygroups(Keyword.Declaration, Whitespace, Name.Function)),
            (r"^([^\S\n]*)(record|model)(\s+)(%s)" % WORD, bygroups(Whitespace, Keyword.Type, Whitespace, Name.Class)),
            (r"^([^\S\n]*)(param)(\s+)(%s)" % WORD, bygroups(Whitespace, Keyword.Type, Whitespace, Name.Variable)),
            (r"^([^\S\n]*)(use)(\s+)(%s)" % WORD, bygroups(Whitespace, Keyword.Namespace, Whitespace, Name.Namespace)),
            (r'^([^\S\n]*)(use)(?=\s+")', bygroups(Whitespace, Keyword.Namespace)),
            (r"(?<!\.)\b(?:true|false|nil)\b(?!\s*:(?!:)\s)", Keyword.Constant),
            (r"(?<!\.)\b(?:%s)\b(?!\s*:)" % "|".join(KEYWORDS), Keyword),
            (r"0x[0-9A-Fa-f][0-9A-Fa-f_]*", Number.Hex),
            (r"0b[01][01_]*", Number.Bin),
            (r"\d[\d_]*(?:\.\d[\d_]*(?:[eE][+-]?\d[\d_]*)?|[eE][+-]?\d[\d_]*)", Number.Float),
            (r"\d[\d_]*", Number.Integer),
            (r"[A-Z]\w*", Name.Class),
            (r"%s(?=\s*:(?!:))" % WORD, Name.Attribute),
            (r"%s(?=\()" % WORD, Name.Function),
            (WORD, Name),
            (r"\|>|=>|->|\.\.<|\.\.\.|==|!=|<=|>=|\*\*|//|[-+*/%@=<>&|^!]", Operator),
            (r"[.,:;?]", Punctuation),
        ],
        "string": [
            include("inside"),
            (r'[^"\\{}\n]+', String.Double),
            (r'"', String.Double, "#pop"),
            (r"\n", Error, "#pop"),
        ],
        "lines": [
            include("inside"),
            (r'"""', String.Double, "#pop"),
            (r'[^"\\{}]+|"', String.Double),
        ],
        "inside": [
            (r"\\u\{[0-9A-Fa-f]+\}|\\.|\{\{|\}\}", String.Escape),
            (r"\{", String.Interpol, "value"),
            (r"\}", Error),
        ],
        "value": [
            (r"\}", String.Interpol, "#pop"),
            (r':[^}"{\n]*(?=\})', String.Interpol),
            (r"[\[({]", Punctuation, "group"),
            include("code"),
        ],
        "group": [
            (r"[\[({]", Punctuation, "#push"),
            (r"[\])}]", Punctuation, "#pop"),
            include("code"),
        ],
    }

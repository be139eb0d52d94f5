"""The two trees of the documentation as text: pages, headings, fences, tables, links, figures."""

import ast
import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

DOCS = Path(__file__).parents[1] / "docs"
HAN = re.compile(r"[\u3400-\u9fff]")
FENCE = re.compile(
    r"^ *(`{3,}|~{3,})(?P<info>[^\n]*)\n(?P<body>.*?)^ *\1 *$", re.MULTILINE | re.DOTALL
)
MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
SCALES = {
    **{"thousand million": 10**9, "thousand": 10**3, "million": 10**6, "billion": 10**9},
    **{
        "百万": 10**6,
        "千万": 10**7,
        "十亿": 10**9,
        "万亿": 10**12,
        "千": 10**3,
        "万": 10**4,
        "亿": 10**8,
    },
}
EXECUTED = ("bash", "sh", "python")


@dataclass(frozen=True)
class Page:
    """A page of one of the trees.

    Attributes
    ----------
    text : the whole page
    prose : what stands outside fences, lines as they are
    """

    text: str
    prose: str

    @property
    def levels(self) -> list[int]:
        """The level of each heading, in order."""
        return [len(each) for each in re.findall(r"^(#+) ", self.prose, re.MULTILINE)]

    @property
    def fences(self) -> list[tuple[str, str]]:
        """What each fence is of, and of what is run its code without comments."""
        return [
            (info, _code(info, each["body"]) if info in EXECUTED else _caption(each["body"]))
            for each in FENCE.finditer(self.text)
            for info in [each["info"].strip()]
        ]

    @property
    def tables(self) -> list[list[list[str]]]:
        """The cells of each table, row by row."""
        blocks = re.findall(r"(?:^\|.*\n?)+", self.prose, re.MULTILINE)
        return [[_cells(line) for line in block.splitlines()] for block in blocks]

    @property
    def links(self) -> list[str]:
        """Relative addresses of pages and files that it links to, without anchors."""
        found = re.findall(r"\]\((?!\w+:|#)([^)\s#]+)", self.prose)
        return [each for each in found if not each.startswith("<")]

    @property
    def paragraphs(self) -> list[str]:
        """Lines of text: no headings, tables, code, options of directives, labels or papers."""
        lines = [
            line for line in self.prose.splitlines() if not re.match(r" *(\||#|:|\()|    ", line)
        ]
        lines = [line for line in lines if not re.search(r"\((?:1[89]|20)\d\d[^)]*\)\. ", line)]
        plain = [re.sub(r"`[^`]*`|\]\([^)]*\)|<[^>]*>", " ", line) for line in lines]
        return [line for line in plain if line.strip()]


@cache
def page(language: str, name: str) -> Page:
    """Read a page by its name without suffix."""
    text = (DOCS / language / f"{name}.md").read_text(encoding="utf-8")
    return Page(text, FENCE.sub("", text))


def names(language: str) -> set[str]:
    """The names of all pages of a tree, without suffix; modules are made by the build."""
    tree = DOCS / language
    found = {path.relative_to(tree).with_suffix("").as_posix() for path in tree.rglob("*.md")}
    return {name for name in found if not name.startswith("reference/modules")}


def figures(table: list[list[str]]) -> Counter[Decimal]:
    """The numbers in a table: thousands, millions and 万, 亿 multiplied out, months as numbers."""
    text = " ".join(cell for row in table for cell in row)
    for number, month in enumerate(MONTHS, start=1):
        text = re.sub(rf"(?<=\d )\b{month}\b|\b{month}\b(?= \d)", str(number), text)
    text = re.sub(r"(?<=\d)[,\u2009\u202f](?=\d{3}(?!\d))", "", text)
    # The unit of a column, 亿元, has no figure in Chinese.
    text = re.sub(r"(?<=, )100 million (?=CNY|yuan)", "", text)
    found = re.findall(rf"(\d+(?:\.\d+)?)(?: ?({'|'.join(SCALES)}))?", text)
    return Counter((Decimal(number) * SCALES.get(scale, 1)).normalize() for number, scale in found)


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]


def _code(language: str, body: str) -> str:
    """Code without comments and without the language that it asks for."""
    if language == "python":
        code = ast.unparse(WithoutWords().visit(ast.parse(body)))
    else:
        code = re.sub(r"(^|\s)#.*$", "", body, flags=re.MULTILINE)
    code = re.sub(r"--lang (zh|en)", "--lang", code)
    code = re.sub(r"(--(?:region|industry|to|from|home|host|site)) \S+", r"\1", code)
    # Names and reasons are given in the language of the page.
    code = re.sub(r"\"[^\"]*[ \u3400-\u9fff][^\"]*\"", "...", code)
    return " ".join(code.split())


class WithoutWords(ast.NodeTransformer):
    """Takes from code the texts that it prints: what is filled in stays, names of columns too."""

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.expr:
        filled = [each for each in node.values if isinstance(each, ast.FormattedValue)]
        return ast.List(sorted(filled, key=ast.unparse), ast.Load())

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        if isinstance(node.value, str):
            plain = re.fullmatch(r"[a-z0-9_./%=+*-]*", node.value, re.ASCII)
            kept = re.sub(r"(?:^|_)(?:en|zh)$", "", node.value) if plain else ""
            return ast.Constant(kept)
        return node


def _caption(body: str) -> str:
    found = re.match(r":caption: (\S+)", body)
    return found[1] if found else ""

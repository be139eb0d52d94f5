"""Formulas of indicators over the tables of a study: a small language, read and never executed.

    100 * total(activity.output, macro_region=('Central', 'West')) / total(activity.output)

What may stand in a formula: numbers, `+ - * /`, brackets, other indicators by their codes, and

- `total(table.column, …)`: sum over cells of a table of figures by region and year;
- `number(table, …)`: rows in force in a year, of a table of rules;
- `herfindahl(table.column, over='region', …)`: Σ of squared shares, over regions or industries;
- `theil(table.column, table.column)`, `theil_between(…)`: Theil's T of the first per unit of the
  second over regions, and its part between macro-regions.

`indicators.gdp` is the indicator `gdp` of the table `indicators`. Cells are chosen by what tables
say of regions and industries: `region`, `macro_region`, `industry` and `intensive` (the class of
industries), each one value or several in brackets.
"""

import ast
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from yanzhen.study.problem import Words, nearest
from yanzhen.study.tables import TABLES, meanings
from yanzhen.study.words import words

FIGURES: Mapping[str, bool] = MappingProxyType(
    {"activity": True, "foreign_investment": True, "trade": True, "indicators": False}
)
"""Tables of figures by region and year, and whether they tell industries apart."""
IN_FORCE: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "policies": ("place", "from_year", "to_year"),
        "agreements": ("host", "from_year", "notice_year"),
    }
)
"""Tables of rules: where they hold, from when and until when."""
CHOICES = ("region", "macro_region", "industry", "intensive")
CALLS = ("total", "number", "herfindahl", "theil", "theil_between")
OPERATIONS: Mapping[type[ast.operator], Callable[..., object]] = MappingProxyType(
    {
        ast.Add: operator.add,
        ast.Sub: operator.sub,
        ast.Mult: operator.mul,
        ast.Div: operator.truediv,
    }
)
LONGEST, DEEPEST, LARGEST = 1_000, 40, 1e300


@dataclass(frozen=True)
class Number:
    """A number."""

    value: float


@dataclass(frozen=True)
class Other:
    """Another indicator."""

    indicator: str


@dataclass(frozen=True)
class Operation:
    """Two formulas joined by a sign, of the keys of `OPERATIONS`."""

    sign: type[ast.operator]
    left: "Formula"
    right: "Formula"


@dataclass(frozen=True)
class Call:
    """A function of figures.

    Attributes
    ----------
    function : of `CALLS`
    series : pairs of table and column, the column empty where rows are counted
    chosen : values of columns of regions and industries that the cells must have
    over : region or industry, of shares
    """

    function: str
    series: tuple[tuple[str, str], ...]
    chosen: tuple[tuple[str, tuple[str, ...]], ...]
    over: str = "region"


Formula = Number | Other | Operation | Call


class BadFormula(Exception):
    """A formula that cannot be read: what was found and what was expected."""

    def __init__(self, found: Words, expected: Words) -> None:
        super().__init__(found[0])
        self.found, self.expected = found, expected


def formula_of(text: str) -> Formula:
    """Read a formula.

    Raises
    ------
    BadFormula
        Where anything in it is not of the language.
    """
    if len(text) > LONGEST:
        raise _bad("too_long", count=len(text), most=LONGEST)
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise _bad("no_formula", text=text) from None
    return _read(tree, DEEPEST)


def series_of(formula: Formula) -> tuple[tuple[str, str], ...]:
    """Return the pairs of table and column that a formula itself names, each once."""
    if isinstance(formula, Operation):
        both = (*series_of(formula.left), *series_of(formula.right))
        return tuple(dict.fromkeys(both))
    return formula.series if isinstance(formula, Call) else ()


def others_of(formula: Formula) -> tuple[str, ...]:
    """Return the indicators that a formula itself names, each once."""
    if isinstance(formula, Operation):
        return tuple(dict.fromkeys((*others_of(formula.left), *others_of(formula.right))))
    return (formula.indicator,) if isinstance(formula, Other) else ()


def _read(node: ast.expr, depth: int) -> Formula:
    if not depth:
        raise _bad("too_deep", most=DEEPEST)
    value = node.value if isinstance(node, ast.Constant) else None
    if isinstance(value, int | float) and not isinstance(value, bool):
        # Digits of a whole number are not bounded; those of `inf` are none that are written.
        if abs(value) > LARGEST:
            raise _bad("too_large", most=f"{LARGEST:g}")
        return Number(float(value))
    if isinstance(node, ast.Name):
        return Other(node.id)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return Operation(ast.Sub, Number(0.0), _read(node.operand, depth - 1))
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATIONS:
        return Operation(type(node.op), _read(node.left, depth - 1), _read(node.right, depth - 1))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return _call(node.func.id, node)
    raise _bad("not_allowed", text=ast.unparse(node))


def _call(name: str, node: ast.Call) -> Call:
    if name not in CALLS:
        raise _bad("unknown_function", name=name, listed=", ".join(CALLS))
    wanted = 2 if name.startswith("theil") else 1
    if len(node.args) != wanted:
        raise _bad("arguments", name=name, count=len(node.args), wanted=wanted)
    series = tuple(_rows(each) if name == "number" else _column(each) for each in node.args)
    said = {each.arg or "**": _values(each.value) for each in node.keywords}
    over = said.pop("over", ("region",)) if name == "herfindahl" else ("region",)
    if over not in (("region",), ("industry",)):
        raise _bad("over", text=", ".join(over))
    by_industry = all(FIGURES.get(table, False) for table, _ in series)
    allowed = CHOICES if by_industry else CHOICES[:2]
    for key in said:
        if key not in allowed:
            raise _bad("unknown_choice", name=key, listed=", ".join(allowed))
    if over == ("industry",) and not by_industry:
        raise _bad("over", text="industry")
    return Call(name, series, tuple(sorted(said.items())), over[0])


def _rows(node: ast.expr) -> tuple[str, str]:
    table = node.id if isinstance(node, ast.Name) else ast.unparse(node)
    if table not in IN_FORCE:
        raise _bad("not_counted", text=table, listed=", ".join(IN_FORCE))
    return table, ""


def _column(node: ast.expr) -> tuple[str, str]:
    if not (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)):
        raise _bad("no_column", text=ast.unparse(node))
    table, column = node.value.id, node.attr
    if table not in FIGURES:
        close = nearest(table, FIGURES) if table not in TABLES else None
        raise _bad("unknown_table", name=table, listed=close or ", ".join(FIGURES))
    if table == "indicators":
        return table, column
    known = [name for name, said in meanings(table).items() if said.kind == "amount"]
    if column not in known:
        listed = nearest(column, known) or ", ".join(known)
        raise _bad("unknown_column", name=f"{table}.{column}", listed=listed)
    return table, column


def _values(node: ast.expr) -> tuple[str, ...]:
    each = node.elts if isinstance(node, ast.Tuple | ast.List) else [node]
    values = [one.value for one in each if isinstance(one, ast.Constant)]
    texts = tuple(value for value in values if isinstance(value, str))
    if len(texts) != len(each) or not texts:
        raise _bad("no_text", text=ast.unparse(node))
    return texts


def _bad(key: str, **values: object) -> BadFormula:
    return BadFormula(
        words(f"formula.{key}.found", **values), words(f"formula.{key}.expected", **values)
    )

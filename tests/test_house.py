"""The house as a whole: style, types, one direction of imports, the wheel, the locks, the docs."""

import ast
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from functools import cache
from importlib.metadata import distribution, version
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[1]
PACKAGE = REPOSITORY / "src" / "yanzhen"
ROOMS = [
    *("collecting", "phrasebook"),
    *("study", "accounts", "advantage", "market", "history", "modes"),
    *("finance", "effects", "goals", "report", "pipeline", "store", "exchange"),
]
SUB_ROOMS = {
    "market": ["problem", "equilibrium", "large", "counterfactuals", "plan"],
    "report": ["text", "tables", "findings", "figures", "document", "analyses"],
    "store": [
        *("database", "audit", "people", "outbox", "ownership"),
        *("jobs", "answers", "backup"),
    ],
    "exchange": [
        *("files", "listings", "docking", "deals", "settlement", "statistics"),
        *("notices", "demonstration"),
    ],
    "modes/chain": ["network", "docking"],
    "modes/coconstruction": ["contract", "settlement", "gains", "surveys"],
    "modes/technology": ["text", "search", "matching"],
}
"""The rooms in a room, each importing only from those before it."""
DOORS = ("notebook", "client", "cli", "api", "web", "__main__")
LOCKS = sorted((REPOSITORY / "locks").glob("*.txt"))
MODULES = sorted(PACKAGE.rglob("*.py"))
TESTS = sorted((REPOSITORY / "tests").rglob("*.py"))


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *command], cwd=REPOSITORY, capture_output=True, text=True
    )


def test_ruff_finds_nothing() -> None:
    checked = run("ruff", "check", "--no-cache", ".")
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_ruff_would_format_nothing_anew() -> None:
    checked = run("ruff", "format", "--no-cache", "--check", ".")
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_citation_names_this_version() -> None:
    citation = (REPOSITORY / "CITATION.cff").read_text(encoding="utf-8")
    assert f"version: {version('yanzhen')}" in citation.splitlines()


def test_mypy_strict_finds_nothing() -> None:
    checked = run("mypy")
    assert checked.returncode == 0, checked.stdout + checked.stderr


def room_of(module: Path) -> str:
    return module.relative_to(PACKAGE).with_suffix("").parts[0]


def rooms_imported_by(module: Path) -> set[str]:
    return {name.split(".")[1] for name in imported_by(module)}


@cache
def parsed(module: Path) -> ast.Module:
    return ast.parse(module.read_text(encoding="utf-8"))


@cache
def imported_by(module: Path) -> frozenset[str]:
    """What a module imports of the package, with the names it takes, dotted."""
    imported: set[str] = set()
    for node in ast.walk(parsed(module)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: relative import"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        imported |= {name for name in names if name.startswith("yanzhen.")}
    return frozenset(imported)


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_imports_only_from_rooms_before_its_own(module: Path) -> None:
    room = room_of(module)
    imported = rooms_imported_by(module) - {room, "__version__"}
    if room in DOORS:
        allowed = {*ROOMS, *DOORS}
    elif room == "__init__":
        allowed = {*ROOMS, "notebook"}
    else:
        allowed = set(ROOMS[: ROOMS.index(room)])
    assert imported <= allowed


@pytest.mark.parametrize("room", SUB_ROOMS)
def test_the_rooms_in_a_room_are_those_named(room: str) -> None:
    folders = {
        path.name for path in (PACKAGE / room).iterdir() if any(path.glob("*.py")) and path.is_dir()
    }
    assert folders == set(SUB_ROOMS[room])
    assert [path.name for path in (PACKAGE / room).glob("*.py")] == ["__init__.py"]


@pytest.mark.parametrize("room", SUB_ROOMS)
def test_a_room_in_a_room_imports_only_from_those_before_it(room: str) -> None:
    order, within = SUB_ROOMS[room], f"yanzhen.{room.replace('/', '.')}."
    against = {
        str(module.relative_to(PACKAGE)): name
        for place, sub_room in enumerate(order)
        for module in (PACKAGE / room / sub_room).rglob("*.py")
        for name in imported_by(module)
        if name.startswith(within)
        and name.removeprefix(within).split(".")[0] not in order[: place + 1]
    }
    assert against == {}


def test_no_module_is_longer_than_400_lines() -> None:
    lengths = {
        str(module.relative_to(REPOSITORY)): len(module.read_text(encoding="utf-8").splitlines())
        for module in (*MODULES, *TESTS)
    }
    assert {module: length for module, length in lengths.items() if length > 400} == {}


@cache
def functions() -> tuple[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef, tuple[str, ...]], ...]:
    """Functions, nested ones too: the module, the function, the lines above it."""
    found = []
    for module in MODULES:
        text = module.read_text(encoding="utf-8")
        lines = text.splitlines()
        for node in ast.walk(parsed(module)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
                above = tuple(line.strip() for line in lines[max(0, first - 3) : first - 1])
                found.append((str(module.relative_to(PACKAGE)), node, above))
    return tuple(found)


def functions_without(comment: str) -> list[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Functions without a line above them that begins so, and their modules."""
    return [
        (module, function)
        for module, function, above in functions()
        if not any(line.startswith(comment) for line in above)
    ]


def test_a_function_of_over_60_lines_says_why_it_stays_whole() -> None:
    assert [
        (module, function.name)
        for module, function in functions_without("# Kept whole: ")
        if (function.end_lineno or 0) - function.lineno >= 60
    ] == []


def test_a_signature_of_over_8_parameters_says_why_it_stays_wide() -> None:
    """Commands excepted, whose parameters are their options."""
    silent = []
    for module, function in functions_without("# Kept wide: "):
        given = function.args
        every = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
        command = module.startswith("cli/") and not function.name.startswith("_")
        if len([each for each in every if each is not None]) > 8 and not command:
            silent.append((module, function.name))
    assert silent == []


def test_the_package_tells_type_checkers_that_it_is_typed() -> None:
    assert (PACKAGE / "py.typed").is_file()


def requirements(lock: Path) -> list[str]:
    """The lock's requirements, each with its continuation lines joined."""
    joined = lock.read_text(encoding="utf-8").replace("\\\n", " ")
    return [line for line in joined.splitlines() if line.strip()]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_locked_requirement_is_pinned_and_hashed(lock: Path) -> None:
    assert requirements(lock)
    for requirement in requirements(lock):
        assert re.match(r"[a-z0-9][a-z0-9._-]*==\S+", requirement), requirement
        assert "--hash=sha256:" in requirement, requirement


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_no_lock_names_a_host_or_a_path(lock: Path) -> None:
    assert re.search(r"://|^-|\B/\w", lock.read_text(encoding="utf-8"), re.MULTILINE) is None


def test_the_locks_hold_every_declared_dependency() -> None:
    declared = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = {re.split(r"[>=\[]", name)[0] for name in declared["project"]["dependencies"]}
    for lock in LOCKS:
        assert wanted <= {requirement.split("==")[0] for requirement in requirements(lock)}


def test_the_lock_files_are_there() -> None:
    assert [lock.name for lock in LOCKS] == ["demo.txt", "oldest.txt", "test.txt"]


def test_the_imported_package_is_the_built_wheel() -> None:
    wheel = os.environ.get("YANZHEN_TESTED_WHEEL")
    if wheel is None:
        pytest.skip("only `make test` builds a wheel and tests it; this run tests the source tree")
    import yanzhen

    imported = Path(yanzhen.__file__).parent
    assert PACKAGE not in (imported, *imported.parents)
    with zipfile.ZipFile(REPOSITORY / wheel) as built:
        shipped = [name for name in built.namelist() if name.startswith("yanzhen/")]
        assert shipped
        for name in shipped:
            assert (imported.parent / name).read_bytes() == built.read(name), name


def test_the_installed_package_holds_every_file_of_the_source_tree() -> None:
    """Data files are forgotten by wheels more easily than modules."""
    import yanzhen

    made = ("__pycache__", ".DS_Store")
    source = {
        path.relative_to(PACKAGE)
        for path in PACKAGE.rglob("*")
        if path.is_file() and not any(part in made for part in path.parts)
    }
    imported = Path(yanzhen.__file__).parent
    assert {str(path) for path in source if not (imported / path).is_file()} == set()


def test_the_command_is_installed() -> None:
    commands = distribution("yanzhen").entry_points.select(group="console_scripts")
    assert {command.name: command.value for command in commands} == {"yanzhen": "yanzhen.cli:main"}


def test_the_way_without_make_takes_what_the_makefile_takes() -> None:
    """Steps that people copy: each option of pip and each lock as the Makefile has them."""
    page = (REPOSITORY / "docs/en/how-to/install.md").read_text(encoding="utf-8")
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    for step in (
        "-m pip install --no-deps --require-hashes -r locks/demo.txt",
        "-m pip install --no-deps --no-build-isolation --editable .",
    ):
        assert step in page
        assert step.replace("/", "\\") in page
        written = step.replace("install", "install -qq").replace("demo.txt", "$*.txt")
        assert written in makefile


def test_readme_names_the_two_commands_that_make_knows() -> None:
    readme = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    for target in ("demo", "test"):
        assert f"make {target}" in readme
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)

"""`yanzhen exchange`: listings from files and studies, and the nightly clearing over them."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from yanzhen.cli.deals import deals
from yanzhen.cli.language import COMMANDS, Language, help_of, language_of, word
from yanzhen.cli.naming import require_study
from yanzhen.cli.options import AsJson, Spoken, StudyName
from yanzhen.cli.outcome import FAILED, WRONG_INPUT, honest_exit, reject
from yanzhen.cli.people_options import opened_store
from yanzhen.cli.published_statistics import statistics
from yanzhen.cli.screen import print_json, progress, refuse, stdout, working
from yanzhen.cli.settle import settle
from yanzhen.cli.store_options import DatabaseUrl, StoreFolder, folder_and_address, reached

if TYPE_CHECKING:
    from yanzhen.api.exchange_answers import ClearingSummary
    from yanzhen.exchange.listings.from_study import NotListed
    from yanzhen.exchange.listings.kinds import Content, Kind
    from yanzhen.store.database.connection import Database
    from yanzhen.store.people.viewer import Viewer

YEAR = 365
AT_ONCE = 200
NAMED = 10
"""Codes that are named of rows that cannot be listed."""
exchange = typer.Typer(
    name="exchange",
    help="\n".join(COMMANDS.words("help.exchange")),
    no_args_is_help=True,
    rich_markup_mode="rich",
)
exchange.add_typer(deals)
exchange.command()(settle)
exchange.command()(statistics)
Login = Annotated[
    str,
    typer.Option("--login", metavar="LOGIN", show_default="local", help=help_of("listing_login")),
]
KindName = Annotated[
    str, typer.Option("--kind", metavar="KIND", show_default=False, help=help_of("listing_kind"))
]


@exchange.command("import")
def import_listings(
    source: Annotated[
        str, typer.Argument(metavar="FILE|STUDY", show_default=False, help=help_of("listing_file"))
    ],
    kind: KindName,
    login: Login = "",
    days: Annotated[int, typer.Option(min=1, metavar="N", help=help_of("listing_days"))] = YEAR,
    store: StoreFolder = None,
    database: DatabaseUrl = None,
    lang: Spoken = None,
    as_json: AsJson = False,
) -> None:
    """Make listings of a CSV file, or of a study's table; drafts, until an administrator publishes.
    由 CSV 文件或研究的表建立条目；均为草稿，经管理员审核后发布。
    """
    from yanzhen.exchange.listings.kinds import KINDS

    language = lang or language_of()
    if kind not in KINDS:
        reject(word(language, "no_listing_kind", kind=kind, listed=", ".join(KINDS)))
    with honest_exit(language, as_json), opened_store(store, database, language) as opened:
        from yanzhen.exchange.listings.keeping import make_listings

        viewer = _viewer(opened, login)
        contents, left_out = _contents(source, kind, days, language)
        made = make_listings(opened, viewer, contents) if contents else ()
    if as_json:
        said = [{"code": each.code, "why": each.why[language == "zh"]} for each in left_out]
        print_json({"listings": list(made), "left_out": said})
        return
    stdout().print(word(language, "listings_made", count=len(made)), soft_wrap=True)
    if left_out:
        _say_left_out(left_out, language)


def _say_left_out(left_out: "Sequence[NotListed]", language: Language) -> None:
    """Say how many rows of a study cannot be listed, and which for each reason."""
    stdout().print(word(language, "rows_not_listed", count=len(left_out)), soft_wrap=True)
    reasons: dict[str, list[str]] = {}
    for each in left_out:
        reasons.setdefault(each.why[language == "zh"], []).append(each.code)
    for why, codes in reasons.items():
        named = ", ".join(codes[:NAMED]) + (" …" if len(codes) > NAMED else "")
        said = word(language, "not_listed_for", count=len(codes), why=why, codes=named)
        stdout().print(said, soft_wrap=True, markup=False)


@exchange.command()
def clear(
    study: StudyName,
    store: StoreFolder = None,
    database: DatabaseUrl = None,
    lang: Spoken = None,
    as_json: AsJson = False,
) -> None:
    """Clear the market over what is listed: indicative prices and shortlists, for cron or systemd.
    就全部在册条目撮合出清，得出参考价格与候选名单；可由 cron 或 systemd 每晚运行。

    The study is the one that the server is started with, whose payoffs and parameters hold.

    研究须与服务端启动时所用的相同，收益与参数以其为准。
    """
    language = lang or language_of()
    require_study(study, language)
    folder, address = folder_and_address(store, database)
    with honest_exit(language, as_json), reached(language):
        from yanzhen.exchange.docking.clearing import NothingToClear

        try:
            with progress(language, not as_json) as shown:
                summary = cleared(folder, address, study, shown)
        except NothingToClear:
            refuse(word(language, "nothing_listed"))
            raise typer.Exit(WRONG_INPUT) from None
    if as_json:
        print_json(asdict(summary))
    else:
        projects = word(language, "few_projects")
        if summary.projects is not None:
            projects = word(language, "many_projects", count=f"{summary.projects:,}")
        counts = {"sites": f"{summary.sites:,}", "projects": projects}
        stdout().print(word(language, "exchange_cleared", **counts), soft_wrap=True)
        if summary.status == "synthetic":
            stdout().print(word(language, "cleared_synthetic"), soft_wrap=True)
    if not summary.passed:
        raise typer.Exit(FAILED)


def cleared(
    folder: Path, address: str, study: str, tell: "Callable[[str, float], None]"
) -> "ClearingSummary":
    """Clear the market over what a store lists; return what was cleared.

    Raises
    ------
    yanzhen.exchange.docking.clearing.NothingToClear
        No site or no project is listed that the market can take.
    """
    from yanzhen.api.exchange_clearing import make_clearing
    from yanzhen.api.versions import publish
    from yanzhen.api.workbench import Workbench

    bench = Workbench(folder, [study], address, slots=0)
    try:
        known = bench.studies.of_all
        url = bench.database.url.render_as_string(hide_password=False)
        server = {"folder": str(folder), "database": url}
        subject = {"study": known.key, "source": known.source}
        publish(make_clearing(server, folder, subject, tell))
        return bench.exchange.summary()
    finally:
        bench.close()


@exchange.command("list")
def list_all(
    login: Login = "",
    store: StoreFolder = None,
    database: DatabaseUrl = None,
    lang: Spoken = None,
    as_json: AsJson = False,
) -> None:
    """List what a person sees: what others publish, and all of the own organisation.
    列出某人可见的条目：他人已发布的，及本单位的全部条目。
    """
    from rich.table import Table
    from rich.text import Text

    language = lang or language_of()
    with honest_exit(language, as_json), opened_store(store, database, language) as opened:
        from yanzhen.exchange.listings.searching import Listing, Sought, list_listings

        viewer = _viewer(opened, login)
        found: list[Listing] = []
        after: str | None = None
        while True:
            page = list_listings(opened, viewer, Sought(), after, AT_ONCE)
            found += page.listings
            after = page.after
            if after is None:
                break
    if as_json:
        print_json([asdict(each) for each in found])
        return
    table = Table(header_style="bold")
    for key in ("listing", "kind", "name", "organisation", "state", "status", "stale"):
        table.add_column(word(language, f"heading.{key}"), overflow="fold")
    for each in found:
        state = word(language, f"listing_state.{each.state}")
        kind = word(language, f"listing_kind.{each.kind}")
        figures = word(language, f"listing_status.{each.content.status}")
        said = (each.content.name, each.organisation_name, state, figures)
        cells = (*said, each.stale_since or "")
        table.add_row(*(Text(cell) for cell in (each.id, kind, *cells)))
    stdout().print(table)


def _contents(
    source: str, kind: "Kind", days: int, language: Language
) -> "tuple[Sequence[Content], Sequence[NotListed]]":
    """Read listings of a file that ends in .csv, otherwise of a study, and what it cannot list."""
    from yanzhen.exchange.listings.freshness import today
    from yanzhen.exchange.listings.from_csv import listings_from_csv
    from yanzhen.exchange.listings.from_study import FROM, listings_from_study
    from yanzhen.study import read_study

    path = Path(source)
    if path.suffix.casefold() == ".csv":
        return listings_from_csv(kind, path.read_bytes(), path.name), ()
    require_study(source, language)
    if kind not in FROM:
        reject(word(language, "no_listing_kind", kind=kind, listed=", ".join(FROM)))
    expires = (today() + timedelta(days)).isoformat()
    with working(word(language, "reading")):
        found = listings_from_study(read_study(source), kind, expires)
    return found.listed, found.left_out


def _viewer(opened: "Database", login: str) -> "Viewer":
    from yanzhen.store.people.persons import person_with_login
    from yanzhen.store.people.viewer import LOCAL, Viewer

    if not login:
        return LOCAL
    person = person_with_login(opened, login)
    return Viewer(person.id, person.organisation, person.role)

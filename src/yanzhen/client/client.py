"""Everything that a server can be asked, by name."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

import polars as pl

from yanzhen.client.agreements import Agreements
from yanzhen.client.answers import (
    Change,
    Job,
    Person,
    Picture,
    Project,
    Scenario,
    Study,
    Table,
    Token,
    read,
    table_of,
)
from yanzhen.client.deals import Deals
from yanzhen.client.exchange import Exchange
from yanzhen.client.failures import JobFailed
from yanzhen.client.following import follow
from yanzhen.client.notices import Notices
from yanzhen.client.sending import Sending
from yanzhen.client.statistics import Statistics

Lang = Literal["zh", "en"]


class Client(Sending):
    """A server of Yanzhen; closes its connections as a context manager.

    Results are named as in addresses: `plans`, `diagnoses`, `chains`, `effects`, `comparisons` …;
    what they are of follows: the study, and the scenarios or the kind of partner where the address
    has them. See `Sending` for the parameters.
    """

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @cached_property
    def deals(self) -> Deals:
        """What can be asked about deals."""
        return Deals(self)

    @cached_property
    def exchange(self) -> Exchange:
        """What can be asked about listings and introductions."""
        return Exchange(self)

    @cached_property
    def agreements(self) -> Agreements:
        """What can be asked about agreements and their statements."""
        return Agreements(self)

    @cached_property
    def notices(self) -> Notices:
        """What can be asked about notices."""
        return Notices(self)

    @cached_property
    def statistics(self) -> Statistics:
        """What can be asked about published statistics."""
        return Statistics(self)

    def health(self) -> dict[str, Any]:
        """Return whether the server can work."""
        return self._json("GET", "/health")

    # Studies

    def studies(self) -> list[Study]:
        """Return the studies."""
        return [read(Study, each) for each in self.pages("/studies")]

    def study(self, study: str) -> dict[str, Any]:
        """Return what a study says about itself, and the rows of its tables."""
        return self._json("GET", f"/studies/{study}")

    def problems(self, study: str) -> list[dict[str, Any]]:
        """Return what is wrong with a study, and what it warns of."""
        return self._rows("GET", f"/studies/{study}/problems")

    def upload(self, path: Path) -> str:
        """Upload a study, XLSX or ZIP; return its key."""
        return str(self._sent("/studies", path)["study"])

    def replace_table(self, study: str, table: str, path: Path) -> str:
        """Make a new study with another table; return its key."""
        return str(self._sent(f"/studies/{study}/tables/{table}", path)["study"])

    def files(self, study: str) -> bytes:
        """Return the files of a study as a ZIP archive."""
        return self.ask("GET", f"/studies/{study}/files").content

    def template(self) -> bytes:
        """Return an empty workbook to fill in."""
        return self.ask("GET", "/template").content

    # Imports

    def take_files(self, paths: Iterable[Path], into: str = "") -> str:
        """Begin an import of files as they are; return its name."""
        files = [("files", (path.name, path.read_bytes())) for path in paths]
        answer = self.ask("POST", "/imports", files=files, form={"into": into})
        return str(answer.json()["import"])

    def understood(self, name: str, lang: Lang = "zh") -> dict[str, Any]:
        """Return what was understood of an import, and what is asked."""
        return self._json("GET", f"/imports/{name}", {"lang": lang})

    def answer_import(self, name: str, answers: Mapping[str, Mapping[str, str]]) -> str:
        """Answer what an import asks; return the name of the import with the answers."""
        body = {"answers": {section: dict(said) for section, said in answers.items()}}
        return str(self._json("POST", f"/imports/{name}/answers", body=body)["import"])

    def mapping(self, name: str) -> str:
        """Return what is decided of an import, as TOML."""
        return self.ask("GET", f"/imports/{name}/mapping").text

    def make_study(self, name: str) -> str:
        """Make the study of an import; return its key."""
        return str(self._json("POST", f"/imports/{name}/study")["study"])

    # Results

    def plan(self, study: str) -> dict[str, Any]:
        """Return the headline figures of a plan."""
        return self._json("GET", f"/plans/{study}")

    def plan_tables(self, study: str, lang: Lang = "zh") -> list[dict[str, Any]]:
        """Return the names of a plan's tables."""
        return self._rows("GET", f"/plans/{study}/tables", {"lang": lang})

    def findings(self, result: str, *of: str, lang: Lang = "zh", **asked: Any) -> list[str]:
        """Return what was found, in sentences."""
        return self._rows("GET", _path(result, of, "findings"), {"lang": lang, **asked})

    def table(self, result: str, *of: str, table: str, lang: Lang = "zh", **asked: Any) -> Table:
        """Return a table with all its rows."""
        path = _path(result, of, f"tables/{table}")
        return table_of(list(self.raw_pages(path, {"lang": lang, **asked})))

    def figure(
        self, result: str, *of: str, figure: str, lang: Lang = "zh", **asked: Any
    ) -> Picture:
        """Return a picture."""
        path = _path(result, of, f"figures/{figure}")
        return read(Picture, self._json("GET", path, {"lang": lang, **asked}))

    def report(self, result: str, *of: str, lang: Lang = "zh", **asked: Any) -> bytes:
        """Return a report as a file; `form` is html, xlsx or docx."""
        return self.ask("GET", _path(result, of, "report"), {"lang": lang, **asked}).content

    def for_role(self, study: str, role: str, lang: Lang = "zh", **who: str) -> dict[str, Any]:
        """Return what a plan says to one reader."""
        return self._json("GET", f"/plans/{study}/roles/{role}", {"lang": lang, **who})

    def map_for_role(self, study: str, role: str, lang: Lang = "zh", **who: str) -> Picture:
        """Return the map of one reader."""
        path = f"/plans/{study}/roles/{role}/map"
        return read(Picture, self._json("GET", path, {"lang": lang, **who}))

    def rank_sites(
        self, study: str, industry: str, origin: str, needs: Mapping[str, float] | None = None
    ) -> pl.DataFrame:
        """Return every site ranked for an enterprise."""
        body = {"industry": industry, "origin": origin, "needs": dict(needs or {})}
        return _frame(self._rows("POST", f"/plans/{study}/rankings", body=body))

    def best_sites(self, study: str, path: Path, lang: Lang = "zh") -> pl.DataFrame:
        """Return where each enterprise of a list, CSV or XLSX, would best go."""
        name = self._sent(f"/plans/{study}/enterprises", path)["list"]
        return _frame(self._rows("GET", f"/plans/{study}/enterprises/{name}", {"lang": lang}))

    def scenarios(self, study: str) -> list[Scenario]:
        """Return the scenarios that can be set beside a plan."""
        return [read(Scenario, each) for each in self.pages(f"/scenarios/{study}")]

    def remove_scenario(self, study: str, scenario: str) -> None:
        """Delete a scenario of a study's own."""
        self.ask("DELETE", f"/scenarios/{study}/{scenario}")

    # Contracts, verdicts

    def schemes(self) -> list[dict[str, Any]]:
        """Return the schemes of benefit sharing."""
        return self._rows("GET", "/contracts")

    def settle(self, settlement: Mapping[str, Any]) -> dict[str, pl.DataFrame]:
        """Settle projects under schemes; return totals, yearly, unrecorded and ledger."""
        said = self._json("POST", "/contracts/settlements", body=dict(settlement))
        return {name: _frame(rows) for name, rows in said.items() if isinstance(rows, list)}

    def appraise(self, study: str, home: str, host: str, **asked: Any) -> dict[str, Any]:
        """Return what terms are worth to two places."""
        query = {"home": home, "host": host, **asked}
        return self._json("GET", f"/contracts/{study}/appraisal", query)

    def terms(self, study: str, home: str, host: str, **asked: Any) -> str:
        """Return terms as TOML."""
        query = {"home": home, "host": host, **asked}
        return self.ask("GET", f"/contracts/{study}/terms", query).text

    def verdicts(self, study: str) -> pl.DataFrame:
        """Return what readers said of matches."""
        return _frame(list(self.pages(f"/technologies/{study}/verdicts")))

    def judge(
        self, study: str, achievement: str, partner: str, verdict: str, reason: str = ""
    ) -> dict[str, Any]:
        """Keep a verdict, accept or reject, on a match."""
        pair = {"achievement": achievement, "partner": partner}
        body = {**pair, "verdict": verdict, "reason": reason}
        return self._json("POST", f"/technologies/{study}/verdicts", body=body)

    # Jobs

    def start(self, kind: str, study: str, **asked: Any) -> Job:
        """Start long work: plan, comparison (with `scenarios`), technology, or an analysis."""
        body = {"kind": kind, "study": study, **asked}
        return read(Job, self._json("POST", "/jobs", body=body))

    def jobs(self) -> Iterator[Job]:
        """Give the jobs of one's organisation, the newest first."""
        return (read(Job, each) for each in self.pages("/jobs"))

    def job(self, name: str) -> Job:
        """Return a job as it stands."""
        return read(Job, self._json("GET", f"/jobs/{name}"))

    def cancel(self, name: str) -> Job:
        """Cancel a job."""
        return read(Job, self._json("DELETE", f"/jobs/{name}"))

    def follow(self, name: str) -> Iterator[Job]:
        """Give a job whenever there is news of it, until it has ended."""
        return follow(self, name)

    def wait(self, name: str, tell: Callable[[Job], None] | None = None) -> Job:
        """Wait until a job is done; `tell` is called with each news of it.

        Raises
        ------
        JobFailed
            It failed or was cancelled.
        """
        for job in self.follow(name):
            if tell is not None:
                tell(job)
        ended = self.job(name)
        if ended.state != "done":
            raise JobFailed(ended)
        return ended

    # Projects, people, the record of changes

    def projects(self, holding: str = "", state: str | None = None) -> Iterator[Project]:
        """Give projects, the newest first, that hold parts of words, or are in a state."""
        query = {"holding": holding, "state": state}
        return (read(Project, each) for each in self.pages("/projects", query))

    def project(self, project: str) -> Project:
        """Return a project."""
        return read(Project, self._json("GET", f"/projects/{project}"))

    def add_projects(self, projects: Iterable[Mapping[str, Any]]) -> list[str]:
        """Add projects, all or none; return their identities."""
        body = {"projects": [dict(each) for each in projects]}
        return list(self._json("POST", "/projects", body=body)["projects"])

    def transitions(self, project: str) -> pl.DataFrame:
        """Return the states that a project entered."""
        return _frame(self._rows("GET", f"/projects/{project}/transitions"))

    def enter_state(self, project: str, state: str, on: str) -> Project:
        """Let a project enter a state on a day."""
        body = {"state": state, "on": on}
        return read(Project, self._json("POST", f"/projects/{project}/transitions", body=body))

    def people(self) -> list[Person]:
        """Return the persons of one's organisation."""
        return [read(Person, each) for each in self.pages("/people")]

    def person(self, person: str) -> Person:
        """Return a person."""
        return read(Person, self._json("GET", f"/people/{person}"))

    def add_person(self, login: str, role: str, name: str = "") -> Person:
        """Make a person; the password is told this once."""
        body = {"login": login, "role": role, "name": name}
        return read(Person, self._json("POST", "/people", body=body))

    def change_role(self, person: str, role: str) -> Person:
        """Give a person another role."""
        return read(Person, self._json("PATCH", f"/people/{person}", body={"role": role}))

    def disable_person(self, person: str) -> None:
        """Let a person log in no more."""
        self.ask("DELETE", f"/people/{person}")

    def enable_person(self, person: str) -> None:
        """Let a person log in again."""
        self.ask("POST", f"/people/{person}/enabled")

    def renew_password(self, person: str) -> str:
        """Give a person a new password; it is told this once."""
        return str(self._json("POST", f"/people/{person}/password")["password"])

    def drop_second_factor(self, person: str) -> None:
        """Take a second factor off a person who has lost it."""
        self.ask("DELETE", f"/people/{person}/second-factor")

    def tokens(self) -> list[Token]:
        """Return one's own tokens, the newest first."""
        return [read(Token, each) for each in self.pages("/tokens")]

    def make_token(self, name: str, scopes: Iterable[str], days: int = 90) -> Token:
        """Make a token for oneself; it is told this once."""
        body = {"name": name, "scopes": list(scopes), "days": days}
        return read(Token, self._json("POST", "/tokens", body=body))

    def revoke_token(self, token: str) -> None:
        """Revoke a token of one's own, by its `id`."""
        self.ask("DELETE", f"/tokens/{token}")

    def changes(self) -> Iterator[Change]:
        """Give what was changed in one's organisation, the newest first."""
        return (read(Change, each) for each in self.pages("/audit"))

    def verify_changes(self) -> bool:
        """Return whether the record of changes holds."""
        return bool(self._json("GET", "/audit/verification")["holds"])

    def _json(
        self, method: str, path: str, query: Mapping[str, Any] | None = None, body: Any = None
    ) -> dict[str, Any]:
        said: dict[str, Any] = self.ask(method, path, query, body).json()
        return said

    def _rows(
        self, method: str, path: str, query: Mapping[str, Any] | None = None, body: Any = None
    ) -> list[Any]:
        rows: list[Any] = self.ask(method, path, query, body).json()
        return rows

    def _sent(self, path: str, file: Path) -> dict[str, Any]:
        files = {"file": (file.name, file.read_bytes())}
        said: dict[str, Any] = self.ask("POST", path, files=files).json()
        return said


def _path(result: str, of: tuple[str, ...], last: str) -> str:
    return "/" + "/".join([result, *(quote(each, safe=",") for each in of), last])


def _frame(rows: list[dict[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame(rows, infer_schema_length=None)

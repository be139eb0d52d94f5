"""Readers of the exchange, and of what this software itself wrote before."""

import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.fuzzing.reader import Reader, in_file, named, of_text
from yanzhen.accounts.readers import read_ceads
from yanzhen.api.pagination import key_of
from yanzhen.api.problem_details import Refusal
from yanzhen.cli.naming import study_of
from yanzhen.exchange.files.kinds import Refused, kind_of, plain_name
from yanzhen.exchange.listings.from_csv import listings_from_csv
from yanzhen.exchange.notices.mail import WrongSettings as WrongMail
from yanzhen.exchange.notices.mail import read_mail_settings
from yanzhen.exchange.statistics.earlier import read_version
from yanzhen.exchange.statistics.reading import (
    declared_tables,
    read_contributions,
    read_hierarchy,
)
from yanzhen.goals.vintages import read_vintage
from yanzhen.market.counterfactuals.scenario import read_scenario
from yanzhen.market.large.nation import NotANation, read_about
from yanzhen.store.backup.reading import NotABackup, check_backup, read_manifest
from yanzhen.study import StudyError
from yanzhen.study.unreadable import Unreadable, reading_file
from yanzhen.web.openid import WrongSettings as WrongProvider
from yanzhen.web.openid import read_provider

KINDS = ("site", "project", "achievement", "fund", "product")


def _statistics(content: bytes, folder: Path) -> object:
    """A hierarchy, or contributions to it: the first byte says which."""
    which, rest = content[:1], content[1:]
    hierarchy = read_hierarchy(named("region.csv", _HIERARCHY if which == b"c" else rest, folder))
    of = {"region": hierarchy}
    given = rest if which == b"c" else b"enterprise,value,region\na,1,11\n"
    return read_contributions(named("given.csv", given, folder), of)


_HIERARCHY = b"code,parent,zh,en\nall,,\xe5\x85\xa8\xe9\x83\xa8,All\n11,all,,\n12,all,,\n"


def _tables(content: bytes, folder: Path) -> object:
    hierarchy = read_hierarchy(named("region.csv", _HIERARCHY, folder))
    return declared_tables({"region": hierarchy}, named("tables.toml", content, folder))


def _earlier(content: bytes, folder: Path) -> object:
    """A publication's folder, packed."""
    hierarchy = read_hierarchy(named("region.csv", _HIERARCHY, folder))
    given = named("given.csv", b"enterprise,value,region\na,1,11\n", folder)
    return read_version(_unpacked(content, folder), given, {"region": hierarchy})


def _unpacked(content: bytes, folder: Path) -> Path:
    """The files of an archive; what is none is a file that should not be there."""
    place = folder / "packed"
    place.mkdir()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for number, entry in enumerate(archive.infolist()[:20]):
                name = Path(entry.filename.replace("\0", "")).name or f"{number}"
                (place / "tables").mkdir(exist_ok=True)
                for into in (place, place / "tables"):
                    (into / name[:100]).write_bytes(archive.read(entry)[:1_000_000])
    except Exception:  # the archive is not what is tried here
        (place / "odd").write_bytes(content)
    return place


def _backup(content: bytes, folder: Path) -> object:
    try:
        with reading_file():
            archive = zipfile.ZipFile(named("backup.zip", content, folder))
    except Unreadable as error:
        raise NotABackup([(str(error), str(error))]) from None
    with archive:
        check_backup(archive, read_manifest(archive))
    return None


def _document(content: bytes, folder: Path) -> object:
    del folder
    name, _, rest = content.partition(b"\n")
    return kind_of(plain_name(name.decode("utf-8", "replace")), rest)


def _listings(content: bytes, folder: Path) -> object:
    """Listings; the first byte chooses their kind."""
    del folder
    kind = KINDS[content[0] % len(KINDS)] if content else KINDS[0]
    return listings_from_csv(kind, content[1:], "listings.csv")  # type: ignore[arg-type]


def _folder(read: Callable[[Path], object]) -> Callable[[bytes, Path], object]:
    return lambda content, folder: read(_unpacked(content, folder))


STUDY = (StudyError,)
READERS: Mapping[str, Reader] = {
    "scenario": Reader(in_file("scenario.toml", read_scenario), STUDY),
    "listings": Reader(_listings, STUDY),
    "documents": Reader(_document, (Refused,)),
    "statistics": Reader(_statistics, STUDY),
    "statistics_tables": Reader(_tables, STUDY),
    "statistics_earlier": Reader(_earlier, STUDY),
    "input_output": Reader(
        in_file("ceads.csv", lambda path: read_ceads(path, 2017)), (StudyError, ValueError)
    ),
    "scoreboard": Reader(_folder(read_vintage), STUDY),
    "nation": Reader(_folder(read_about), (NotANation,)),
    "plan_folder": Reader(_folder(lambda path: study_of(str(path))), STUDY),
    "backup": Reader(_backup, (NotABackup,)),
    "mail_settings": Reader(in_file("mail.toml", read_mail_settings), (WrongMail,)),
    "openid_settings": Reader(in_file("openid.toml", read_provider), (WrongProvider,)),
    "cursor": Reader(of_text(lambda said: key_of(said, (str, int))), (Refusal,)),
}

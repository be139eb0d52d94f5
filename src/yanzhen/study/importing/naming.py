"""Codes of what is named: by the study's own tables first, then by what is known of names.

A name that is not known is never taken for one that is like it: those that are like it are offered.
"""

import difflib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from yanzhen.study.importing.grids import tidy

LEFT_OUT = ""
"""What a mapping gives for the code of a row that is to be left out."""
OWN = "own"
"""Level of a place of which only the study's own table knows."""
BELOW = " > "
"""Between the names of places one below the other, of several columns of a row."""
BESIDE = " = "
"""Between a code and the name in the column beside it."""
_AND = re.compile(r"[、，,及与和/／]")
_SPACE = re.compile(r"[\s·'’]+")
_CODE_AND_NAME = re.compile(
    r"(?P<code>[A-Z]?\d{1,6}(?:[-–_][A-Z]?\d{1,6})?|[A-Z])(?:\s*[-–.、:：]\s*|\s+|(?=[\u4e00-\u9fff]))"
    r"(?P<name>(?![A-Z]?\d+$)\D.*)"
)
_MOST_OFFERED = 3
_ALIKE = 0.6


@dataclass(frozen=True)
class Entry:
    """What a code stands for.

    Attributes
    ----------
    code, name : of it
    level : of a place, empty where there are no levels
    names : further names
    parent : code of what it is a part of, empty where nothing is known
    """

    code: str
    name: str
    level: str = ""
    names: tuple[str, ...] = ()
    parent: str = ""

    def shown(self) -> str:
        return self.code if self.code == self.name else f"{self.code} {self.name}"


@dataclass(frozen=True)
class Found:
    """What a label stands for.

    Attributes
    ----------
    label : as it is written, tidy
    entry : what it stands for; None where that is not known or must be chosen
    how : code, name, other name, mapping, own, left out
    choices : what it may be
    """

    label: str
    entry: Entry | None
    how: str = ""
    choices: tuple[Entry, ...] = ()


@dataclass(frozen=True)
class Register:
    """Codes with the names under which they are known, looked up by either."""

    entries: tuple[Entry, ...]
    by_name: Mapping[str, tuple[Entry, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> "Register":
        listed = tuple(entries)
        named: dict[str, list[Entry]] = {}
        for entry in listed:
            for name in dict.fromkeys(map(key_of, (entry.code, entry.name, *entry.names))):
                if name:
                    named.setdefault(name, []).append(entry)
        return cls(listed, {name: tuple(found) for name, found in named.items()})

    def candidates(self, label: str) -> tuple[Entry, ...]:
        """What a label may stand for: by its whole, or by the code that it begins with."""
        whole = self.by_name.get(key_of(label), ())
        if whole:
            return whole
        if BELOW in label:
            return self._below(label.split(BELOW))
        both = code_and_name(label)
        if both is None:
            return self._along(key_of(label))
        coded, named = (self.by_name.get(key_of(part), ()) for part in both)
        # A code beside the name of another entry leaves both to choose from.
        return tuple(entry for entry in coded if entry in named) or (*coded, *named)

    def _below(self, parts: Sequence[str]) -> tuple[Entry, ...]:
        """What the last part stands for below those that the parts before stand for."""
        *above, last = (self.by_name.get(key_of(part), ()) for part in parts)
        allowed = [{entry.code for entry in entries} for entries in above if entries]
        return tuple(
            entry
            for entry in last
            if all(codes & {entry.code, *self.above(entry)} for codes in allowed)
        )

    def _along(self, address: str) -> tuple[Entry, ...]:
        """The finest place at the beginning of an address such as 山东省济南市历城区工业北路."""
        found: tuple[Entry, ...] = ()
        while True:
            begun = [
                (name, inside)
                for end in range(len(address), 1, -1)
                if (entries := self.by_name.get(name := address[:end]))
                and (
                    inside := tuple(
                        entry
                        for entry in entries
                        if entry.level and (not found or found[0].code in self.above(entry))
                    )
                )
            ]
            # A short name may be the beginning of any word; an address begins with a full one.
            begun = [each for each in begun if each[0] == key_of(each[1][0].name) or found]
            if not begun:
                return found
            name, found = begun[0]
            address = address[len(name) :]

    def above(self, entry: Entry) -> Iterator[str]:
        """Codes of what an entry is a part of, the nearest first."""
        passed = {entry.code}
        while entry.parent and entry.parent not in passed:
            yield entry.parent
            passed.add(entry.parent)
            above = self.by_name.get(key_of(entry.parent), ())
            if not above:
                return
            entry = above[0]

    def like(self, label: str, level: str = "") -> tuple[Entry, ...]:
        """Entries whose names are like a label, the most alike first."""
        own = key_of(label)
        scored = []
        for name, entries in self.by_name.items():
            wide = [entry for entry in entries if not level or entry.level == level]
            if wide and (likeness := _likeness(own, name)) >= _ALIKE:
                scored.append((likeness, wide[0]))
        scored.sort(key=lambda each: -each[0])
        return tuple(dict.fromkeys(entry for _, entry in scored))[:_MOST_OFFERED]


def key_of(name: str) -> str:
    """A name as it is looked up: and, commas, spaces and the case of letters don't matter."""
    return _AND.sub("和", _SPACE.sub("", tidy(name).casefold())).replace("其它", "其他")


def resolved(
    labels: Sequence[str],
    own: Register,
    known: Register,
    chosen: Mapping[str, str],
    may_be_new: bool,
) -> dict[str, Found]:
    """What each label stands for.

    Parameters
    ----------
    own : of the study's table
    known : of what is known beyond the study
    chosen : codes of labels that a mapping gives
    may_be_new : whether a label that nothing knows may be a code of its own; it is where less than
        half of the labels are known
    """
    distinct = list(dict.fromkeys(labels))
    found = {label: _by_mapping(label, own, known, chosen) for label in distinct if label in chosen}
    rest = [label for label in distinct if label not in found]
    inside = {label: own.candidates(label) for label in rest}
    outside = {label: () if inside[label] else known.candidates(label) for label in rest}
    level = _usual_level([*inside.values(), *outside.values()])
    strangers = [label for label in rest if not inside[label] and not outside[label]]
    is_foreign = may_be_new and 2 * len(strangers) > len(distinct)
    for label in rest:
        candidates = inside[label] or outside[label]
        if candidates:
            found[label] = _of_candidates(label, candidates, level)
        elif is_foreign and not own.like(label):
            found[label] = Found(label, _new(label), "own")
        else:
            like = own.like(label) or known.like(label, level)
            found[label] = Found(label, None, choices=like)
    return {label: found[label] for label in distinct}


def _by_mapping(label: str, own: Register, known: Register, chosen: Mapping[str, str]) -> Found:
    code = chosen[label]
    if code == LEFT_OUT:
        return Found(label, None, "left out")
    entries = own.by_name.get(key_of(code)) or known.by_name.get(key_of(code))
    return Found(label, entries[0] if entries else Entry(code, label), "mapping")


def _of_candidates(label: str, candidates: tuple[Entry, ...], level: str) -> Found:
    """The one candidate, or the one at the level of most others."""
    at_level = [entry for entry in candidates if entry.level == level]
    if len(candidates) > 1 and len(at_level) != 1:
        return Found(label, None, choices=candidates)
    entry = candidates[0] if len(candidates) == 1 else at_level[0]
    own = key_of(label)
    how = "code" if own == key_of(entry.code) else "name"
    if how == "name" and own != key_of(entry.name):
        named = {key_of(name) for name in entry.names}
        how = "other name" if own in named else "part of it"
    return Found(label, entry, how)


def _usual_level(candidates: Iterable[tuple[Entry, ...]]) -> str:
    """The level at which most labels are known."""
    counted = Counter(level for each in candidates for level in {entry.level for entry in each})
    return max(counted, key=lambda level: counted[level]) if counted else ""


def code_and_name(label: str) -> tuple[str, str] | None:
    """The code that a label begins with, or that stood in a column of its own, and the name."""
    if BESIDE in label:
        code, _, name = label.partition(BESIDE)
        return code, name
    written = _CODE_AND_NAME.fullmatch(label)
    return None if written is None else (written["code"], written["name"])


def _new(label: str) -> Entry:
    """A label as a code of its own, with its name apart where it begins with a code."""
    code, name = code_and_name(label) or (label, label)
    return Entry(code, name) if len(code) > 1 else Entry(label, label)


def _likeness(one: str, other: str) -> float:
    """How alike two names are; short ones of equal length that differ in one sign are."""
    if len(one) == len(other) >= 2 and sum(a != b for a, b in zip(one, other, strict=True)) == 1:
        return max(_ALIKE, 1 - 1 / len(one))
    if abs(len(one) - len(other)) > max(len(one), len(other)) / 2:
        return 0.0
    return difflib.SequenceMatcher(None, one, other).ratio()

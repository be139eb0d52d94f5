"""The state of a view is its address: what is looked at, of which study, in which language."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from yanzhen.report.text.words import LANGUAGES, Lang


@dataclass(frozen=True)
class Address:
    """Where a reader is.

    Attributes
    ----------
    path : of the page
    lang : language
    study : key of the study
    choices : what else is chosen, by name; a choice without a value is not in the address
    """

    path: str
    lang: Lang
    study: str
    choices: Mapping[str, str]

    def url(self) -> str:
        """Return the address as a browser has it."""
        said = {"study": self.study, "lang": self.lang, **self.choices}
        return f"{self.path}?{urlencode({key: value for key, value in said.items() if value})}"

    def choosing(self, **choices: str) -> "Address":
        """Return the address with other choices."""
        return replace(self, choices={**self.choices, **choices})

    def speaking(self, lang: Lang) -> "Address":
        """Return the same view in another language."""
        return replace(self, lang=lang)

    def page(self, path: str) -> "Address":
        """Return another page of the same study."""
        return replace(self, path=path, choices={})

    def about(self, study: str) -> "Address":
        """Return the same page of another study."""
        return replace(self, study=study, choices={})


def spoken(asked: str | None, accepted: str, otherwise: Lang) -> Lang:
    """Return the language to answer in: the one asked for, else the browser's, else another."""
    for lang in LANGUAGES:
        if asked == lang:
            return lang
    first = accepted.split(",")[0].split("-")[0].strip().lower()
    return next((lang for lang in LANGUAGES if lang == first), otherwise)

"""Where the files of an organisation lie: apart from all others', so that nothing can be mixed up.

What is computed, supposed, judged or brought lies below this folder under the key of its study. The
same study brought twice lies there twice, and neither shows that the other is there.
"""

from pathlib import Path

from yanzhen.store.people.viewer import LOCAL
from yanzhen.store.people.viewing import current_viewer

ORGANISATIONS = "organisations"
NOWHERE = "nobody"


def own_folder(root: Path) -> Path:
    """Return the folder of the organisation that asks, in a server's folder."""
    return folder_of(root, current_viewer().organisation)


def folder_of(root: Path, organisation: str) -> Path:
    """Return the folder of an organisation; that of the one local user is the server's own.

    Who has not logged in has a folder in which nothing ever lies, for nobody may put it there.

    Raises
    ------
    ValueError
        It is no identity of an organisation.
    """
    if organisation == LOCAL.organisation:
        return root
    if organisation and not organisation.isalnum():
        raise ValueError(f"{organisation!r} is no identity of an organisation")
    return root / ORGANISATIONS / (organisation or NOWHERE)

"""Reading the files of a folder: those of the five forms, and a warning for every other."""

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from services.importing.csv_reading import MAX_BYTES
from services.importing.faults import Fault, fault
from services.importing.forms import FORMS


class Folder(Struct, frozen=True, kw_only=True):
    """The bytes of each known file by its name; `errors` are about files that could not be read at all."""

    contents: Mapping[str, bytes]
    errors: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()


def read_folder(path: Path) -> Folder:
    """Read the files of a folder by name; hidden files are passed over in silence. Never raises."""
    contents: dict[str, bytes] = {}
    errors: list[Fault] = []
    warnings: list[Fault] = []
    try:
        entries = sorted(path.iterdir())
    except OSError as error:
        return Folder(contents={}, errors=(fault("folder_unreadable", _shown(path), detail=error.strerror),))
    for entry in entries:
        if entry.name in FORMS:
            _read(entry, contents, errors)
        elif not entry.name.startswith("."):
            warnings.append(fault("file_ignored", _shown(entry)))
    if not contents and not errors:
        errors.append(fault("no_known_file", _shown(path), detail=", ".join(FORMS)))
    return Folder(contents=contents, errors=tuple(errors), warnings=tuple(warnings))


def _read(entry: Path, contents: dict[str, bytes], errors: list[Fault]) -> None:
    try:
        with entry.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            errors.append(fault("file_too_large", entry.name, detail=MAX_BYTES))
        else:
            contents[entry.name] = content
    except OSError as error:
        errors.append(fault("file_unreadable", entry.name, detail=error.strerror))


def _shown(path: Path) -> str:
    """Return a name that can be printed, also where the file system holds bytes that are no text."""
    return path.name.encode("utf-8", "replace").decode("utf-8")

"""The rulebooks at hand: those released with the program, and local ones from a folder of the institution."""

from collections.abc import Mapping
from pathlib import Path

from domain import rulebook as rules
from domain.rulebook import Rulebook, RuleRef

RELEASED = Path(rules.__file__).parent / "rulebooks"


class RulebookShelf:
    """All rulebooks at hand, found by digest or by name."""

    def __init__(self, read: Mapping[str, tuple[RuleRef, Rulebook]]) -> None:
        self.by_digest: dict[str, Rulebook] = {ref.digest: book for ref, book in read.values()}
        self._references = {ref.name: ref for ref, _ in sorted(read.values(), key=lambda each: each[0].version)}

    def reference(self, name: str) -> RuleRef:
        """Return the triple of the latest version of a rulebook; raise KeyError where there is none."""
        return self._references[name]

    @property
    def references(self) -> tuple[RuleRef, ...]:
        """The latest version of each, in alphabetical order of names."""
        return tuple(self._references[name] for name in sorted(self._references))


def load_rulebooks(local: Path | None = None) -> RulebookShelf:
    """Read the `.toml` files released with the program and of a local folder; raise RulebookMalformed with the name."""
    read: dict[str, tuple[RuleRef, Rulebook]] = {}
    for folder in (RELEASED, *([local] if local else [])):
        for path in sorted(folder.glob("*.toml")):
            try:
                read[str(path)] = rules.read_rulebook(path.read_bytes())
            except rules.RulebookMalformed as malformed:
                raise rules.RulebookMalformed(f"{path.name}: {malformed}") from malformed
    return RulebookShelf(read)


def rulebook_files(local: Path | None = None) -> dict[str, bytes]:
    """Return the bytes of every rulebook file at hand by their digest, which is what events name them by."""
    contents = [
        path.read_bytes() for folder in (RELEASED, *([local] if local else [])) for path in folder.glob("*.toml")
    ]
    return {rules.rulebook_digest(content): content for content in contents}

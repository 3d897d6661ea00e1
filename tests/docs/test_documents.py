"""The documents say what is so: commands, verbs, settings and the examples in docstrings."""

import doctest
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec
import pytest

import domain
from domain.cycle import commands
from services.cli import sakip
from services.command_words import COMMAND_WORDS
from services.settings import Settings

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CLI_README = (ROOT / "services/cli/README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(("heading", "command"), [("Run it", "demo"), ("Test it", "test")])
def test_a_heading_has_one_fenced_block_with_one_command(heading: str, command: str) -> None:
    section = README.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    assert re.findall(r"```\w*\n(.*?)```", section, re.DOTALL) == [f"python3 deploy/set_up.py {command}\n"]


def verbs(group: click.Group, path: str = "sakip") -> Iterator[tuple[str, click.Command]]:
    """Yield every command of the command line with its path."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from verbs(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


def test_every_verb_has_help_and_stands_in_the_document() -> None:
    documented = set(re.findall(r"`(sakip [a-z -]+?)(?: [A-Z]+)?`", CLI_README))
    for path, command in verbs(sakip):
        assert command.help, path
        group = path.rpartition(" ")[0]
        assert path in documented or (group in documented and group != "sakip"), path


def test_every_documented_verb_exists() -> None:
    existing = {path for path, _ in verbs(sakip)} | {f"sakip {name}" for name in sakip.commands}
    documented = set(re.findall(r"^\| `(sakip [a-z -]+?)(?: [A-Z]+)?` \|", CLI_README, re.MULTILINE))
    assert documented
    assert documented <= existing


def test_every_command_has_its_own_indonesian_sentence() -> None:
    assert commands().keys() == COMMAND_WORDS.keys()
    assert len(set(COMMAND_WORDS.values())) == len(COMMAND_WORDS)


def test_the_readme_names_every_setting() -> None:
    named = set(re.findall(r"`SAKIP_([A-Z_]+)`", README))
    assert {field.name.upper() for field in msgspec.structs.fields(Settings)} <= named


def test_the_examples_in_docstrings_give_what_they_say() -> None:
    tried = 0
    for module in pkgutil.walk_packages(domain.__path__, "domain."):
        outcome = doctest.testmod(importlib.import_module(module.name))
        assert outcome.failed == 0, module.name
        tried += outcome.attempted
    assert tried >= 5

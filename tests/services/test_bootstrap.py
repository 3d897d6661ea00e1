"""Putting the system together: on any database, by any number of processes at once, and gone without a trace."""

import tempfile
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect

from projections.catalogue import READ_MODELS
from services.bootstrap import System, bootstrap
from services.event_log.contract import CommandReusedError
from services.settings import Settings
from tests.services.at_once import at_once
from tests.services.office import INSTITUTION, office, request

BESIDE = {"event", "sealed_text", "projection_position", "workflow_position", "dead_letter", "access_token"}
NAME: dict[str, Any] = {"unit": "dinkes", "name": "Dinas Kesehatan"}


def test_many_processes_may_begin_on_an_empty_database_at_once(shared_url: str) -> None:
    begun = at_once(*(lambda: bootstrap(Settings(database_url=shared_url, secret="one for all")) for _ in range(6)))

    systems = [each for each in begun if isinstance(each, System)]
    try:
        assert len(systems) == 6, begun
        tables = set(inspect(systems[0].engine).get_table_names())
        assert tables >= {model.table.name for model in READ_MODELS} | BESIDE
        assert [system.log.institutions() for system in systems] == [[]] * 6
    finally:
        for system in systems:
            system.close()


def test_what_is_in_memory_leaves_no_folder_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with office() as opened:
        opened.settle()
        assert list(tmp_path.iterdir())

    assert list(tmp_path.iterdir()) == []


def test_two_systems_in_memory_know_nothing_of_each_other() -> None:
    with office() as first, office(founded=False) as second:
        assert (first.system.log.institutions(), second.system.log.institutions()) == ([INSTITUTION], [])


def test_command_digests_need_the_same_key_to_be_recognised(file_url: str, tmp_path: Path) -> None:
    """The key lies beside the file: whoever has the log alone cannot try out texts that were erased."""
    with office(file_url) as before:
        sent = request("admin", "organisation.rename_unit", id_="key-1", **NAME)
        before.system.handler.handle(sent)
    content = (tmp_path / "sakip.db").read_bytes()

    assert sent.sealed.digest.encode() not in content
    system = bootstrap(Settings(database_url=file_url, secret="another"))
    try:
        with pytest.raises(CommandReusedError):
            system.handler.handle(sent)
    finally:
        system.close()


def test_closing_twice_does_no_harm(file_url: str) -> None:
    with office(file_url) as opened:
        opened.system.close()

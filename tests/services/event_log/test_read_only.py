"""A file, folder or server that takes no changes: reading goes on, an append is refused by name, nothing is written."""

import os
import pwd
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest

from services.event_log.contract import EventLog
from services.event_log.migrate import migrate
from services.event_log.opening import open_log
from services.event_log.storage_faults import StorageReadOnlyError
from services.event_log.verification import verify_entries
from services.verification import verify
from tests.servers import UNPRIVILEGED
from tests.services.event_log.batches import INSTITUTION, a_batch, a_write
from tests.services.event_log.conftest import libpq
from tests.services.event_log.small_disk import make_read_only, small_disk
from tests.services.office import INSTITUTION as OFFICE
from tests.services.office import office


@pytest.fixture
def folder() -> Iterator[Path]:
    """Yield a folder that other accounts may enter."""
    made = Path(tempfile.mkdtemp(prefix="sakip-read-only-"))
    made.chmod(0o755)
    yield made
    made.chmod(0o755)
    shutil.rmtree(made)


@contextmanager
def without_rights() -> Iterator[None]:
    """Let permissions count: for the administrator of the machine they don't."""
    mighty = os.geteuid() == 0
    if mighty:
        os.seteuid(pwd.getpwnam(UNPRIVILEGED).pw_uid)
    try:
        yield
    finally:
        if mighty:
            os.seteuid(0)


def url_in(folder: Path) -> str:
    return f"sqlite:///{folder / 'log.db'}"


def begun(folder: Path) -> str:
    """Make a log of three entries and close it: SQLite leaves the file alone behind."""
    migrate(url_in(folder))
    with closing(open_log(url_in(folder))) as log:
        log.append(a_batch(a_write("before", count=3)))
    return url_in(folder)


def forbid_writing(folder: Path) -> None:
    for each in folder.iterdir():
        each.chmod(0o444)
    folder.chmod(0o555)


def allow_writing(folder: Path) -> None:
    folder.chmod(0o755)
    for each in folder.iterdir():
        each.chmod(0o644)


def contents(folder: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in folder.iterdir()}


def is_read_only(url: str, entries: int) -> None:
    """Demand that a log can be opened and read to its last entry, and that it refuses an append."""
    migrate(url)
    with closing(open_log(url)) as log:
        assert log.head(INSTITUTION) == entries
        assert verify_entries(log, INSTITUTION) is None
        with pytest.raises(StorageReadOnlyError):
            log.append(a_batch(a_write("refused")))
        assert log.head(INSTITUTION) == entries


def test_a_file_in_a_read_only_folder_is_read_as_it_is(folder: Path) -> None:
    """SQLite itself refuses even to read it: it can't make the index of the write-ahead log."""
    url = begun(folder)
    forbid_writing(folder)
    before = contents(folder)

    with without_rights():
        is_read_only(url, entries=3)

    assert contents(folder) == before


def test_a_read_only_file_in_a_folder_that_is_not_is_read_too(folder: Path) -> None:
    url = begun(folder)
    folder.chmod(0o777)
    file = folder / "log.db"
    (folder / "log.db.lock").unlink()
    file.chmod(0o444)
    before = file.read_bytes()

    with without_rights():
        is_read_only(url, entries=3)

    assert file.read_bytes() == before


def test_who_may_only_read_sees_what_a_running_server_has_not_yet_moved_into_the_file(folder: Path) -> None:
    url = begun(folder)
    with closing(open_log(url)) as server:
        server.append(a_batch(a_write("still in the write-ahead log")))
        (folder / "log.db.lock").chmod(0o600)

        with without_rights(), closing(open_log(url)) as visitor:
            assert visitor.head(INSTITUTION) == 4
            server.append(a_batch(a_write("another")))
            assert visitor.head(INSTITUTION) == 5
            with pytest.raises(StorageReadOnlyError):
                visitor.append(a_batch(a_write("refused")))

        server.append(a_batch(a_write("the server goes on")))
        assert verify_entries(server, INSTITUTION) is None


def test_a_server_that_comes_later_is_noticed(folder: Path) -> None:
    """The file was read as it is, since nobody wrote to it; then somebody with more rights does."""
    url = begun(folder)
    with without_rights():
        visitor = open_log(url)
        assert visitor.head(INSTITUTION) == 3
    with closing(open_log(url)) as server:
        server.append(a_batch(a_write("later")))
        with without_rights():
            assert visitor.head(INSTITUTION) == 4
    with without_rights():
        assert visitor.head(INSTITUTION) == 4, "and that it went away again"
        visitor.close()


def left_by_a_killed_server(folder: Path, elsewhere: Path) -> str:
    """Make a log whose last entry is in the write-ahead log alone, as a kill leaves it."""
    url = begun(elsewhere)
    with closing(open_log(url)) as server:
        server.append(a_batch(a_write("not yet in the file")))
        for name in ("log.db", "log.db-wal", "log.db-shm"):
            shutil.copy(elsewhere / name, folder / name)
    return url_in(folder)


def test_what_a_killed_server_left_is_read_whole(folder: Path, tmp_path: Path) -> None:
    url = left_by_a_killed_server(folder, tmp_path)
    forbid_writing(folder)

    with without_rights():
        is_read_only(url, entries=4)


def test_a_tail_that_cannot_be_read_is_named_and_not_passed_over(folder: Path, tmp_path: Path) -> None:
    url = left_by_a_killed_server(folder, tmp_path)
    (folder / "log.db-shm").unlink()
    forbid_writing(folder)

    with without_rights(), closing(open_log(url)) as log:
        with pytest.raises(StorageReadOnlyError, match=r"log\.db-wal"):
            log.head(INSTITUTION)
        with pytest.raises(StorageReadOnlyError, match=r"log\.db-wal"):
            migrate(url)

    allow_writing(folder)
    with closing(open_log(url)) as log:
        assert log.head(INSTITUTION) == 4


def test_with_the_right_to_write_again_the_same_log_appends(folder: Path) -> None:
    url = begun(folder)
    folder.chmod(0o777)
    for each in folder.iterdir():
        each.chmod(0o444)
    (folder / "log.db.lock").chmod(0o666)
    with without_rights():
        log = open_log(url)
        with pytest.raises(StorageReadOnlyError):
            log.append(a_batch(a_write("refused")))
    for each in folder.iterdir():
        each.chmod(0o666)
    with without_rights():
        log.append(a_batch(a_write("accepted")))
        assert log.head(INSTITUTION) == 4
        assert verify_entries(log, INSTITUTION) is None
        log.close()


def test_a_whole_system_answers_from_a_read_only_folder(folder: Path) -> None:
    """Also without the key of command digests, as in a copy for an auditor."""
    url = url_in(folder)
    with office(url) as opened:
        head = opened.settle()
    forbid_writing(folder)

    with without_rights(), office(url, founded=False) as opened:
        assert verify(opened.system, OFFICE).sound
        assert opened.system.handler.institution(OFFICE).name == "Kabupaten Contoh"
        with opened.system.reader.live(OFFICE) as live:
            assert live.position() == head
        with pytest.raises(StorageReadOnlyError):
            opened.does("admin", "organisation.rename_unit", unit="dinkes", name="Dinas")
        assert opened.head == head


@pytest.mark.ordeal
def test_a_file_on_a_read_only_mount_is_read_by_everybody() -> None:
    """Where rights don't help: an archive on a medium that takes no changes."""
    with small_disk("4m") as folder:
        url = begun(folder)
        make_read_only(folder)
        is_read_only(url, entries=3)


def test_a_server_that_takes_no_changes_is_read(fresh_postgres_url: str, opened: Callable[[str], EventLog]) -> None:
    """So does a standby, or a server that its operator set so."""
    opened(fresh_postgres_url).append(a_batch(a_write("before", count=3)))
    with psycopg.connect(libpq(fresh_postgres_url), autocommit=True) as owner:
        name = psycopg.sql.Identifier(owner.info.dbname)
        for setting in ("on", "off"):
            command = psycopg.sql.SQL("ALTER DATABASE {} SET default_transaction_read_only = {}")
            owner.execute(command.format(name, psycopg.sql.Literal(setting)))
            log = opened(fresh_postgres_url)
            assert log.head(INSTITUTION) == 3
            if setting == "on":
                with pytest.raises(StorageReadOnlyError):
                    log.append(a_batch(a_write("refused")))
        log.append(a_batch(a_write("accepted")))
    assert log.head(INSTITUTION) == 4
    assert verify_entries(log, INSTITUTION) is None

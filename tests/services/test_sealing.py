"""Texts typed by people are sealed at the door, and nothing but their own table ever holds them."""

import json
import sqlite3
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
import structlog

from domain.agreement.commands import AmendAgreement, OpenAgreement
from domain.errors import StageNotOpenYet
from domain.organisation.commands import RegisterPerson
from domain.sealed_text import MAX_LENGTH, seal
from services import workflow_runner
from services.logs import configure_logs
from services.sealing import from_system, read_command
from tests.services.office import AGREEMENT, INSTITUTION, Office, office, open_year, paper, sign
from tests.services.test_workflow_runner import on_rename, workflows
from workflows.workflow import Send

CANARY = "kenari-di-tambang-7391"


def person(name: str) -> dict[str, Any]:
    """Return a command with one text."""
    return {"person": "x", "name": name}


class TestSealing:
    def test_the_command_holds_the_digest_and_the_row_the_text(self) -> None:
        sealed = read_command(RegisterPerson, person("Maya Sari"), "admin")
        (row,) = sealed.sealed

        assert row.text == "Maya Sari"
        assert sealed.command.name == seal(row.salt, "Maya Sari")  # type: ignore[attr-defined]
        assert row.digest == sealed.command.name.digest  # type: ignore[attr-defined]

    def test_the_same_text_never_has_the_same_digest(self) -> None:
        twice = [read_command(RegisterPerson, person("Maya Sari"), "admin") for _ in range(2)]

        assert len({each.sealed[0].salt for each in twice}) == 2
        assert len({each.sealed[0].digest for each in twice}) == 2

    def test_every_text_of_a_command_is_sealed(self) -> None:
        content = {**person("Maya Sari"), "employee_number": "198001012005012001"}

        assert [row.text for row in read_command(RegisterPerson, content, "admin").sealed] == [
            "Maya Sari",
            "198001012005012001",
        ]

    @pytest.mark.parametrize(
        "text", ["", "  ", "\n\t", "a" * (MAX_LENGTH + 1), "a\x00b", "a\x1bb", "\ud800", "a\udfffb"]
    )
    def test_what_cannot_be_stored_is_refused_by_the_name_of_its_field(self, text: str) -> None:
        with pytest.raises(msgspec.ValidationError, match=r"\$\.name"):
            read_command(RegisterPerson, person(text), "admin")

    @pytest.mark.parametrize("text", ["a" * MAX_LENGTH, "baris\nbaru\tdan\r\nlagi", "ꦱꦩ꧀ꦥꦸꦤ꧀", "😀"])
    def test_what_can_be_stored_is_taken_as_it_is(self, text: str) -> None:
        assert read_command(RegisterPerson, person(text), "admin").sealed[0].text == text

    @pytest.mark.parametrize("value", [1, None, True, ["a"], {"a": "b"}])
    def test_what_is_no_text_is_refused(self, value: object) -> None:
        with pytest.raises(msgspec.ValidationError, match="name"):
            read_command(RegisterPerson, {"person": "x", "name": value}, "admin")


class TestDigests:
    def test_the_digest_is_that_of_what_was_sent_whatever_the_salt(self) -> None:
        assert len({read_command(RegisterPerson, person("Maya"), "admin").digest for _ in range(3)}) == 1

    def test_the_order_and_spacing_of_a_body_do_not_matter(self) -> None:
        bodies = (b'{"person":"x","name":"Maya"}', b'{ "name" : "Maya",\n "person": "x" }')

        assert len({read_command(RegisterPerson, body, "admin").digest for body in bodies}) == 1
        assert read_command(RegisterPerson, bodies[0], "admin").digest == (
            read_command(RegisterPerson, person("Maya"), "admin").digest
        )

    def test_another_text_sender_or_command_has_another_digest(self) -> None:
        digests = {
            read_command(RegisterPerson, person("Maya"), "admin").digest,
            read_command(RegisterPerson, person("Maya "), "admin").digest,
            read_command(RegisterPerson, person("Maya"), "kabag").digest,
            read_command(OpenAgreement, AGREEMENT, "admin").digest,
            read_command(OpenAgreement, {**AGREEMENT, "fiscal_year": 2025}, "admin").digest,
        }

        assert len(digests) == 5

    def test_what_a_workflow_sends_is_the_same_as_long_as_its_cause_is(self) -> None:
        """A later release may write an output differently: its id is its whole identity."""
        earlier = from_system(OpenAgreement(unit="dinkes", fiscal_year=2024), "d-1")
        later = from_system(OpenAgreement(unit="dinkes", fiscal_year=2024, effective_on=date(2024, 1, 2)), "d-1")

        assert (earlier.digest, earlier.sealed) == (later.digest, ())


class TestBodies:
    @pytest.mark.parametrize(
        "body", [b"", b"{", b"[]", b"null", b'"x"', b'{"person":"x"}', b'{"person":"x","name":"Maya","age":3}']
    )
    def test_what_is_no_such_command_is_refused(self, body: bytes) -> None:
        with pytest.raises(msgspec.DecodeError):
            read_command(RegisterPerson, body, "admin")

    @pytest.mark.parametrize(
        "body",
        [b'{"person":"x","name":"Maya","person":"y"}', b'{"person":"x","name":"Maya","name":"Sari"}'],
        ids=["a name", "a text"],
    )
    def test_a_field_that_is_said_twice_is_refused(self, body: bytes) -> None:
        with pytest.raises(msgspec.ValidationError, match="dua kali"):
            read_command(RegisterPerson, body, "admin")

    def test_a_body_without_end_is_refused_before_it_is_read(self) -> None:
        with pytest.raises(msgspec.ValidationError, match="bersarang"):
            read_command(RegisterPerson, b'{"name":' + b"[" * 100_000, "admin")


class TestCanary:
    """A text that is searched for everywhere after it was typed, refused, buried and logged."""

    @pytest.fixture
    def printed(self, capsys: pytest.CaptureFixture[str], file_url: str) -> str:
        """Type the canary in every way, with logs at their loudest; return all that was printed."""
        configure_logs("DEBUG")
        with office(file_url) as opened:
            self.type_it(opened)
        printed = capsys.readouterr()
        return printed.out + printed.err

    def type_it(self, opened: Office) -> None:
        """Type it accepted, refused, repeated, and carried on by a workflow that fails."""
        successor = {"unit": "dinkes", "person": "plan", "position": "Plt Kepala Dinas"}
        renewal = {"trigger": "official_replaced", "reason": CANARY, "paper": paper("plan", "bupati", file="a")}
        with pytest.raises(StageNotOpenYet):
            opened.does("kadin", "agreement.amend", **AGREEMENT, **renewal)
        open_year(opened)
        sign(opened)
        opened.does("admin", "organisation.appoint_official", **successor)
        opened.does("plan", "agreement.amend", **AGREEMENT, **renewal)
        opened.does("admin", "organisation.register_person", person="x", name=CANARY)
        sealed = read_command(AmendAgreement, {**AGREEMENT, **renewal}, "plan")
        with workflows(on_rename(Send(sealed.command))):
            opened.does("admin", "organisation.rename_unit", unit="dinkes", name="Dinas Kesehatan")
            opened.settle()
        with opened.system.engine.connect() as connection:
            assert len(connection.execute(workflow_runner.dead_letter.select()).all()) == 1
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(opened.system.log, "append", _fail)
            with pytest.raises(OSError, match="disk"):
                opened.does("admin", "organisation.register_person", person="y", name=CANARY)
        structlog.get_logger().error("a careless line", text=CANARY, body=CANARY, password=CANARY, Token=CANARY)

    def test_no_log_line_holds_it(self, printed: str) -> None:
        lines = [json.loads(line) for line in printed.splitlines() if line.startswith("{")]

        assert {"appended", "output_refused", "a careless line"} <= {line["event"] for line in lines}
        assert CANARY not in printed

    @pytest.mark.usefixtures("printed")
    def test_only_its_own_table_holds_it(self, tmp_path: Path) -> None:
        with sqlite3.connect(tmp_path / "sakip.db") as connection:
            tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            holding = {
                table
                for table in tables
                if any(CANARY.encode() in _bytes(row) for row in connection.execute(f"SELECT * FROM {table}"))
            }
            kept = connection.execute("SELECT count(*) FROM sealed_text WHERE text = ?", (CANARY,)).fetchone()
        connection.close()

        assert holding == {"sealed_text"}
        assert kept == (2,)
        assert {"event", "dead_letter", "command", "audit_trail", "agreement_register"} <= set(tables)

    @pytest.mark.usefixtures("printed")
    def test_erasing_its_rows_leaves_a_sound_log_and_no_trace(self, file_url: str, tmp_path: Path) -> None:
        with sqlite3.connect(tmp_path / "sakip.db") as connection:
            digests = [row[0] for row in connection.execute("SELECT digest FROM sealed_text WHERE text = ?", (CANARY,))]
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute("DELETE FROM sealed_text WHERE text = ?", (CANARY,))
            connection.commit()
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.execute("VACUUM")
        connection.close()

        with office(file_url, founded=False) as opened:
            assert opened.system.log.texts(INSTITUTION, digests) == {}
            assert len(list(opened.system.reader.events(INSTITUTION))) == opened.head
        assert [path.name for path in tmp_path.iterdir() if CANARY.encode() in path.read_bytes()] == []


def _fail(_batch: object) -> None:
    raise OSError("disk full")


def _bytes(row: tuple[object, ...]) -> bytes:
    return b"\x1f".join(value if isinstance(value, bytes) else str(value).encode() for value in row)

"""Whatever a file holds, reading, checking and planning its history never crash."""

import json
from contextlib import suppress

import hypothesis
import msgspec
import pytest
from hypothesis import strategies as st

from services.importing.account import as_json, in_words
from services.importing.applying import IMPORTER
from services.importing.forms import FORMS
from services.importing.history import plan_history
from services.importing.staging import CLEAN, ROW_ERRORS, UNREADABLE, Batch
from services.importing.tables import tables
from services.sealing import read_command
from tests.services.importing.staged import ENTITIES, SHELF, stage_bytes

AWKWARD = (
    *("", "-", "n/a", "TDI", "NULL", "NaN", "Infinity", "1e999999", "1_000", "٣", "5", "0", "-3", "100", "80.00"),
    *("4.079,71", "0.355", "44.113", "A (80,50)", "100%", "1:79", "1:0", "WTP", "Level 3 Plus", "80-90", "9" * 400),
    *("100 dari 110 Organisasi", "38% (Evaluasi Semester I)", "=cmd|' /C calc'!A0", "2023", "2025 (row label)"),
    *("1999", "2000", "2101", "0000-00-00", "1900-01-22", "2024-02-27", "2024-02-30", "2026-03-09", "9999-12-31"),
    *("maximise", "minimise", "predicate", "PermenPANRB 88/2021", "12/2015 dan 88/2021", "PK", "LKjIP", "LHE"),
    *("Kab. Gunungkidul", "Gunungkidul - DINAS KESEHATAN", "Gunungkidul - İ̇", "Rata-rata nasional", "X - Y"),
    *("recommendation", "followup_document", "KemenPANRB", "AA", "B+", "\u2028", "\ufeff", "a\nb", "x" * 500),
)
CELLS = st.one_of(st.sampled_from(AWKWARD), st.text(max_size=30), st.decimals().map(str), st.dates().map(str))

FITTING = {
    column: st.one_of(st.sampled_from(likely), CELLS)
    for column, likely in {
        "entity": ("Kab. Gunungkidul", "Gunungkidul - DINAS KESEHATAN", "Banyuwangi - " + "X" * 60, "Kota Pasuruan"),
        "year": ("2013", "2019", "2023", "2026", "2099", "2000"),
        "tahun_label": ("2022", "2024", "2026", "2000", "2100"),
        "doc_type_canonical": ("LKjIP", "PK", "RENSTRA", "LHE"),
        "tgl_posting": ("2024-02-27", "2025-03-04", "2100-12-31"),
        "direction_if_known": ("maximise", "minimise", "predicate", ""),
        "target": ("100", "80-90", "WTP", "A (80,50)", "44.113"),
        "record_type": ("recommendation", "followup_document"),
        "issuer": ("KemenPANRB", "Inspektorat " + "X" * 400),
        "indicator": ("Indeks Ketahanan Daerah", "Y" * 400, "İ̇"),
        "total": ("70.00", "61,85", "100.001"),
    }.items()
}


@st.composite
def sheets(draw: st.DrawFn) -> bytes:
    """A file of a known form with cells of any kind, perhaps damaged at one place."""
    form = draw(st.sampled_from(sorted(FORMS)))
    columns = FORMS[form].read
    rows = draw(st.lists(st.tuples(*(FITTING.get(column, CELLS) for column in columns)), min_size=1, max_size=2))
    lines = [",".join(columns), *(",".join(_quoted(cell) for cell in row) for row in rows)]
    content = f"{form}\n".encode() + "\n".join(lines).encode("utf-8", "surrogatepass")
    if draw(st.integers(0, 3)) == 0:
        at = draw(st.integers(len(form) + 1, len(content)))
        content = content[:at] + draw(st.binary(max_size=6)) + content[at:]
    return content


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'


def demand_no_crash(file: bytes) -> None:
    """Read, tell and plan a file; its first line names its form."""
    name, _, content = file.partition(b"\n")
    batch = stage_bytes({name.decode(): content})
    assert batch.exit_code in {CLEAN, ROW_ERRORS, UNREADABLE}
    assert json.loads(json.dumps(as_json(batch, None), ensure_ascii=False).encode())["digest"] == batch.digest
    assert all(line.isprintable() for line in in_words(batch, None))
    demand_plan(batch)


def demand_plan(batch: Batch) -> None:
    """Plan the history; each command is read, or refused as inadmissible, and nothing else happens."""
    for history in plan_history(batch, ENTITIES, SHELF, tables(), administrator="admin"):
        for order in (history.founding, history.adoption, *history.units.values(), *history.facts):
            assert order.command_id(history.institution.id).startswith("d-")
            with suppress(msgspec.ValidationError):
                read_command(order.kind, msgspec.to_builtins(order.fields), IMPORTER.id)


@hypothesis.settings(max_examples=1_500)
@hypothesis.given(sheets())
def test_no_cell_crashes_the_import(file: bytes) -> None:
    demand_no_crash(file)


@hypothesis.settings(max_examples=500)
@hypothesis.given(st.sampled_from(sorted(FORMS)), st.binary(max_size=300))
def test_no_file_crashes_the_import(form: str, content: bytes) -> None:
    demand_no_crash(form.encode() + b"\n" + content)


@pytest.mark.ordeal
@hypothesis.settings(max_examples=15_000)
@hypothesis.given(sheets())
def test_no_cell_crashes_the_import_in_the_long_run(file: bytes) -> None:
    demand_no_crash(file)


@pytest.mark.ordeal
@hypothesis.settings(max_examples=5_000)
@hypothesis.given(st.sampled_from(sorted(FORMS)), st.binary(max_size=3_000))
def test_no_file_crashes_the_import_in_the_long_run(form: str, content: bytes) -> None:
    demand_no_crash(form.encode() + b"\n" + content)

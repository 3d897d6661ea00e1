"""`sakip replay`, `sakip diff`, `sakip cause` and `sakip verify`: what an auditor asks of the log itself."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final, TypeVar

import click
import msgspec
from rich.console import Console

from domain.errors import NothingRecorded
from services.bootstrap import System
from services.causes import chain
from services.cli.opened import existing, telling_refusals
from services.cli.progress import positions
from services.event_log.checkpoint import Checkpoint
from services.event_log.note import NoteUnsoundError
from services.indonesian import word
from services.queries.asked import OfDifference
from services.queries.history import year_difference
from services.queries.table import QUERIES
from services.queries.workbook import workbook_of
from services.settings import Settings
from services.signed_states import SignedStates
from services.unsealing import encode_unsealed, texts_in
from services.verification import Verdict
from services.verification import verify as verify_institution
from services.year_file import open_year_file
from services.year_print import print_chain, print_difference, print_year

FoundT = TypeVar("FoundT")
_FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)


_INSTITUTION: Final = click.option("--institution", required=True, envvar="SAKIP_INSTITUTION", help="Instansi.")
_YEAR: Final = click.option("--year", required=True, type=click.IntRange(2000, 2100), help="Tahun kinerja.")
_UNIT: Final = click.option("--unit", help="Hanya satu unit.")
_KNOWN_AT: Final = click.option(
    "--known-at", help="Posisi, tanggal (akhir hari itu), atau waktu dengan zona: yang diketahui saat itu."
)
_VALID_ON: Final = click.option("--valid-on", help="Tanggal yang ditanyakan (bawaan: hari known-at).")
_JSON: Final = click.option("--json", "as_json", is_flag=True, help="Hanya satu objek JSON di keluaran baku.")


@contextmanager
def _asking(settings: Settings, institution: str, known_at: str | None, *, as_json: bool) -> Iterator[System]:
    """Open the system, and follow its log where nobody did; a refusal is told and ends with exit code 1.

    Rows of another program are replaced where they would be asked, which is not at a moment of the past.
    """
    with telling_refusals(as_json=as_json), existing(settings, institution) as system:
        stand = system.follower.stand(institution)
        if not stand.position or (stand.outdated and known_at is None):
            system.follower.catch_up(institution)
        yield system


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise click.ClickException(f"{path}: tidak dapat ditulis ({error.strerror})") from error


@click.command()
@_INSTITUTION
@_YEAR
@_UNIT
@_KNOWN_AT
@_VALID_ON
@click.option("--xlsx", type=click.Path(dir_okay=False, path_type=Path), help="Tulis buku kerja (XLSX) ke berkas ini.")
@_JSON
@click.pass_obj
def replay(settings: Settings, /, institution: str, year: int, xlsx: Path | None, as_json: bool, **at: Any) -> None:  # noqa: ANN401 - options
    """Putar ulang satu tahun: keadaan sebagaimana diketahui pada suatu saat, dan peristiwa yang membentuknya."""
    with _asking(settings, institution, at["known_at"], as_json=as_json) as system:
        file = open_year_file(system.reader, institution, year, **at)
        if as_json:
            click.echo(encode_unsealed(file, lambda digests: system.log.texts(institution, digests)))
        if xlsx is not None:
            _write(xlsx, workbook_of(system, file))
    if as_json:
        return
    if xlsx is not None:
        click.echo(f"{xlsx}: {len(file.events)} peristiwa sampai posisi {file.position}.")
    else:
        print_year(Console(), file)


@click.command()
@_INSTITUTION
@_YEAR
@_UNIT
@click.option("--earlier", help="Saat yang lebih awal: posisi, tanggal (akhir hari itu), atau waktu dengan zona.")
@click.option("--later", help="Saat yang lebih akhir (bawaan: known-at).")
@click.option("--as-reported", is_flag=True, help="Bandingkan dengan yang diketahui saat laporan disampaikan.")
@click.option("--since-approval", is_flag=True, help="Bandingkan dengan pengesahan terakhir setiap dokumen (bawaan).")
@_KNOWN_AT
@_VALID_ON
@_JSON
@click.pass_obj
def diff(settings: Settings, /, institution: str, year: int, as_json: bool, **given: Any) -> None:  # noqa: ANN401 - options
    """Apa yang berbeda antara dua saat: yang baru, berubah, atau hilang, oleh peristiwa mana, siapa, dan mengapa."""
    asked = msgspec.convert({"fiscal_year": year, **given}, OfDifference)
    with _asking(settings, institution, asked.known_at, as_json=as_json) as system:
        models = QUERIES["difference"].models
        with (
            system.reader.view(institution, models, asked.known_at, asked.valid_on) as view,
            positions(f"Membandingkan {institution}", view.position) as progress,
        ):
            found = year_difference(system.reader, system.log, view, asked, progress=progress)
            progress(view.position)  # what is compared may end before
        show = partial(print_difference, time_zone=system.handler.institution(institution).time_zone)
        _show(system, institution, found, show, as_json=as_json)


@click.command()
@click.argument("position", type=click.IntRange(1))
@_INSTITUTION
@_KNOWN_AT
@_VALID_ON
@_JSON
@click.pass_obj
def cause(
    settings: Settings, position: int, institution: str, known_at: str | None, valid_on: str | None, as_json: bool
) -> None:
    """Rantai sebab peristiwa di POSITION: apa yang memicunya, dan apa yang memicu itu, sampai ke pangkalnya."""
    with _asking(settings, institution, known_at, as_json=as_json) as system:
        with system.reader.view(institution, (), known_at, valid_on) as view:
            known = position <= view.position
        found = chain(system.log, system.codec, institution, position) if known else None
        if found is None:
            raise NothingRecorded(position=position)
        _show(system, institution, found, print_chain, as_json=as_json)


def _show(
    system: System,
    institution: str,
    found: FoundT,
    show: Callable[[Console, FoundT, Mapping[str, str]], None],
    *,
    as_json: bool,
) -> None:
    if as_json:
        click.echo(encode_unsealed(found, lambda digests: system.log.texts(institution, digests)))
    else:
        show(Console(), found, texts_in(found, lambda digests: system.log.texts(institution, digests)))


@click.command()
@click.option("--institution", envvar="SAKIP_INSTITUTION", help="Hanya satu instansi (bawaan: semua).")
@click.option("--checkpoint", "files", multiple=True, type=_FILE, help="Checkpoint dari luar; boleh beberapa.")
@click.option("--key", help="Kunci publik penanda tangan (bawaan: dari SAKIP_SIGNING_KEY).")
@click.option("--json", "as_json", is_flag=True, help="Hanya satu objek JSON di keluaran baku.")
@click.pass_obj
def verify(
    settings: Settings, institution: str | None, files: tuple[Path, ...], key: str | None, as_json: bool
) -> None:
    """Periksa catatan terhadap sidik dan checkpoint, data baca terhadap lipatan ulang; keluar 1 bila ada selisih."""
    try:
        with existing(settings) as system:
            states = SignedStates(settings, files, key)
            known = {*system.log.institutions(), *states.institutions()}
            if institution is not None and institution not in known and not states.of(institution):
                raise click.UsageError(f"Instansi tidak dikenal: {institution}")
            if not known and institution is None:
                raise click.UsageError("Belum ada catatan yang dapat diperiksa.")
            chosen = [institution] if institution else sorted(known)
            if strangers := states.strangers(chosen):
                raise click.UsageError(f"checkpoint instansi lain: {', '.join(strangers)}")
            verdicts = [_verified(system, each, states.of(each)) for each in chosen]
    except (NoteUnsoundError, OSError) as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        click.echo(msgspec.json.encode({"institutions": verdicts, "sound": all(each.sound for each in verdicts)}))
    else:
        _print(verdicts, checked=states.checked)
    if not all(each.sound for each in verdicts):
        raise SystemExit(1)


def _verified(system: System, institution: str, checkpoints: Sequence[Checkpoint]) -> Verdict:
    with positions(f"Memeriksa {institution}", system.log.head(institution)) as progress:
        return verify_institution(system, institution, checkpoints, progress)


def _print(verdicts: Sequence[Verdict], *, checked: bool) -> None:
    for found in verdicts:
        click.echo(f"{found.institution}: {found.events} peristiwa, {_outcome(found)}")
        if found.outdated:
            click.echo("  data baca disusun program versi lain: tidak diperiksa, akan disusun ulang dari log")
        if found.signed is not None and not checked:
            click.echo("  tanda tangan checkpoint tidak diperiksa: kunci publiknya tidak diberikan")
    click.echo("Pemeriksaan ini tidak menunjukkan bahwa isi catatan benar, atau bahwa semuanya dicatat.")
    if any(found.signed is None for found in verdicts):
        click.echo(
            "Tanpa checkpoint dari luar basis data, ekor yang dipotong, cadangan lama yang dipulihkan, dan log yang"
            " seluruhnya ditulis ulang tidak kelihatan."
        )


def _outcome(found: Verdict) -> str:
    if found.sound:
        sound = "log utuh" if found.outdated else "utuh"
        return sound if found.signed is None else f"{sound}, sesuai checkpoint sampai {found.signed}"
    if found.checkpoint is not None:
        return f"SELISIH: {word(found.fault)} (mulai posisi {found.position}, menurut checkpoint {found.checkpoint})"
    if found.fault is not None:
        return f"SELISIH: {word(found.fault)} (posisi {found.position})"
    parked = (f"{each.model} {each.key} berhenti di posisi {each.position}" for each in found.parked)
    return f"SELISIH: {', '.join((*found.differing, *parked))}"

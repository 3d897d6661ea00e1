"""`sakip checkpoint` and `sakip proof`: what can be given away so that nobody can rewrite the log unseen."""

from functools import partial
from pathlib import Path

import click
import msgspec

from services.bootstrap import System
from services.cli.opened import existing
from services.event_log.checkpoint import NotASuccessorError, Signer, last_signed
from services.event_log.note import NoteUnsoundError, SigningKey
from services.settings import Settings

_INSTITUTION = click.option("--institution", required=True, envvar="SAKIP_INSTITUTION", help="Instansi.")
_JSON = click.option("--json", "as_json", is_flag=True, help="Hanya satu objek JSON di keluaran baku.")
_SIZE = click.option("--size", type=click.IntRange(1), help="Banyaknya catatan log (bawaan: semua).")


@click.group()
def checkpoint() -> None:
    """Checkpoint bertanda tangan: banyaknya catatan dan akar pohonnya, untuk disimpan di luar basis data."""


@checkpoint.command("key")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--name", required=True, help="Nama penanda tangan, misalnya sakip.kabupaten.go.id.")
def key(file: Path, name: str) -> None:
    """Buat kunci penanda tangan baru dalam FILE dan tampilkan kunci publiknya."""
    try:
        created = SigningKey.create(name)
        created.save(file)
    except (ValueError, OSError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(created.verifying.written)


@checkpoint.command("sign")
@_INSTITUTION
@click.option("--begin", is_flag=True, help="Ini checkpoint pertama instansi ini; sesudahnya tidak boleh lagi.")
@_JSON
@click.pass_obj
def sign(settings: Settings, institution: str, begin: bool, as_json: bool) -> None:
    """Tanda tangani keadaan log sekarang, hanya bila melanjutkan yang ditandatangani terakhir; jika tidak, keluar 1."""
    if settings.signing_key is None or settings.checkpoints is None:
        raise click.UsageError("SAKIP_SIGNING_KEY dan SAKIP_CHECKPOINTS harus diisi")
    with existing(settings) as system:
        size = _demand_entries(system, institution)
        root, prove = system.proofs.root(institution, size), partial(system.proofs.hashes, institution)
        try:
            signer = Signer(SigningKey.load(settings.signing_key), settings.checkpoints)
            note = signer.sign(institution, size, root, prove, begin=begin)
        except (NotASuccessorError, NoteUnsoundError, OSError) as error:
            raise click.ClickException(f"tidak ditandatangani: {error}") from error
    _show(note, as_json=as_json)


@checkpoint.command("show")
@_INSTITUTION
@_JSON
@click.pass_obj
def show(settings: Settings, institution: str, as_json: bool) -> None:
    """Tampilkan checkpoint terakhir yang disimpan."""
    note = last_signed(settings.checkpoints, institution)
    if note is None:
        raise click.ClickException("belum ada checkpoint yang disimpan dalam SAKIP_CHECKPOINTS")
    _show(note, as_json=as_json)


@click.group()
def proof() -> None:
    """Bukti dari pohon log, untuk diperiksa terhadap checkpoint."""


@proof.command("inclusion")
@click.argument("position", type=click.IntRange(1))
@_INSTITUTION
@_SIZE
@click.pass_obj
def inclusion(settings: Settings, position: int, institution: str, size: int | None) -> None:
    """Buktikan bahwa catatan pada POSITION ada di antara SIZE catatan pertama; keluaran JSON."""
    with existing(settings) as system:
        head = _demand_entries(system, institution)
        try:
            found = system.proofs.inclusion(institution, position, size or head)
        except (LookupError, ValueError) as error:
            raise click.ClickException(f"tidak ada catatan itu: {error}") from error
    click.echo(msgspec.json.encode(found))


@proof.command("consistency")
@click.argument("old_size", type=click.IntRange(0))
@_INSTITUTION
@_SIZE
@click.pass_obj
def consistency(settings: Settings, old_size: int, institution: str, size: int | None) -> None:
    """Buktikan bahwa OLD_SIZE catatan pertama adalah awal dari SIZE catatan pertama; keluaran JSON."""
    with existing(settings) as system:
        head = _demand_entries(system, institution)
        try:
            found = system.proofs.consistency(institution, old_size, size or head)
        except (LookupError, ValueError) as error:
            raise click.ClickException(f"tidak ada keadaan itu: {error}") from error
    click.echo(msgspec.json.encode(found))


@proof.command("renew")
@_INSTITUTION
@click.pass_obj
def renew(settings: Settings, institution: str) -> None:
    """Buang simpanan pohon dan susun lagi dari catatan, bila `sakip verify` menyebut merkle_tile."""
    with existing(settings) as system:
        size = _demand_entries(system, institution)
        system.proofs.forget(institution)
        root = system.proofs.root(institution, size)
    click.echo(f"{institution}: {size} catatan, akar {root.hex()}")


def _demand_entries(system: System, institution: str) -> int:
    """Return the head of a log, or raise a usage error where there is none: a name misspelt is never signed."""
    head = system.log.head(institution)
    if head == 0:
        raise click.UsageError(f"Instansi tidak dikenal: {institution}")
    return head


def _show(note: str, *, as_json: bool) -> None:
    click.echo(msgspec.json.encode({"note": note}) if as_json else note, nl=as_json)

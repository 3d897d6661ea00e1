"""`sakip import`: read published data, check it, and record it as history."""

import json
from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress

from services.bootstrap import bootstrap
from services.importing.account import as_json, in_words
from services.importing.applying import Applied, Importer
from services.importing.entities import AliasesMalformed, load_aliases
from services.importing.faults import Fault, fault
from services.importing.folder import read_folder
from services.importing.history import InstitutionHistory, plan_history
from services.importing.staging import ROW_ERRORS, UNREADABLE, Batch, Stager
from services.importing.tables import tables
from services.rulebooks import load_rulebooks
from services.settings import Settings

ADMINISTRATOR = "admin"
"""The first administrator of an institution that the import begins, unless another is named."""


@click.command("import")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--apply", "applying", is_flag=True, help="Catat sebagai riwayat; tanpa ini data hanya diperiksa.")
@click.option("--digest", help="Sidik dari pemeriksaan; pencatatan ditolak bila isinya sudah berubah.")
@click.option("--skip-errors", is_flag=True, help="Catat baris yang baik walaupun ada baris yang salah.")
@click.option("--aliases", type=click.Path(path_type=Path), help="Berkas alias setempat, menambah yang bawaan.")
@click.option("--administrator", default=ADMINISTRATOR, show_default=True, help="Administrator pertama instansi baru.")
@click.option("--json", "as_object", is_flag=True, help="Hanya satu objek JSON di keluaran baku.")
@click.pass_obj
def import_data(  # noqa: PLR0913, PLR0917 - the options of the verb
    settings: Settings,
    folder: Path,
    applying: bool,
    digest: str | None,
    skip_errors: bool,
    aliases: Path | None,
    administrator: str,
    as_object: bool,
) -> None:
    """Baca data terbitan dalam DIR, periksa hitungannya, dan dengan --apply catat sebagai riwayat.

    Kode keluar 0: bersih; 1: ada baris yang salah atau fakta yang ditolak; 2: tidak terbaca atau sudah berubah.
    """
    shelf = load_rulebooks(settings.rulebooks)
    try:
        entities = load_aliases(aliases)
    except AliasesMalformed as malformed:
        raise click.UsageError(f"Berkas alias tidak dapat dipakai: {malformed}") from malformed
    batch = Stager(shelf, entities, tables()).stage(read_folder(folder))
    refusals = _changed(batch, digest, folder)
    applied = None
    if applying and not refusals and not batch.unreadable and (skip_errors or not batch.errors):
        histories = plan_history(batch, entities, shelf, tables(), administrator=administrator)
        with Progress(console=Console(stderr=True)) as progress:
            applied = _apply(settings, histories, progress)
    if as_object:
        click.echo(json.dumps(as_json(batch, applied, refusals), ensure_ascii=False))
    else:
        for line in in_words(batch, applied, refusals):
            click.echo(line)
    if applying and applied is None:
        click.echo(_why_nothing(batch, refusals), err=True)
    raise SystemExit(_exit_code(batch, applied, refusals))


def _why_nothing(batch: Batch, refusals: Sequence[Fault]) -> str:
    if refusals or batch.unreadable:
        return "Tidak ada yang dicatat: " + "; ".join(each.message for each in refusals or batch.errors)
    return "Tidak ada yang dicatat: perbaiki baris yang salah, atau pakai --skip-errors."


def _changed(batch: Batch, digest: str | None, folder: Path) -> list[Fault]:
    """Return the refusal of a batch that is no longer the one that was looked at."""
    if digest is None or digest.strip().lower() == batch.digest:
        return []
    return [fault("digest_changed", folder.name, detail=batch.digest)]


def import_folder(settings: Settings, folder: Path, progress: Progress) -> Applied:
    """Record the good rows of a folder on the database of the settings; raise ClickException where it is unreadable."""
    shelf, entities = load_rulebooks(settings.rulebooks), load_aliases()
    batch = Stager(shelf, entities, tables()).stage(read_folder(folder))
    if batch.unreadable:
        raise click.ClickException("; ".join(each.message for each in batch.errors))
    return _apply(settings, plan_history(batch, entities, shelf, tables(), administrator=ADMINISTRATOR), progress)


def _apply(settings: Settings, histories: Sequence[InstitutionHistory], progress: Progress) -> Applied:
    system = bootstrap(settings)
    try:
        importer = Importer(system.handler, system.clock, system.delivery.settle)
        task = progress.add_task("Mencatat riwayat", total=sum(len(history.facts) for history in histories))
        return importer.apply(histories, lambda: progress.advance(task))
    finally:
        system.close()


def _exit_code(batch: Batch, applied: Applied | None, refusals: Sequence[Fault]) -> int:
    if refusals:
        return UNREADABLE
    refused = applied is not None and bool(applied.refused)
    return max(batch.exit_code, ROW_ERRORS if refused else 0)

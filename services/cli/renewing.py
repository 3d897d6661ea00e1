"""`sakip rebuild` and `sakip parked`: read models folded anew, as a whole or where they stopped."""

from collections.abc import Sequence

import click
import msgspec

from projections.catalogue import READ_MODELS
from projections.keyed_fold import WHOLE
from services.bootstrap import System
from services.cli.opened import existing, telling_refusals
from services.cli.progress import positions
from services.generations import TakenOverError
from services.indonesian import instant
from services.read_tables import ParkedSince
from services.rebuilding import Rebuilt
from services.settings import Settings

_NAMES = tuple(model.name for model in READ_MODELS)
_INSTITUTION = click.option("--institution", required=True, envvar="SAKIP_INSTITUTION", help="Instansi.")
_JSON = click.option("--json", "as_json", is_flag=True, help="Hanya satu objek JSON di keluaran baku.")


@click.command()
@click.argument("name", required=False, type=click.Choice(_NAMES), metavar="[NAME]")
@_INSTITUTION
@_JSON
@click.pass_obj
def rebuild(settings: Settings, name: str | None, institution: str, as_json: bool) -> None:
    """Lipat ulang data baca di samping yang dipakai, bandingkan, lalu ganti sekaligus; keluar 1 bila ada selisih.

    NAME memilih satu data baca (bawaan: semua). Sementara itu semua orang tetap mencatat dan membaca.
    """
    with existing(settings, institution) as system:
        try:
            rebuilt = _rebuilt(system, institution, name)
        except TakenOverError as error:
            message = "Penyusunan ulang yang lebih baru sudah dimulai; data lama tetap dipakai."
            raise click.ClickException(message) from error
    if as_json:
        click.echo(msgspec.json.encode(rebuilt))
    else:
        click.echo(f"Data baca diganti pada posisi {rebuilt.position}; {_compared(rebuilt)}.")
    if rebuilt.differing:
        raise SystemExit(1)


@click.group(invoke_without_command=True)
@_INSTITUTION
@_JSON
@click.pass_context
def parked(context: click.Context, institution: str, as_json: bool) -> None:
    """Tampilkan bagian data baca yang berhenti: di posisi mana, berapa peristiwa menunggu, sebabnya, sejak kapan."""
    if context.invoked_subcommand is not None:
        context.obj = (context.obj, institution, as_json)
        return
    with existing(context.obj, institution) as system:
        found = system.parking.parked(institution)
        time_zone = system.handler.institution(institution).time_zone
    _show(found, time_zone, as_json=as_json)


@parked.command("retry")
@click.argument("model", required=False, type=click.Choice(_NAMES), metavar="[MODEL")
@click.argument("key", required=False, metavar="KEY]")
@click.pass_obj
def retry(given: tuple[Settings, str, bool], model: str | None, key: str | None) -> None:
    """Lipat lagi dari tempat berhentinya, sesudah program diperbaiki; keluar 1 bila masih ada yang gagal.

    MODEL dan KEY memilih satu (bawaan: semua); KEY `*` adalah data baca itu seluruhnya.
    """
    settings, institution, as_json = given
    if model is not None and key is None:
        raise click.UsageError("KEY harus diisi bersama MODEL")
    with telling_refusals(as_json=as_json), existing(settings, institution) as system:
        system.follower.catch_up(institution)  # rows of another shape are replaced first
        known = {(each.model, each.key) for each in system.parking.parked(institution)}
        chosen = known if model is None or key is None else {(model, key)}
        if not chosen <= known:
            raise click.UsageError(f"Tidak sedang berhenti: {model} {key}")
        with positions("Melipat lagi", system.log.head(institution)) as progress:
            failed = system.parking.retry(institution, chosen, progress)
        time_zone = system.handler.institution(institution).time_zone
    _show(failed, time_zone, as_json=as_json)
    if failed:
        raise SystemExit(1)


def _rebuilt(system: System, institution: str, name: str | None) -> Rebuilt:
    chosen = [model for model in READ_MODELS if name in {None, model.name}]
    with positions("Melipat ulang", system.log.head(institution)) as progress:
        return system.follower.rebuild(institution, chosen, progress)


def _compared(rebuilt: Rebuilt) -> str:
    if rebuilt.compared is None:
        return "yang lama dari versi program lain, tidak dapat dibandingkan"
    if not rebuilt.differing:
        return f"sama dengan yang lama pada posisi {rebuilt.compared}"
    found = ", ".join(f"{name} {number} kunci" for name, number in rebuilt.differing.items())
    return f"SELISIH dengan yang lama pada posisi {rebuilt.compared}: {found}"


def _show(found: Sequence[ParkedSince], time_zone: str, *, as_json: bool) -> None:
    if as_json:
        click.echo(msgspec.json.encode({"parked": found}))
        return
    for each in found:
        key = "(seluruhnya)" if each.key == WHOLE else each.key
        click.echo(
            f"{each.model} {key}: berhenti di posisi {each.position}, {each.waiting} peristiwa menunggu,"
            f" sejak {instant(each.since, time_zone)}: {each.reason}"
        )
    if not found:
        click.echo("Tidak ada yang berhenti.")

"""`sakip lag`: how far workflows and read models are behind what was recorded."""

from decimal import Decimal

import click
import msgspec

from services.cli.opened import existing
from services.indonesian import figure
from services.lag import Lag
from services.settings import Settings


@click.command("lag")
@click.option("--institution", envvar="SAKIP_INSTITUTION", help="Hanya satu instansi (bawaan: semua).")
@click.option("--json", "as_json", is_flag=True, help="Hanya satu objek JSON di keluaran baku.")
@click.pass_obj
def show_lag(settings: Settings, institution: str | None, as_json: bool) -> None:
    """Tampilkan ketertinggalan alur kerja dan data baca dari catatan, dan umur peristiwa tertua yang belum diikuti."""
    with existing(settings, institution) as system:
        chosen = [institution] if institution else system.log.institutions()
        found = [system.delivery.lag(each) for each in chosen]
    if as_json:
        click.echo(msgspec.json.encode({"institutions": found}))
        return
    for lag in found:
        click.echo(_sentence(lag))


def _sentence(lag: Lag) -> str:
    if lag.read_models == lag.workflows == 0:
        return f"{lag.institution}: {lag.head} peristiwa, semuanya sudah diikuti"
    return (
        f"{lag.institution}: {lag.head} peristiwa, data baca tertinggal {lag.read_models}, "
        f"alur kerja tertinggal {lag.workflows}, yang tertua berumur {figure(Decimal(lag.oldest_seconds), 1)} detik"
    )

"""`sakip query NAME`: every query of the API, its parameters as options."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlencode

import click
import msgspec
from msgspec.inspect import BoolType, EnumType, LiteralType, Metadata, Type, UnionType, VarTupleType, type_info

from services.cli.api_client import call, show
from services.queries.query import Query
from services.queries.table import QUERIES
from services.settings import Settings

_HELP = {
    "known_at": "Sebagaimana diketahui pada posisi, tanggal, atau waktu dengan zona (bawaan: sekarang).",
    "valid_on": "Yang berlaku pada tanggal ini (bawaan: hari pada known_at).",
    "after": "Tunggu sampai data baca mencapai posisi ini.",
    "limit": "Banyaknya isi satu halaman, 1 sampai 1000.",
    "cursor": "Halaman berikutnya, dari jawaban sebelumnya.",
    "unit": "Kode unit.",
    "fiscal_year": "Tahun kinerja.",
    "key": "Kode.",
    "position": "Posisi catatan.",
    "old_size": "Banyaknya catatan pada saat yang lebih awal.",
    "owner": "Unit yang harus menindaklanjuti.",
}


@click.group()
def query() -> None:
    """Tanyakan keadaan: kini, sebagaimana diketahui dahulu, atau yang berlaku pada suatu tanggal."""


def _verb(asked: Query) -> click.Command:
    fields = msgspec.structs.fields(asked.asked)

    def run(settings: Settings, institution: str, as_json: bool, **given: Any) -> None:  # noqa: ANN401 - options
        path = asked.address.format(
            **{name: quote(value or "", safe="") for name, value in given.items() if name in of}
        )
        params = {name: _text(value) for name, value in given.items() if name not in of and value not in {None, ()}}
        address = f"/institutions/{quote(institution, safe='')}{path}"
        show(call(settings, "GET", f"{address}?{urlencode(params, doseq=True)}"), as_json=as_json)

    of = frozenset(re.findall(r"\{([^}]+)\}", asked.address))
    options: list[Callable[[Any], Any]] = [
        click.option("--institution", required=True, envvar="SAKIP_INSTITUTION", help="Instansi."),
        *(_option(field.name, type_info(field.type), required=field.name in of) for field in fields),
        click.option("--json", "as_json", is_flag=True, help="Hanya satu objek JSON di keluaran baku."),
    ]
    callback: Any = click.pass_obj(run)
    for option in reversed(options):
        callback = option(callback)
    return click.command(asked.name.replace("_", "-"), help=f"{asked.title}.")(callback)


def _option(name: str, kind: Type, *, required: bool) -> Callable[[Any], Any]:
    flag, text = f"--{name.replace('_', '-')}", _HELP.get(name)
    kinds = _alternatives(kind)
    if any(isinstance(each, BoolType) for each in kinds):
        return click.option(f"{flag}/--no-{flag[2:]}", name, default=None, help=text)
    items = [item for each in kinds if isinstance(each, VarTupleType) for item in _alternatives(each.item_type)]
    choices = [str(choice) for each in (items or kinds) for choice in _choices(each)]
    return click.option(
        flag, name, type=click.Choice(choices) if choices else None, multiple=bool(items), required=required, help=text
    )


def _alternatives(kind: Type) -> list[Type]:
    if isinstance(kind, Metadata):
        return _alternatives(kind.type)
    if isinstance(kind, UnionType):
        return [each for alternative in kind.types for each in _alternatives(alternative)]
    return [kind]


def _choices(kind: Type) -> list[Any]:
    if isinstance(kind, LiteralType):
        return list(kind.values)
    return [member.value for member in kind.cls] if isinstance(kind, EnumType) else []


def _text(value: Any) -> Any:  # noqa: ANN401 - a text, several, or a flag
    return str(value).lower() if isinstance(value, bool) else value


for each in QUERIES.values():
    query.add_command(_verb(each))

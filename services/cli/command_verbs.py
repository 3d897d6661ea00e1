"""`sakip STAGE VERB`: every command of the API, its fields as options."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import click
import msgspec
from msgspec.inspect import BoolType, CustomType, DateType, EnumType, IntType, Metadata, StrType, UnionType, type_info

from domain.command import Command, name_of
from domain.cycle import STAGES
from domain.glossary import indonesian
from domain.organisation.commands import FoundInstitution
from services.cli.api_client import call, show
from services.command_words import COMMAND_WORDS
from services.settings import Settings

_PLAIN = (StrType, IntType, DateType, EnumType, BoolType, CustomType)


def stage_groups() -> list[click.Group]:
    """Return one group for each stage, with a verb for each of its commands."""
    return [
        _group(stage.name, [kind for kind in get_args(stage.commands) if kind is not FoundInstitution])
        for stage in STAGES
    ]


def _group(stage: str, kinds: list[type[Command]]) -> click.Group:
    verbs = [_verb(stage, kind) for kind in kinds]
    term = indonesian(stage.removeprefix("allowance_"))  # the glossary has the short word
    return click.Group(stage.replace("_", "-"), commands=verbs, help=f"Perintah tahap {term}.")


def _verb(stage: str, kind: type[Command]) -> click.Command:
    verb = name_of(kind).partition(".")[2].replace("_", "-")
    fields = msgspec.structs.fields(kind)
    plain = {field.name: _is_plain(type_info(field.type)) for field in fields}

    def run(
        settings: Settings,
        institution: str,
        body: str | None,
        key: str | None,
        as_json: bool,
        **given: Any,  # noqa: ANN401 - the fields of any command
    ) -> None:
        content = _read(body) if body else {}
        for name, value in given.items():
            if value is not None:
                content[name] = value if plain[name] else _read(value)
        headers = {"Idempotency-Key": key} if key else None
        path = f"/institutions/{institution}/{stage.replace('_', '-')}/{verb}"
        show(call(settings, "POST", path, body=content, headers=headers), as_json=as_json)

    options: list[Callable[[Any], Any]] = [
        click.option("--institution", required=True, envvar="SAKIP_INSTITUTION", help="Instansi."),
        click.option("--body", help="Seluruh perintah sebagai JSON, @berkas, atau - untuk masukan baku."),
        click.option("--key", help="Idempotency-Key: mengulang dengan kunci sama tidak mencatat dua kali."),
        click.option("--json", "as_json", is_flag=True, help="Hanya satu objek JSON di keluaran baku."),
    ]
    for field in fields:
        help_text = "Teks." if plain[field.name] else "JSON atau @berkas."
        kind_of = click.INT if isinstance(type_info(field.type), IntType) else click.STRING
        option = f"--{field.name.replace('_', '-')}"
        options.append(click.option(option, field.name, type=kind_of, help=help_text))
    callback: Any = click.pass_obj(run)
    for option in reversed(options):
        callback = option(callback)
    return click.command(verb, help=COMMAND_WORDS[name_of(kind)])(callback)


def _is_plain(kind: Any) -> bool:  # noqa: ANN401 - any node of msgspec's description
    if isinstance(kind, Metadata):
        return _is_plain(kind.type)
    if isinstance(kind, UnionType):
        return all(_is_plain(each) for each in kind.types if type(each).__name__ != "NoneType")
    return isinstance(kind, _PLAIN)


def _read(text: str) -> Any:  # noqa: ANN401 - any JSON
    try:
        if text == "-":
            text = sys.stdin.read()
        elif text.startswith("@"):
            text = Path(text[1:]).read_text(encoding="utf-8")
        return json.loads(text)
    except (OSError, ValueError) as error:
        raise click.BadParameter(f"bukan JSON yang dapat dibaca: {error}") from error

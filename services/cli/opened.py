"""Opens the system for a verb, and closes it whatever happens."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from sqlalchemy import make_url

from domain.errors import Refusal
from services.bootstrap import System, bootstrap
from services.settings import Settings


@contextmanager
def opened(settings: Settings) -> Iterator[System]:
    """Open the system, and make its database where there is none yet."""
    system = bootstrap(settings)
    try:
        yield system
    finally:
        system.close()


@contextmanager
def existing(settings: Settings, institution: str | None = None) -> Iterator[System]:
    """Open a system that was there before, to ask it about an institution that it knows.

    A question never makes a database: an empty one would answer that all is well.
    """
    demand_database(settings)
    with opened(settings) as system:
        if institution is not None:
            demand_institution(system, institution)
        yield system


@contextmanager
def telling_refusals(*, as_json: bool) -> Iterator[None]:
    """Tell a refusal and what it is about, in words or as JSON, and end with exit code 1."""
    try:
        yield
    except Refusal as refusal:
        if as_json:
            told = {"code": refusal.code, "title": refusal.title, "fields": refusal.fields}
            click.echo(json.dumps(told, ensure_ascii=False, default=str))
            raise SystemExit(1) from refusal
        fields = "".join(f"; {name}: {value}" for name, value in refusal.fields.items())
        raise click.ClickException(f"{refusal.title} [{refusal.code}]{fields}") from refusal


def demand_database(settings: Settings) -> None:
    """Raise a usage error where a SQLite file does not exist."""
    address = make_url(settings.database_url) if settings.database_url != "memory:" else None
    if address is not None and address.get_backend_name() == "sqlite" and not Path(address.database or "").is_file():
        raise click.UsageError(f"Basis data tidak ada: {address.database}")


def demand_institution(system: System, institution: str) -> None:
    """Raise a usage error where an institution has no log."""
    try:
        system.handler.institution(institution)
    except Refusal as refusal:
        raise click.UsageError(f"{refusal.title}: {institution}") from refusal

"""How the command line reaches the API: at a server, or at the application itself over the local database."""

import asyncio
import json
import os
from typing import Any, cast

import click
import httpx

from services.cli.opened import existing
from services.http.app import create_app
from services.settings import Settings

TIMEOUT_SECONDS = 60.0


def call(
    settings: Settings,
    method: str,
    path: str,
    *,
    body: dict[str, Any] | None = None,
    params: dict[str, str] | None = None,
    headers: dict[str, str] | None = None,
) -> httpx.Response:
    """Send one request as the bearer of SAKIP_TOKEN: to SAKIP_SERVER where it is set, else within this process."""
    token = os.environ.get("SAKIP_TOKEN", "")
    if not token:
        raise click.UsageError("SAKIP_TOKEN belum diisi; terbitkan dengan `sakip token issue`")
    server = os.environ.get("SAKIP_SERVER")
    request = httpx.Request(
        method,
        f"{(server or 'http://localhost').rstrip('/')}/api/v1{path}",
        params=params,
        headers={"Authorization": f"Bearer {token}", **(headers or {})},
        json=body,
    )
    if server:
        with httpx.Client(timeout=TIMEOUT_SECONDS) as client:
            return client.send(request)
    return asyncio.run(_within(settings, request))


async def _within(settings: Settings, request: httpx.Request) -> httpx.Response:
    with existing(settings) as system:
        transport = httpx.ASGITransport(cast("Any", create_app(system)))  # the two write the same protocol differently
        async with httpx.AsyncClient(transport=transport) as client:
            response = await client.send(request)
        for institution in system.log.institutions():
            system.delivery.settle(institution)
        return response


def show(response: httpx.Response, *, as_json: bool) -> None:
    """Print an answer: one JSON object, or indented for people; a problem goes to standard error with exit code 1."""
    content = response.json() if response.content else {}
    if response.is_success:
        click.echo(json.dumps(content, ensure_ascii=False, indent=None if as_json else 2))
        return
    if as_json:
        click.echo(json.dumps(content, ensure_ascii=False))
    else:
        detail = content.get("detail") or ""
        click.echo(f"{content.get('title')} [{content.get('code')}] {detail} {content.get('fields') or ''}", err=True)
    raise SystemExit(1)

"""Puts a page together: its template, the words for codes and ids in it, and the headers that every page has."""

import hashlib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from litestar import MediaType, Response
from litestar.datastructures import Cookie
from litestar.status_codes import HTTP_200_OK

from domain.sealed_text import SealedText
from services.http.page_views import tone
from services.indonesian import day, figure, instant, month, word

_FOLDER: Final = Path(__file__).parent
STYLE: Final = (_FOLDER / "static" / "pages.css").read_bytes()

_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none';"
        " frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
"""Nothing runs, nothing comes from elsewhere, nothing is framed, told to others or kept."""


def render(
    template: str, *, status: int = HTTP_200_OK, cookies: tuple[Cookie, ...] = (), **content: object
) -> Response[str]:
    """Return a page."""
    text = _ENVIRONMENT.get_template(template).render(**content)
    return Response(text, status_code=status, media_type=MediaType.HTML, headers=dict(_HEADERS), cookies=list(cookies))


def signed(value: Decimal) -> str:
    """Write a change of a figure with its sign: '+3,20', '−1,05'."""
    sign = "+" if value > 0 else "−" if value < 0 else "±"
    return f"{sign}{figure(abs(value), 2)}"


@pass_context
def _text(context: Context, sealed: SealedText | None) -> str:
    """Write a text that a person typed, or that it was erased."""
    if sealed is None:
        return "–"
    texts: Mapping[str, str] = context["texts"]
    return texts.get(sealed.digest, "(teks sudah dihapus)")


@pass_context
def _unit(context: Context, unit: str) -> str:
    names: Mapping[str, str] = context["unit_names"]
    return names.get(unit, unit)


@pass_context
def _person(context: Context, person: str) -> str:
    names: Mapping[str, SealedText] = context["person_names"]
    sealed = names.get(person)
    texts: Mapping[str, str] = context["texts"]
    return person if sealed is None else texts.get(sealed.digest, person)


@pass_context
def _rule(context: Context, rule: Any) -> str:  # noqa: ANN401 - a rule triple, out of a template
    """Write the title of a rulebook, or its name and version where it is not at hand."""
    book = context["rulebooks"].get(rule.digest)
    return f"{rule.name} v{rule.version}" if book is None else str(book.title)


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters = {"day": day, "figure": figure, "instant": instant, "month": month, "word": word, "tone": tone}
    environment.filters.update(filters, signed=signed, text=_text, unit=_unit, person=_person, rule=_rule)
    environment.globals["style_version"] = hashlib.sha256(STYLE).hexdigest()[:8]
    return environment


_ENVIRONMENT: Final = _environment()

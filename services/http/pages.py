"""Four plain pages to read, for browsers: each a question about an institution at a moment, answered in Indonesian."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

from litestar import Response, Router, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from domain.bounds import FIRST_FISCAL_YEAR, LAST_FISCAL_YEAR
from projections import (
    cycle_status,
    evaluation_result,
    hold_register,
    obligation_calendar,
    organisation_chart,
    recommendation_register,
)
from projections.read_model import ReadModel
from services.bootstrap import System
from services.clock import local_day
from services.http import page_views
from services.http.authentication import AUTHENTICATED
from services.http.page_asked import PageAsked, PageRequest, Permits, asked_of
from services.http.page_frame import STYLE, render
from services.http.page_problems import HANDLERS
from services.http.page_views import Question, Shown
from services.http.sign_in import form, go_to, sign_in, sign_out
from services.reading import View
from services.unsealing import texts_in


class Page(NamedTuple):
    """One page.

    `authority` is the query that a person must be permitted, `default_year` the performance year that is shown in a
    calendar year (null: all years), `always_one_year` whether all years together make no sense.
    """

    slug: str
    title: str
    lead: str
    authority: str
    models: tuple[ReadModel[Any], ...]
    show: Callable[[Question], Shown]
    default_year: Callable[[int], int | None] = lambda _year: None
    always_one_year: bool = False

    @property
    def template(self) -> str:
        """The file of its template."""
        return f"{self.show.__name__}.html"


_CHART, _DUTIES = organisation_chart.READ_MODEL, obligation_calendar.READ_MODEL
PAGES: Final = (
    Page(
        slug="belum-mengisi",
        title="Siapa belum mengisi",
        lead="Perjanjian, pengukuran, dan laporan yang belum masuk, dan kewajiban yang lewat jatuh tempo.",
        authority=cycle_status.READ_MODEL.name,
        models=(_CHART, cycle_status.READ_MODEL, _DUTIES),
        show=page_views.not_filled_in,
        default_year=lambda year: year,
    ),
    Page(
        slug="nilai",
        title="Nilai dan predikat",
        lead="Hasil evaluasi AKIP dua tahun berdampingan: predikat yang terbit di samping predikat menurut aturan.",
        authority=evaluation_result.READ_MODEL.name,
        models=(_CHART, evaluation_result.READ_MODEL),
        show=page_views.scores,
        default_year=lambda year: max(year - 1, FIRST_FISCAL_YEAR),
        always_one_year=True,
    ),
    Page(
        slug="rekomendasi",
        title="Matriks rekomendasi",
        lead="Rekomendasi, rencana aksi, penanggung jawab, batas waktu, kemajuan, dan buktinya.",
        authority=recommendation_register.READ_MODEL.name,
        models=(_CHART, recommendation_register.READ_MODEL),
        show=page_views.recommendations,
    ),
    Page(
        slug="penundaan",
        title="Register penundaan TPP",
        lead="Tunjangan yang ditunda, dipotong, atau tidak dibayarkan: dasar, keputusan, keberatan, pelepasan.",
        authority=hold_register.READ_MODEL.name,
        models=(_CHART, hold_register.READ_MODEL),
        show=page_views.holds,
    ),
)
"""The four pages."""


def page_route(page: Page) -> HTTPRouteHandler:
    """Return the route of one page, such as `GET /instansi/contoh/nilai?year=2024&unit=dinkes`."""

    @get(f"/instansi/{{institution:str}}/{page.slug}", name=f"page.{page.slug}", sync_to_thread=True)
    def show(request: PageRequest, institution: FromPath[str]) -> Response[str]:
        system: System = request.app.state.system
        asked = asked_of(request)
        permits = _permits(system, institution, request.user.person)
        unit = permits.unit_for(page.authority, asked.unit)
        if unit != asked.unit:
            return go_to(f"{request.url.path}?{asked.query(unit=unit)}")
        with system.reader.view(institution, page.models, asked.known_at, asked.valid_on) as view:
            content = _content(page, view, asked, permits)
        answers = (content["shown"], content["person_names"])
        texts = texts_in(answers, lambda digests: system.log.texts(institution, digests))
        return render(page.template, **content, texts=texts, rulebooks=system.shelf.by_digest)

    return show


@get("/", name="page.start", sync_to_thread=True)
def start(request: PageRequest) -> Response[str]:
    """Return the list of the pages, with those that the person may open."""
    system: System = request.app.state.system
    bearer = request.user
    permits = _permits(system, bearer.institution, bearer.person)
    return render(
        "start.html",
        institution=bearer.institution,
        name=permits.organisation.name,
        person=bearer.person,
        pages=[(each, bool(permits.units(each.authority))) for each in PAGES],
    )


@get("/pages.css", name="page.style", sync_to_thread=False)
def style() -> Response[bytes]:
    """Return the style sheet; its address changes with its content."""
    return Response(STYLE, media_type="text/css", headers={"Cache-Control": "public, max-age=86400"})


def _permits(system: System, institution: str, person: str) -> Permits:
    organisation = system.handler.institution(institution)
    today = local_day(system.clock.now(), organisation.time_zone)
    return Permits(person=person, organisation=organisation, day=today)


def _content(page: Page, view: View, asked: PageAsked, permits: Permits) -> dict[str, Any]:
    rows, day = view.rows, view.valid_on
    chart = organisation_chart.institution(rows, day)
    year = asked.year
    if year is None and (page.always_one_year or not asked.all_years):
        year = page.default_year(_fiscal(day.year))
    may_see_duties = permits.may(_DUTIES.name, asked.unit)
    question = Question(rows, day, asked.unit, year, may_see_duties)
    people = organisation_chart.people(rows, day)
    exact = {"known_at": view.position, "valid_on": day, "year": "" if year is None else year}
    return {
        "page": page,
        "pages": [each for each in PAGES if each is page or permits.units(each.authority)],
        "asked": asked,
        "view": view,
        "year": year,
        "name": permits.organisation.name if chart is None else chart.name,
        "time_zone": permits.organisation.time_zone,
        "person": permits.person,
        "years": _years((), year, day) if chart is None else _years(chart.fiscal_years, year, day),
        "units": permits.units(page.authority),
        "all_units": permits.may(page.authority),
        "exact": asked.query(**exact) if view.position and not view.parked else None,
        "unit_names": organisation_chart.names(rows, day),
        "person_names": {each.person: each.name for each in people if each.name is not None},
        "shown": page.show(question),
    }


def _years(opened: Sequence[int], chosen: int | None, day: date) -> range:
    """Return the years to choose from: those opened and the one before, which is evaluated in the first, and this."""
    known = [*opened, _fiscal(day.year), *([] if chosen is None else [chosen])]
    return range(_fiscal(min(known) - 1), max(known) + 1)


def _fiscal(year: int) -> int:
    return min(max(year, FIRST_FISCAL_YEAR), LAST_FISCAL_YEAR)


_OPEN: Final = (form, sign_in, sign_out, style)
_GUARDED: Final = Router(
    path="/",
    route_handlers=[start, *map(page_route, PAGES)],
    middleware=[AUTHENTICATED],
)
ROUTER: Final = Router(
    path="/",
    route_handlers=[*_OPEN, _GUARDED],
    include_in_schema=False,
    exception_handlers={**HANDLERS},
)

"""The four pages: for whom, of which moment, in which words, and safe to open."""

import asyncio
import html
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any, cast

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.http.authentication import COOKIE
from services.http.page_views import tone
from services.http.pages import PAGES
from services.http.sign_in import onward
from services.indonesian import day, instant, month
from tests.services.http.further_on import HOLD, OPEN, go_on
from tests.services.http.world import ADMINISTRATOR, HOME, NEIGHBOUR, World, open_world, propose_and_sign, settle_in

ATTACK = "<script>alert('x')</script>"
NOT_FILLED, SCORES, MATRIX, HOLDS = (f"/instansi/{HOME}/{page.slug}" for page in PAGES)
EVERY_PAGE = (NOT_FILLED, SCORES, MATRIX, HOLDS)
AUDITOR = "auditor"


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    """Yield a year in which every page has something to show, with texts that want to be scripts."""
    with open_world("memory:") as world:
        settle_in(world)
        propose_and_sign(world)
        go_on(world)
        world.do(ADMINISTRATOR, "/organisation/establish-unit", unit="siasat", name=ATTACK)
        evidence = [{"file": "b" * 64, "name": f"Foto {ATTACK}", "dated": "2024-02-02"}]
        progress: dict[str, Any] = {"recommendation": OPEN, "progress": f"Sudah rapat {ATTACK}", "evidence": evidence}
        world.do("operator", "/follow-up/report-progress", **progress)
        external: dict[str, Any] = {
            "issuer": "KemenPANRB",
            "number": "B/512",
            "issued_on": "2024-02-02",
            "evaluation_year": 2024,
            "score": {"total": "71.25", "predicate": "B"},
        }
        world.do("inspektur", "/evaluation/record-external", unit="pemda", fiscal_year=2023, **external)
        yield world


def send(world: World, method: str, path: str, *, base: str = "http://sakip.test", **more: Any) -> httpx.Response:  # noqa: ANN401
    """Send a request as a browser without memory does: it follows nothing and keeps nothing."""

    async def sent() -> httpx.Response:
        transport = httpx.ASGITransport(cast("Any", world.app))
        async with httpx.AsyncClient(transport=transport, base_url=base) as client:
            return await client.request(method, path, **more)

    return asyncio.run(sent())


def opened(world: World, person: str, path: str, **asked: str) -> httpx.Response:
    """Open a page as a signed-in person."""
    cookie = {"Cookie": f"{COOKIE}={world.tokens[HOME, person]}"}
    return send(world, "GET", path, headers=cookie, params=asked)


def read(world: World, path: str, person: str = AUDITOR, **asked: str) -> str:
    """Return what a person reads on a page: its text, without tags."""
    answer = opened(world, person, path, **asked)
    assert answer.status_code == 200, answer.text
    return text_of(answer)


def text_of(answer: httpx.Response) -> str:
    """Return the text of a page in one line."""
    body = answer.text.partition("<body>")[2]
    plain = " ".join(html.unescape(re.sub(r"<[^>]*>", " ", body)).split())
    return re.sub(r" (?=[,.;:])", "", plain)


# ── signing in ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", ["/", *EVERY_PAGE])
def test_who_has_not_signed_in_is_sent_to_do_so(world: World, path: str) -> None:
    answer = send(world, "GET", path)
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/masuk")


def test_signing_in_leads_to_the_page_that_was_asked_for(world: World) -> None:
    asked = f"{SCORES}?year=2023&unit=dinkes"
    form = send(world, "GET", send(world, "GET", asked).headers["Location"])
    onwards = html.unescape(re.findall(r'name="lanjut" value="([^"]*)"', form.text)[0])
    assert onwards == asked
    answer = sign_in(world, world.tokens[HOME, AUDITOR], lanjut=onwards)
    assert (answer.status_code, answer.headers["Location"]) == (303, asked)
    assert send(world, "GET", asked, headers={"Cookie": cookie_of(answer).partition(";")[0]}).status_code == 200


def test_the_token_lies_in_a_cookie_that_no_script_and_no_other_site_gets(world: World) -> None:
    token = world.tokens[HOME, AUDITOR]
    answer = sign_in(world, token)
    told = cookie_of(answer)
    assert told.startswith(f"{COOKIE}={token};")
    assert {"HttpOnly", "Path=/", "SameSite=strict"} <= {part.strip() for part in told.split(";")}
    assert token not in answer.headers["Location"]
    assert "Secure" not in told
    assert "Secure" in cookie_of(sign_in(world, token, base="https://sakip.test"))


@pytest.mark.parametrize("token", ["", "salah", "é" * 50, "x" * 5_000])
def test_a_token_that_is_not_known_is_refused_in_words(world: World, token: str) -> None:
    answer = sign_in(world, token)
    assert answer.status_code == 401
    assert "Set-Cookie" not in answer.headers
    assert "Token tidak dikenal" in text_of(answer)


@pytest.mark.parametrize("body", [b"", b"\xff=\xfe", b"token=%FF%FE&lanjut=%00", b"&" * 1_000, b"token=a&" * 20])
def test_a_form_that_cannot_be_read_is_refused_too(world: World, body: bytes) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    assert send(world, "POST", "/masuk", content=body, headers=headers).status_code == 401


def test_a_form_of_another_site_signs_nobody_in(world: World) -> None:
    answer = sign_in(world, world.tokens[HOME, AUDITOR], headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert "Set-Cookie" not in answer.headers


def test_signing_out_forgets_the_cookie(world: World) -> None:
    answer = send(world, "POST", "/keluar", headers={"Cookie": f"{COOKIE}={world.tokens[HOME, AUDITOR]}"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/masuk")
    assert "Max-Age=0" in cookie_of(answer)


@pytest.mark.parametrize(
    "address",
    ["https://jahat.example", "//jahat.example", "/\\jahat.example", "/masuk", "/\r\nX: y", f"{SCORES}/../../x", ""],
)
def test_signing_in_leads_nowhere_else(address: str) -> None:
    assert onward(address) == "/"


# ── who may see what ─────────────────────────────────────────────────────────────────────────────────────────────────

ALL, OWN, NONE = "all units", "the own unit", "nothing"
WHO_SEES = {
    AUDITOR: (ALL, ALL, ALL, ALL),
    "ortala": (ALL, ALL, ALL, ALL),
    "bupati": (ALL, ALL, ALL, ALL),
    "sekda": (ALL, ALL, ALL, ALL),
    "inspektur": (ALL, ALL, ALL, NONE),
    "perencana": (ALL, ALL, ALL, NONE),
    "operator": (ALL, OWN, OWN, OWN),
    "kepala-dinkes": (ALL, OWN, OWN, OWN),
    "bendahara": (ALL, NONE, NONE, ALL),
    ADMINISTRATOR: (ALL, NONE, NONE, NONE),
}


@pytest.mark.parametrize("person", WHO_SEES)
def test_each_role_sees_what_the_table_of_authority_says(world: World, person: str) -> None:
    seen = []
    for path in EVERY_PAGE:
        answer = opened(world, person, path)
        if answer.status_code == 303:
            assert answer.headers["Location"] == f"{path}?unit=dinkes"
        seen.append({200: ALL, 303: OWN, 403: NONE}[answer.status_code])
    assert tuple(seen) == WHO_SEES[person]
    start = opened(world, person, "/").text
    assert [f'href="{path}"' in start for path in EVERY_PAGE] == [each != NONE for each in seen]


def test_a_unit_sees_its_own_answers_and_no_others(world: World) -> None:
    assert "Perbaiki hal 1" in read(world, MATRIX, "operator", unit="dinkes")
    assert "Tidak ada rekomendasi." in read(world, MATRIX, unit="dinsos")
    refused = opened(world, "operator", MATRIX, unit="dinsos")
    assert refused.status_code == 403
    assert "Anda tidak memiliki kewenangan" in text_of(refused)
    assert "Dinsos" not in opened(world, "operator", MATRIX, unit="dinkes").text


def test_duties_are_shown_only_to_whoever_may_see_them(world: World) -> None:
    assert "lewat jatuh tempo tidak ditampilkan" in read(world, NOT_FILLED, "operator")
    assert "lewat jatuh tempo tidak ditampilkan" not in read(world, NOT_FILLED, "operator", unit="dinkes")


def test_another_institution_is_not_known(world: World) -> None:
    answer = opened(world, AUDITOR, f"/instansi/{NEIGHBOUR}/nilai")
    assert answer.status_code == 404
    assert "Instansi tidak dikenal" in text_of(answer)


# ── what is on the pages ─────────────────────────────────────────────────────────────────────────────────────────────


def test_who_has_not_filled_in_is_told_with_what_and_since_when(world: World) -> None:
    told = read(world, NOT_FILLED, year="2024", known_at="2024-04-20", unit="dinsos")
    assert "1 dari 1 unit belum lengkap" in told
    assert "Dinsos belum ditandatangani" in told
    assert "Perjanjian kinerja 2024 8 Februari 2024" in told
    assert "72 hari" in told


def test_who_has_filled_in_stands_apart(world: World) -> None:
    told = read(world, NOT_FILLED, year="2024", valid_on="2024-03-01")
    assert "Sudah lengkap: Dinkes" in told


def test_a_year_that_was_not_opened_owes_nothing(world: World) -> None:
    assert "Tahun 2031 belum dibuka" in read(world, NOT_FILLED, year="2031")


def test_published_predicates_stand_beside_those_by_the_rule(world: World) -> None:
    told = read(world, SCORES, year="2023")
    assert "80,00 BB BB sama" in told
    assert "KemenPANRB – – – 71,25 B BB berbeda" in told
    assert "B/512 2 Februari 2024" in told
    assert "1 predikat berbeda dari aturan" in told
    assert "LKE PermenPANRB 88/2021" in told


def test_two_years_stand_side_by_side(world: World) -> None:
    told = read(world, SCORES, year="2024")
    assert "Tahun kinerja 2023 Tahun kinerja 2024" in told
    assert "80,00 BB BB sama – – –" in told


def test_the_matrix_has_every_column_and_says_what_its_rate_counts(world: World) -> None:
    told = read(world, MATRIX)
    heads = "Rekomendasi Rencana aksi Penanggung jawab Batas waktu Status dan kemajuan Bukti"
    assert heads in told
    assert "termasuk yang tidak dapat ditindaklanjuti dengan alasan sah (0 dari 2)" in told
    assert "tanpa yang tidak dapat ditindaklanjuti dengan alasan sah (0 dari 2)" in told
    assert "Perbaiki hal 2" in told
    assert "Rapat rencana selesai 30 Juni 2024" in told
    assert "menunggu persetujuan" in told
    assert "Notula tanggal 20 Februari 2024" in told


def test_the_matrix_shows_age_and_what_is_overdue(world: World) -> None:
    received = date(2024, 3, 8)
    told = read(world, MATRIX, valid_on="2024-06-30")
    assert f"umur {(date(2024, 6, 30) - received).days} hari, diterima 8 Maret 2024" in told
    assert "7 Mei 2024 lewat 54 hari" in told
    assert "2 lewat batas waktu" in told


def test_the_register_tells_each_step_of_a_hold(world: World) -> None:
    told = read(world, HOLDS, unit="dinsos")
    assert "Tunda Contoh peraturan kepala daerah Pasal 12" in told
    assert f"perjanjian kinerja 2024 terlambat {HOLD}" in told
    assert "800/1 2 April 2024; dapat dijawab sampai" in told
    assert "841/1 22 April 2024 oleh Nama Sekda" in told
    assert "Nama Kepala-Dinsos: 25 % masih ditahan dari 25 % semula TPP April 2024" in told
    assert "Pejabat baru dilantik belum diputus" in told
    assert "ditetapkan sejak 22 April 2024" in told


def test_an_erased_text_is_told_to_be_so(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world.system.log, "texts", lambda _institution, _digests: {})
    told = read(world, MATRIX)
    assert "(teks sudah dihapus)" in told
    assert "Perbaiki hal" not in told


# ── of which moment ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", EVERY_PAGE)
def test_the_present_is_shown_without_a_band_and_with_its_position(world: World, path: str) -> None:
    told = read(world, path)
    assert "Bukan keadaan sekarang" not in told
    assert f"posisi {world.head()} (keadaan sekarang)" in told


@pytest.mark.parametrize("path", EVERY_PAGE)
def test_the_past_is_marked_with_its_moment_and_position(world: World, path: str) -> None:
    told = read(world, path, known_at="2024-02-02")
    known = "Seperti diketahui sampai 2 Februari 2024 pukul 23.59 WIB"
    assert f"Bukan keadaan sekarang. {known} (posisi " in told
    assert "berlaku pada 2 Februari 2024. Kembali ke keadaan sekarang" in told


def test_another_day_by_present_knowledge_is_marked_too(world: World) -> None:
    told = read(world, HOLDS, valid_on="2024-04-01")
    assert "Yang berlaku pada 1 April 2024, menurut semua yang tercatat sampai sekarang" in told
    assert "belum ada" in told


def test_what_was_not_known_yet_is_not_shown(world: World) -> None:
    assert "841/1" in read(world, HOLDS)
    assert "841/1" not in read(world, HOLDS, known_at="2024-04-19")


@pytest.mark.parametrize("path", EVERY_PAGE)
def test_the_exact_address_gives_the_same_answer_later(world: World, path: str) -> None:
    page = opened(world, AUDITOR, path)
    exact = html.unescape(re.findall(r'Alamat tetap[^<]*<a href="([^"]*)"', page.text)[0])
    world.do(ADMINISTRATOR, "/organisation/rename-unit", unit="bkad", name=f"Badan {world.head()}")
    world.do("operator", "/follow-up/report-progress", recommendation=OPEN, progress="Kemajuan lain")
    again = send(world, "GET", exact, headers={"Cookie": f"{COOKIE}={world.tokens[HOME, AUDITOR]}"})
    assert shown(again) == shown(page)


def test_blank_fields_of_the_form_count_as_not_given(world: World) -> None:
    assert shown(opened(world, AUDITOR, HOLDS)) == shown(opened(world, AUDITOR, HOLDS, unit="", known_at="", year=""))


def test_the_form_keeps_what_was_asked(world: World) -> None:
    asked = {"year": "2023", "unit": "dinkes", "known_at": "2024-03-30", "valid_on": "2024-03-09"}
    page = opened(world, AUDITOR, SCORES, **asked).text
    assert "<option selected>2023" in page
    assert '<option value="dinkes" selected>' in page
    assert 'value="2024-03-30"' in page
    assert 'value="2024-03-09"' in page
    assert html.escape("year=2023&unit=dinkes&known_at=2024-03-30&valid_on=2024-03-09") in page


@pytest.mark.parametrize(
    ("asked", "status", "words"),
    [
        ({"known_at": "kemarin"}, 422, "“Diketahui sampai” harus berupa"),
        ({"known_at": "2099-01-01"}, 422, ""),
        ({"known_at": "2000-01-01"}, 422, ""),
        ({"valid_on": "2024-02-30"}, 422, ""),
        ({"year": "24"}, 400, "Isian pada alamat tidak sah “Tahun kinerja”:"),
        ({"unit": "DINKES!"}, 400, "Isian pada alamat tidak sah “Unit kerja”:"),
        ({"unit": "tidak-ada"}, 404, "Unit tidak dikenal"),
    ],
)
def test_what_cannot_be_asked_is_refused_on_a_page(
    world: World, asked: dict[str, str], status: int, words: str
) -> None:
    answer = opened(world, AUDITOR, SCORES, **asked)
    assert answer.status_code == status
    assert answer.headers["Content-Type"].startswith("text/html")
    assert words in text_of(answer)


@given(
    path=st.sampled_from(EVERY_PAGE),
    asked=st.dictionaries(
        st.sampled_from(["year", "unit", "known_at", "valid_on", "x"]),
        st.one_of(
            st.text(max_size=50),
            st.integers().map(str),
            st.dates().map(str),
            st.datetimes(timezones=st.just(UTC)).map(str),
        ),
    ),
)
def test_no_address_is_more_than_it_can_bear(world: World, path: str, asked: dict[str, str]) -> None:
    head = world.head()
    assert opened(world, AUDITOR, path, **asked).status_code < 500
    assert world.head() == head


# ── safe to open ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", ["/", "/masuk", *EVERY_PAGE, f"{SCORES}?year=x"])
def test_nothing_runs_and_nothing_comes_from_elsewhere(world: World, path: str) -> None:
    answer = opened(world, AUDITOR, path) if "?" not in path else opened(world, AUDITOR, SCORES, year="x")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "unsafe" not in policy
    assert answer.headers.get_list("Cache-Control") == ["no-store"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    for address in re.findall(r'(?:href|src|action)="([^"]*)"', answer.text):
        assert re.match(r"/(?!/)|#|data:,$", address), address
    assert world.tokens[HOME, AUDITOR] not in answer.text


def test_typed_texts_are_shown_as_they_were_typed(world: World) -> None:
    for path, told in ((MATRIX, f"Sudah rapat {ATTACK}"), (MATRIX, f"Foto {ATTACK}"), (NOT_FILLED, ATTACK)):
        page = opened(world, AUDITOR, path)
        assert "<script" not in page.text
        assert told in html.unescape(page.text)


def test_pages_take_nothing(world: World) -> None:
    head = world.head()
    for path in EVERY_PAGE:
        assert send(world, "POST", path).status_code in {303, 405}
    assert world.head() == head


@pytest.mark.parametrize("path", EVERY_PAGE)
def test_a_page_can_be_read_by_ear_and_as_cards(world: World, path: str) -> None:
    page = opened(world, AUDITOR, path).text
    assert '<html lang="id">' in page
    assert page.count("<h1>") == 1
    fields = re.findall(r'<(?:select|input) id="([^"]*)"', page)
    assert fields == ["year", "unit", "known_at", "valid_on"]
    assert re.findall(r'<label for="([^"]*)"', page) == fields
    cells = re.findall(r"<td [^>]*>", page)
    assert cells
    assert all('data-label="' in cell for cell in cells)
    assert all("scope=" in head for head in re.findall(r"<th [^>]*>", page))


def test_the_style_sheet_prints_on_landscape_paper(world: World) -> None:
    link = re.findall(r'rel="stylesheet" href="([^"]*)"', send(world, "GET", "/masuk").text)[0]
    style = send(world, "GET", link)
    assert style.headers["Content-Type"].startswith("text/css")
    assert "size: A4 landscape" in style.text
    assert "url(" not in style.text


# ── words ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_days_months_and_instants_are_written_as_people_do() -> None:
    assert day(date(2024, 2, 2)) == "2 Februari 2024"
    assert month("2024-03") == "Maret 2024"
    assert instant(datetime(2024, 6, 30, 17, 5, tzinfo=UTC), "Asia/Jayapura") == "1 Juli 2024 pukul 02.05 WIT"


def test_a_state_without_a_colour_of_its_own_is_plain() -> None:
    assert [tone(each) for each in ("signed", "proposed", "imposed", "lapsed", None)] == [
        "good",
        "warning",
        "bad",
        "plain",
        "plain",
    ]


def sign_in(world: World, token: str, *, lanjut: str = "/", **more: Any) -> httpx.Response:  # noqa: ANN401
    """Send the form."""
    return send(world, "POST", "/masuk", data={"token": token, "lanjut": lanjut}, **more)


def cookie_of(answer: httpx.Response) -> str:
    """Return the cookie that an answer sets."""
    told: str = answer.headers["Set-Cookie"]
    return told


def shown(answer: httpx.Response) -> str:
    """Return what a page shows between its form and its foot, without the band of a past moment."""
    assert answer.status_code == 200, answer.text
    body = answer.text.partition("</form>\n\n")[2].partition("<footer>")[0]
    return re.sub(r'<div class="band".*?</div>', "", body, flags=re.DOTALL).strip()

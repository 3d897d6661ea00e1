"""The year goes on: one unit is measured and evaluated, another is late and held, so that every stage has begun."""

from tests.services.http.world import FILE, YEAR, Json, World

DINKES: Json = {"unit": "dinkes", "fiscal_year": YEAR}
BEFORE: Json = {"unit": "dinkes", "fiscal_year": YEAR - 1}
HOLD = f"{YEAR}.dinsos.agreement"
OPEN, WAITING = f"{YEAR - 1}.dinkes.r1", f"{YEAR - 1}.dinkes.r2"
QUARTER: Json = {"fiscal_year": YEAR, "frequency": "quarter", "number": 1}
SUB_COMPONENTS = tuple(f"{component}{letter}" for component in "1234" for letter in "abc")


def go_on(world: World) -> None:
    """Let three months pass in which a hold is imposed, a quarter locked, and a LHE followed up."""
    budget: Json = {"unit": "dinsos", "fiscal_year": YEAR, "document": "DPA", "number": "DPA/2"}
    world.do("perencana", "/organisation/ratify-budget", **budget)
    world.live(60)
    _evaluate(world)
    world.live(25)
    _hold(world)
    _measure(world)


def _hold(world: World) -> None:
    world.do("ortala", "/allowance-hold/recommend", hold=HOLD, reason="PK belum ditandatangani")
    world.do("ortala", "/allowance-hold/serve-notice", hold=HOLD, number="800/1")
    world.live(20)
    imposed: Json = {
        "decision": "841/1",
        "persons": [{"person": "kepala-dinsos", "percent": "25"}],
        "months": ["2024-04"],
    }
    world.do("sekda", "/allowance-hold/impose", hold=HOLD, **imposed)
    world.do("operator-dinsos", "/allowance-hold/file-objection", hold=HOLD, grounds="Pejabat baru dilantik")


def _evaluate(world: World) -> None:
    team = [{"person": "ketua", "role": "team_lead"}, {"person": "anggota", "role": "team_member"}]
    assigned: Json = {"letter": "ST/1", "letter_date": "2024-02-01", "evaluation_year": YEAR, "team": team}
    world.do("inspektur", "/evaluation/assign", **BEFORE, **assigned)
    for code in SUB_COMPONENTS:
        world.do("anggota", "/evaluation/grade", **BEFORE, mark={"sub_component": code, "grade": "BB"})
    findings = [{"number": number, "text": f"Perbaiki hal {number}", "owners": ["dinkes"]} for number in (1, 2)]
    world.do("inspektur", "/evaluation/issue-lhe", **BEFORE, number="LHE/1", findings=findings)
    for item in (OPEN, WAITING):
        world.do("operator", "/follow-up/plan-action", recommendation=item, plan="Rapat", plan_due_on="2024-06-30")
    evidence = [{"file": FILE, "name": "Notula", "dated": "2024-02-20"}]
    world.do("operator", "/follow-up/report-progress", recommendation=WAITING, progress="Selesai", evidence=evidence)
    world.do("ketua", "/follow-up/propose-result", recommendation=WAITING, result="sesuai", reason="Bukti cukup")


def _measure(world: World) -> None:
    realised = {"type": "ratio", "numerator": "89", "denominator": "100"}
    realisation = {"commitment": "imunisasi", "period": QUARTER, "realised": realised, "obstacle": "Vaksin terlambat"}
    world.do("operator", "/measurement/record", **DINKES, realisation=realisation)
    world.do("operator", "/measurement/submit", **DINKES, period=QUARTER)
    world.do("ortala", "/measurement/verify", **DINKES, period=QUARTER)
    world.do("ortala", "/measurement/lock", **DINKES, period=QUARTER)

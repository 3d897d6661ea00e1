"""The whole cycle on one screen: what happens, and what must happen next.

    fiscal_year.opened ──────────────┐                                          budget.ratified (DPA, DPPA)
                                     ▼                                                       │
                    the duties of the year, for each entity ◄── due dates ───────────────────┘
                                     │
              year_to_agreement      │
                                     ▼
        ┌──► 1 AGREEMENT   opened → proposed → signed ─────── meets `agreement`, amended meets `amendment`
        │                            │
        │     agreement_to_measurement
        │                            ▼
        │    2 MEASUREMENT opened → recorded → submitted → verified → locked ─── meets `measurement-q1` … `-q4`
        │                            │
        │     measurement_to_report  │ the last period of the year
        │                            ▼
        │    3 REPORT      opened → compiled → reviewed → submitted → accepted ─── meets `report`
        │                            │
        │     report_to_evaluation   │                    an assignment or a decision opens it just as well
        │                            ▼
        │    4 EVALUATION  opened → assigned → graded → LHE issued │ outside result recorded
        │                            │
        │     evaluation_to_follow_up│ one for each finding
        │                            ▼
        │    ↺ FOLLOW-UP   opened → progress → proposed → approved ─── meets `recommendation-r1` …
        │                            │
        └──── follow_up_to_agreement ┘ what is still open goes along into the next year, and blocks nothing

    ⏱ OBLIGATION   overdue ── overdue_to_hold ──► ⛔ ALLOWANCE HOLD  proposed; lapses when the duty is met in time
    🏛 ORGANISATION unit dissolved ── reorganisation_to_transfer ──► open duties, recommendations and holds pass on

Years overlap: each year is a cycle of its own, and only `follow_up_to_agreement` looks at another. What follows from an
event of history opens stages and duties, but carries nothing over and proposes no hold.
"""

from typing import Final

from workflows.agreement_to_measurement import WORKFLOW as AGREEMENT_TO_MEASUREMENT
from workflows.evaluation_to_follow_up import WORKFLOW as EVALUATION_TO_FOLLOW_UP
from workflows.follow_up_to_agreement import WORKFLOW as FOLLOW_UP_TO_AGREEMENT
from workflows.measurement_to_report import WORKFLOW as MEASUREMENT_TO_REPORT
from workflows.overdue_to_hold import WORKFLOW as OVERDUE_TO_HOLD
from workflows.reorganisation_to_transfer import WORKFLOW as REORGANISATION_TO_TRANSFER
from workflows.report_to_evaluation import WORKFLOW as REPORT_TO_EVALUATION
from workflows.workflow import Workflow
from workflows.year_to_agreement import WORKFLOW as YEAR_TO_AGREEMENT

WORKFLOWS: Final[tuple[Workflow, ...]] = (
    YEAR_TO_AGREEMENT,
    AGREEMENT_TO_MEASUREMENT,
    MEASUREMENT_TO_REPORT,
    REPORT_TO_EVALUATION,
    EVALUATION_TO_FOLLOW_UP,
    FOLLOW_UP_TO_AGREEMENT,
    OVERDUE_TO_HOLD,
    REORGANISATION_TO_TRANSFER,
)

"""Recommendations become findings of an evaluation; rows on follow-up documents are listed."""

from tests.services.importing.staged import codes, notes, stage

PASURUAN = "recommendation,Kota Pasuruan,2021,KemenPANRB,perencanaan,Perbaiki dokumen,not stated,jatimnow.com"


def test_a_recommendation_of_an_evaluator_is_a_finding() -> None:
    batch = stage(recommendations=(PASURUAN,))
    item = batch.recommendations[0].item
    assert (item.entity, item.year, item.issuer, item.of_evaluation) == ("Kota Pasuruan", 2021, "KemenPANRB", True)
    assert (codes(batch), notes(batch)) == ([], [])


def test_what_somebody_else_announced_is_only_listed() -> None:
    batch = stage(recommendations=(PASURUAN.replace("KemenPANRB", "Pj Wali Kota"),))
    assert batch.recommendations[0].item.of_evaluation is False
    assert notes(batch) == ["not_an_evaluation"]


def test_a_row_on_a_follow_up_document_is_listed_apart() -> None:
    row = (
        "followup_document,Gunungkidul - KAPANEWON PLAYEN,2022,Inspektorat Gunungkidul,,(LHE file: 38),"
        "no TL-LHE document,github"
    )
    batch = stage(recommendations=(row,))
    assert (len(batch.recommendations), len(batch.follow_up_documents)) == (0, 1)
    assert batch.follow_up_documents[0].item.published_status == "no TL-LHE document"


def test_a_row_of_another_type_or_without_text_is_an_error() -> None:
    rows = (PASURUAN.replace("recommendation,", "saran,"), PASURUAN.replace("Perbaiki dokumen", ""))
    assert codes(stage(recommendations=rows)) == ["record_type_unknown", "cell_missing"]

"""What jobs are called."""

from __future__ import annotations

from node.wording.job_words import NAMES, name_of_job
from node.worker import JOBS


def test_every_kind_of_job_has_a_name_that_people_can_read() -> None:
    assert set(NAMES) == set(JOBS)
    assert name_of_job("de", "match_call") == "Mitgliedern sagen, zu wem ein Aufruf passt"
    assert name_of_job("de", "of_tomorrow") == "of_tomorrow"

"""What another server calls a file decides only whether it is worth a look."""

import pytest

from schemas.media_types import EXTENSIONS, claimed_kind, wanted


@pytest.mark.parametrize(
    "kind", ["image/png", "IMAGE/JPEG; q=1", "video/mp4", "audio/x-odd", "application/pdf", "text/csv"]
)
def test_media_and_papers_are_worth_a_look(kind: str) -> None:
    assert wanted(kind)


@pytest.mark.parametrize("kind", ["", "text/html", "image/svg+xml", "application/activity+json", "application/zip"])
def test_case_81_what_is_no_medium_is_not(kind: str) -> None:
    assert not wanted(kind)


def test_the_claimed_kind_is_one_of_four() -> None:
    kinds = [claimed_kind(one) for one in ("image/*", "Video/mp4", "audio/ogg", "text/csv", "nonsense", "")]
    assert kinds == ["image", "video", "audio", "document", "document", "document"]


def test_endings_are_unique() -> None:
    assert len(set(EXTENSIONS.values())) == len(EXTENSIONS)

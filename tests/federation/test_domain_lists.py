"""Lists of domains in the forms of Mastodon and GoToSocial: read whatever else stands there, and written again."""

from __future__ import annotations

import pytest

from federation.domain_lists import BadList, Entry, read, write_allowed_csv, write_csv, write_json
from schemas.limits import LIST_LINES

MASTODON = b"""#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate
Evil.test,suspend,false,false,"hate, and worse",false
noise.test,silence,true,false,noise,true
files.test,noop,true,true,,false
ex*mple.test,suspend,false,false,,true
fine.test,none,false,false,,false
"""


def kinds(body: bytes) -> dict[str, tuple[str, ...]]:
    return {one.domain: one.kinds for one in read(body) if one}


def test_mastodons_csv_is_read() -> None:
    found = list(read(MASTODON))
    assert kinds(MASTODON) == {
        "evil.test": ("suspend",),
        "noise.test": ("limit", "reject_media"),
        "files.test": ("reject_media", "reject_reports"),
    }
    assert found[3:] == [None, None]
    assert found[0] and found[0].reason == "hate, and worse"


@pytest.mark.parametrize(
    "body",
    [
        b'[{"domain": "evil.test", "public_comment": "hate"}, {"domain": "b\xc3\xb6se.test"}, {"domain": "x y"}]',
        "evil.test\nböse.test\n\nno domain\n".encode(),
        "\ufeff#domain\nevil.test\nböse.test\n".encode(),
        b"domain,public_comment\nevil.test,hate\nxn--bse-sna.test,\n",
    ],
)
def test_gotosocials_json_and_plain_lists_mean_suspensions(body: bytes) -> None:
    assert kinds(body) == {"evil.test": ("suspend",), "xn--bse-sna.test": ("suspend",)}


@pytest.mark.parametrize("body", [b"\xff\xfe", b'[{"domain": ', b"[1, 2]", b"evil.test\n" * (LIST_LINES + 1)])
def test_what_is_no_list_is_refused(body: bytes) -> None:
    with pytest.raises(BadList):
        list(read(body))


def test_what_is_written_is_read_again_and_holds_no_formula() -> None:
    entries = [
        Entry(domain="evil.test", kinds=("suspend",), reason="=HYPERLINK(1)"),
        Entry(domain="noise.test", kinds=("limit", "reject_media")),
    ]
    written = write_csv(entries)
    assert "'=HYPERLINK(1)" in written
    assert kinds(written.encode()) == {"evil.test": ("suspend",), "noise.test": ("limit", "reject_media")}
    assert list(kinds(write_json(entries).encode())) == ["evil.test", "noise.test"]
    assert list(kinds(write_allowed_csv(["evil.test"]).encode())) == ["evil.test"]

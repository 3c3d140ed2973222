"""The attacks on request signatures by their numbers, in both schemes, and what arbitrary bytes may do: be refused."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.signatures.keys import ActorKey
from federation.signatures.message import SignedRequest
from federation.signatures.pending import Scheme
from federation.signatures.refusal import Reason, SignatureRefused
from federation.signatures.verify import parse

OURS = "https://hub.example"
SIGNATURE_HEADERS = ("Signature", "Signature-Input", "Date", "Digest", "Content-Digest", "Host", "X")


def refusal(request: SignedRequest, now: datetime, ours: str = OURS) -> Reason:
    with pytest.raises(SignatureRefused) as refused:
        parse(request, ours, now)
    return refused.value.reason


def mismatch(request: SignedRequest, now: datetime, key, ours: str = OURS) -> Reason:
    pending = parse(request, ours, now)
    with pytest.raises(SignatureRefused) as refused:
        pending.verify(key.public_key())
    return refused.value.reason


def changed(request: SignedRequest, **changes) -> SignedRequest:
    kept = {name: getattr(request, name) for name in request.__struct_fields__}
    return SignedRequest(**(kept | changes))


def test_the_scheme_is_told_and_the_signer_is_the_keys_owner(peer, now) -> None:
    key = ActorKey(key_id=peer.key_id, actor="https://peer.example/actors/ann", public_key=peer.rsa.public_key())
    for request, scheme in ((peer.draft(), Scheme.DRAFT), (peer.standard(), Scheme.RFC9421)):
        signer = parse(request, OURS, now).signed_by(key)
        assert (signer.actor, signer.key_id, signer.scheme) == (key.actor, peer.key_id, scheme)


def test_an_unsigned_request_is_refused(now) -> None:
    request = SignedRequest(method="GET", path_and_query="/", headers=(("Authorization", 'Signature keyId="x"'),))
    assert refusal(request, now) is Reason.UNSIGNED


def test_case_10_another_key_than_the_named_one_is_not_even_tried(peer, now) -> None:
    stranger = ActorKey(
        key_id="https://evil.example/u#key", actor="https://evil.example/u", public_key=peer.rsa.public_key()
    )
    with pytest.raises(SignatureRefused) as refused:
        parse(peer.draft(), OURS, now).signed_by(stranger)
    assert refused.value.reason is Reason.KEY_UNKNOWN


@pytest.mark.parametrize(
    "key_id",
    [
        "acct:ann@peer.example",
        "ann@peer.example",
        "file:///etc/passwd",
        "gopher://peer.example/x",
        "data:text/plain,x",
        "http://peer.example/actors/ann#main-key",
        "https://user:word@peer.example/actors/ann",
        "https://peer.example/a/../b#main-key",
        "https://peer.example/" + "x" * 2048,
        "x",
    ],
)
def test_case_12_and_40_a_key_id_we_would_not_look_up_is_refused_before_any_look_up(peer, now, key_id: str) -> None:
    parameters = f';created={int(now.timestamp())};keyid="{key_id}"'
    assert refusal(peer.draft(parameters={"keyId": f'"{key_id}"'}), now) is Reason.KEY_ID
    assert refusal(peer.standard(parameters=parameters), now) is Reason.KEY_ID


def test_case_40_the_callers_guards_see_the_key_id_first(peer, now) -> None:
    request = peer.draft(parameters={"keyId": '"http://127.0.0.1:8080/actor#main-key"'})
    assert parse(request, OURS, now, allow_http=True).key_id == "http://127.0.0.1:8080/actor#main-key"
    assert refusal(request, now) is Reason.KEY_ID


@pytest.mark.parametrize(
    "covered",
    [
        "date",
        "host date digest",
        "(request-target) date digest",
        "(request-target) host digest",
        "(request-target) host date",
    ],
)
def test_case_27_a_post_that_leaves_out_what_matters_is_refused(peer, now, covered: str) -> None:
    assert refusal(peer.draft(covered=covered), now) is Reason.UNCOVERED


@pytest.mark.parametrize("covered", ["date", "host date", "(request-target) date", "(request-target) host"])
def test_case_27_a_get_that_leaves_out_what_matters_is_refused(peer, now, covered: str) -> None:
    assert refusal(peer.draft(method="GET", covered=covered), now) is Reason.UNCOVERED


def test_case_27_the_default_of_the_draft_signs_too_little(peer, now) -> None:
    request = peer.draft(covered="(created)", parameters={"headers": None, "created": str(int(now.timestamp()))})
    assert refusal(request, now) is Reason.UNCOVERED


def test_case_27_a_get_with_a_body_needs_its_digest(peer, now) -> None:
    assert refusal(peer.draft(method="GET", body=b"x"), now) is Reason.UNCOVERED
    assert refusal(peer.standard(method="GET", body=b"x"), now) is Reason.UNCOVERED


def test_case_28_a_right_digest_header_over_another_body_is_refused(peer, now) -> None:
    for request in (peer.draft(), peer.standard()):
        assert refusal(changed(request, body=b'{"type":"Delete"}'), now) is Reason.DIGEST
        assert refusal(changed(request, body=b""), now) is Reason.DIGEST


def test_case_28_a_digest_made_anew_for_the_other_body_breaks_the_signature(peer, now) -> None:
    for make in (peer.draft, peer.standard):
        other = make(body=b'{"type":"Delete"}').headers
        request = changed(make(), body=b'{"type":"Delete"}')
        digests = {name.lower(): value for name, value in other if name.lower().endswith("digest")}
        headers = tuple((name, digests.get(name.lower(), value)) for name, value in request.headers)
        assert mismatch(changed(request, headers=headers), now, peer.rsa) is Reason.INVALID


def test_case_29_a_digest_that_is_not_signed_is_refused(peer, now) -> None:
    assert refusal(peer.draft(covered="(request-target) host date"), now) is Reason.UNCOVERED
    assert refusal(peer.standard(components='"@method" "@target-uri"'), now) is Reason.UNCOVERED


@pytest.mark.parametrize("host", ["other.example", "hub.example.other.example", "hub.example:8443", "hub.example."])
def test_case_30_a_request_signed_for_another_server_is_refused(peer, now, host: str) -> None:
    assert mismatch(peer.draft(headers={"host": host}), now, peer.rsa) is Reason.HOST
    assert mismatch(peer.standard(origin=f"https://{host}"), now, peer.rsa) is Reason.HOST


def test_case_30_a_replayed_request_is_refused_under_our_own_host_header_too(peer, now) -> None:
    for request in (peer.draft(headers={"host": "other.example"}), peer.standard(origin="https://other.example")):
        headers = tuple((name, "hub.example" if name.lower() == "host" else value) for name, value in request.headers)
        assert mismatch(changed(request, headers=headers), now, peer.rsa) is Reason.INVALID


def test_case_30_a_host_header_rewritten_by_our_proxy_does_no_harm(peer, now) -> None:
    for request in (peer.draft(), peer.standard()):
        headers = tuple(
            (name, "127.0.0.1:8080" if name.lower() == "host" else value) for name, value in request.headers
        )
        parse(changed(request, headers=headers), OURS, now).verify(peer.rsa.public_key())


def test_case_30_the_scheme_of_the_base_url_is_signed_by_the_standard(peer, now) -> None:
    assert mismatch(peer.standard(origin="http://hub.example"), now, peer.rsa) is Reason.INVALID


def at(now: datetime, **delta: int) -> str:
    return format_datetime(now + timedelta(**delta), usegmt=True)


@pytest.mark.parametrize(
    ("delta", "reason"),
    [
        ({"hours": -24}, Reason.STALE),
        ({"minutes": -61}, Reason.STALE),
        ({"minutes": 61}, Reason.EARLY),
        ({"days": 365}, Reason.EARLY),
    ],
)
def test_case_32_an_old_or_future_date_is_refused(peer, now, delta: dict[str, int], reason: Reason) -> None:
    assert refusal(peer.draft(headers={"date": at(now, **delta)}), now) is reason
    created = int((now + timedelta(**delta)).timestamp())
    request = peer.draft(
        covered="(request-target) host (created) digest", parameters={"algorithm": '"hs2019"', "created": str(created)}
    )
    assert refusal(request, now) is reason
    assert refusal(peer.standard(parameters=f';created={created};keyid="{peer.key_id}"'), now) is reason


def test_case_32_within_the_hour_is_fresh(peer, now) -> None:
    for minutes in (-59, 59):
        request = peer.draft(headers={"date": at(now, minutes=minutes)})
        parse(request, OURS, now).verify(peer.rsa.public_key())


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        ({"created": '"now"'}, Reason.MALFORMED),
        ({"created": "1772366400.5"}, Reason.MALFORMED),
        ({"created": '"-1772366400"'}, Reason.MALFORMED),
        ({"created": '"1e9"'}, Reason.MALFORMED),
        ({"created": '""'}, Reason.MALFORMED),
        ({"created": "1772270000"}, Reason.STALE),
        ({"created": "1772462000"}, Reason.EARLY),
        ({"expires": "1772366400"}, Reason.EXPIRED),
        ({"expires": "1772366399.9"}, Reason.EXPIRED),
        ({"expires": '"never"'}, Reason.MALFORMED),
        ({"expires": '"1772366500.x"'}, Reason.MALFORMED),
    ],
)
def test_case_32_created_and_expires_are_judged_even_where_date_is_signed(peer, now, parameters, reason) -> None:
    assert refusal(peer.draft(parameters={"algorithm": '"hs2019"', **parameters}), now) is reason


@pytest.mark.parametrize(
    "algorithm", ["none", "hmac-sha256", "rsa-sha1", "rsa-sha512", "ecdsa-sha256", "rsa-v1_5-sha256", "hs2020", ""]
)
def test_case_34_an_unknown_algorithm_is_refused(peer, now, algorithm: str) -> None:
    assert refusal(peer.draft(parameters={"algorithm": f'"{algorithm}"'}), now) is Reason.ALGORITHM


def test_case_34_a_key_of_another_kind_is_refused(peer, now) -> None:
    assert mismatch(peer.draft(), now, peer.ed25519) is Reason.ALGORITHM
    assert mismatch(peer.draft(parameters={"algorithm": '"ed25519"'}), now, peer.rsa) is Reason.ALGORITHM
    assert mismatch(peer.draft(parameters={"algorithm": '"hs2019"'}), now, peer.ed25519) is Reason.INVALID


@pytest.mark.parametrize("signature", ["", "AAAA", "x" * 344, "####", "é", "A" * 6000])
def test_case_35_garbage_for_a_signature_is_refused(peer, now, signature: str) -> None:
    with pytest.raises(SignatureRefused):
        parse(peer.draft(parameters={"signature": f'"{signature}"'}), OURS, now).verify(peer.rsa.public_key())
    request = peer.standard()
    headers = tuple((name, f"sig1=:{signature}:" if name == "Signature" else value) for name, value in request.headers)
    with pytest.raises(SignatureRefused):
        parse(changed(request, headers=headers), OURS, now).verify(peer.rsa.public_key())


def test_case_35_a_signature_by_another_key_is_refused(peer, now) -> None:
    for make in (peer.draft, peer.standard):
        assert mismatch(make(key=peer.other_rsa), now, peer.rsa) is Reason.INVALID
        assert mismatch(make(), now, peer.other_rsa) is Reason.INVALID


def test_case_39_a_signature_for_another_path_is_refused(peer, now) -> None:
    for request in (peer.draft(), peer.standard()):
        assert mismatch(changed(request, path_and_query="/actors/ann/inbox"), now, peer.rsa) is Reason.INVALID
        assert mismatch(changed(request, path_and_query="//inbox"), now, peer.rsa) is Reason.INVALID


def test_a_signature_for_another_method_is_refused(peer, now) -> None:
    for request in (peer.draft(method="GET"), peer.standard(method="GET")):
        assert mismatch(changed(request, method="HEAD"), now, peer.rsa) is Reason.INVALID


def test_a_base_url_with_a_port_is_part_of_the_host(peer, now) -> None:
    ours = "http://127.0.0.2:8080"
    parse(peer.draft(headers={"host": "127.0.0.2:8080"}), ours, now).verify(peer.rsa.public_key())
    parse(peer.standard(origin=ours), ours, now).verify(peer.rsa.public_key())
    assert mismatch(peer.draft(headers={"host": "127.0.0.2"}), now, peer.rsa, ours) is Reason.HOST


@given(data=st.data())
def test_arbitrary_headers_are_refused_and_nothing_else_is_raised(data, now) -> None:
    fields = st.tuples(st.sampled_from(SIGNATURE_HEADERS), st.text(max_size=60))
    request = SignedRequest(
        method=data.draw(st.sampled_from(["GET", "POST", "", "é"])),
        path_and_query=data.draw(st.sampled_from(["/inbox", "/x?y", ""]) | st.text(max_size=10)),
        headers=data.draw(st.lists(fields, max_size=6)),
        body=data.draw(st.binary(max_size=5)),
    )
    refusal(request, now)


@given(data=st.data())
def test_a_good_request_with_one_spot_changed_is_refused_and_nothing_else_is_raised(data, peer, now) -> None:
    request = data.draw(st.sampled_from([peer.draft(), peer.standard()]))
    position = data.draw(st.integers(0, len(request.headers) - 1))
    name, value = request.headers[position]
    start = data.draw(st.integers(0, len(value)))
    end = data.draw(st.integers(start, len(value)))
    spoiled = (
        value[:start] + data.draw(st.text(max_size=8) | st.text(alphabet='";=:,()\\ @?1', max_size=8)) + value[end:]
    )
    headers = (*request.headers[:position], (name, spoiled), *request.headers[position + 1 :])
    try:
        pending = parse(changed(request, headers=headers), OURS, now)
        pending.verify(peer.rsa.public_key())
    except SignatureRefused:
        return
    # What still verifies says the same as before: only blanks, unsigned parameters and the label may differ.
    assert pending.bases == parse(request, OURS, now).bases

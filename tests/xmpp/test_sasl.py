"""SCRAM by the vectors of its RFCs, and the choice of a mechanism."""

import pytest

from tui_xmpp.errors import LoginRefused, StreamUnsafe
from tui_xmpp.xmpp.sasl import Scram, choose_mechanism, plain_message, prepared

# RFC 5802 §5, RFC 7677 §3
VECTORS = [
    (
        "SCRAM-SHA-1",
        "fyko+d2lbbFgONRv9qkxdawL",
        "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
        "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
        "v=rmF9pqV8S7suAoZWja4dJRkFsKQ=",
    ),
    (
        "SCRAM-SHA-256",
        "rOprNGfwEbeRWgbNEkqO",
        "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
        "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
        "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
    ),
]


@pytest.mark.parametrize(("mechanism", "nonce", "challenge", "final", "proof"), VECTORS)
def test_agrees_with_the_standards(mechanism: str, nonce: str, challenge: str, final: str, proof: str) -> None:
    scram = Scram(mechanism, "user", "pencil", nonce=nonce)
    assert scram.first() == f"n,,n=user,r={nonce}".encode()
    scram.challenged(challenge.encode())
    assert scram.final(scram.keys()) == final.encode()
    scram.verify(proof.encode())
    assert scram.verified


def challenged(challenge: str) -> Scram:
    scram = Scram("SCRAM-SHA-256", "user", "pencil", nonce="abc")
    scram.challenged(challenge.encode())
    return scram


GOOD = "r=abcdef,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096"


def test_an_extension_that_is_not_mandatory_is_taken() -> None:
    challenged(GOOD + ",x=whatever")


@pytest.mark.parametrize(
    "challenge",
    [
        "",
        "x",
        "r=abc,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
        "r=xyz,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
        "r=abcdef,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4095",
        "r=abcdef,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=1000001",
        "r=abcdef,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=٤٠٩٦",
        "r=abcdef,s=W22ZaJ0SNY7soEsUEjb6gQ==,i= 4096",
        "r=abcdef,s=AAAA,i=4096",
        "r=abcdef,s=***,i=4096",
        "m=ext,r=abcdef,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
        "s=W22ZaJ0SNY7soEsUEjb6gQ==,r=abcdef,i=4096",
        "r=abcdef,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,i=5000",
    ],
)
def test_a_challenge_out_of_bounds_is_refused(challenge: str) -> None:
    with pytest.raises(StreamUnsafe):
        challenged(challenge)


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(StreamUnsafe):
        Scram("SCRAM-SHA-1", "user", "pencil").challenged(b"\xff\xfe")


def test_a_second_challenge_is_refused() -> None:
    scram = challenged(GOOD)
    with pytest.raises(StreamUnsafe):
        scram.challenged(GOOD.encode())


@pytest.mark.parametrize("proof", ["", "v=", "v=AAAA", "v", "x=1", "v=***"])
def test_a_false_or_missing_proof_is_refused(proof: str) -> None:
    scram = challenged(GOOD)
    scram.final(scram.keys())
    with pytest.raises(StreamUnsafe):
        scram.verify(proof.encode())
    assert not scram.verified


def test_a_proof_before_our_own_is_refused() -> None:
    with pytest.raises(StreamUnsafe):
        challenged(GOOD).verify(b"v=")


def test_nonces_are_long_and_never_the_same() -> None:
    firsts = {Scram("SCRAM-SHA-1", "u", "p").first() for _ in range(100)}
    assert len(firsts) == 100
    assert all(len(first.rpartition(b"r=")[2]) >= 32 for first in firsts)


@pytest.mark.parametrize(
    ("offered", "scram_only", "chosen"),
    [
        (["PLAIN", "SCRAM-SHA-1", "SCRAM-SHA-256", "SCRAM-SHA-512"], False, "SCRAM-SHA-512"),
        (["SCRAM-SHA-1-PLUS", "SCRAM-SHA-1", "EXTERNAL"], True, "SCRAM-SHA-1"),
        (["SCRAM-SHA-256", "PLAIN"], False, "SCRAM-SHA-256"),
        (["PLAIN", "EXTERNAL"], False, "PLAIN"),
    ],
)
def test_the_strongest_is_chosen(offered: list[str], scram_only: bool, chosen: str) -> None:
    assert choose_mechanism(offered, scram_only=scram_only) == chosen


@pytest.mark.parametrize(
    ("offered", "scram_only", "error"),
    [
        (["PLAIN"], True, StreamUnsafe),
        (["PLAIN", "SCRAM-SHA-256-PLUS"], False, StreamUnsafe),
        (["PLAIN", "SCRAM-MD5"], False, StreamUnsafe),
        (["EXTERNAL", "ANONYMOUS", "LOGIN", "DIGEST-MD5"], False, LoginRefused),
        ([], False, LoginRefused),
    ],
)
def test_what_is_not_safe_is_not_chosen(offered: list[str], scram_only: bool, error: type[Exception]) -> None:
    with pytest.raises(error):
        choose_mechanism(offered, scram_only=scram_only)


@pytest.mark.parametrize(
    ("text", "result"),
    [  # RFC 4013 §3
        ("I\u00adX", "IX"),
        ("user", "user"),
        ("USER", "USER"),
        ("\u00aa", "a"),
        ("\u2168", "IX"),
        ("a\u00a0b", "a b"),
        ("🔑 pässwörd", "🔑 pässwörd"),
    ],
)
def test_passwords_are_prepared(text: str, result: str) -> None:
    assert prepared(text) == result


@pytest.mark.parametrize("text", ["", "\u00ad", "a\x07", "\u0627\u0031", "a\ue000", "a\n"])
def test_passwords_that_cannot_be_are_refused(text: str) -> None:
    with pytest.raises(LoginRefused):
        prepared(text)


def test_names_are_escaped() -> None:
    assert Scram("SCRAM-SHA-1", "a=b,c", "p", nonce="x").first() == b"n,,n=a=3Db=2Cc,r=x"
    assert plain_message("user", "pässword") == "\0user\0pässword".encode()

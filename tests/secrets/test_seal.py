"""`hubops seal`: what it seals, what it changes, what it says, and what it refuses."""

import re
from pathlib import Path
from typing import Any

import pytest

from generator.secrets.asking import STANDARD_INPUT
from generator.secrets.targets import SealMode
from tests.support import certificates, copies
from tests.support.certificates import BEFORE, NOW, RECENT, ec_key, pem, private_pem, rsa_key
from tests.support.copies import KEYS, Person, files, generate, made, opened, protocoast, seal

HUB = "hub-secrets"
CLIENT_ID, CLIENT_SECRET, COOKIE, CRYPT, TOKEN = (f"{HUB}/{key}" for key in KEYS)
PATH = "overlays/production/namespace/sealed-hub-secrets.yaml"
OVERLAY = "overlays/production/kustomization.yaml"
PERSON = {CLIENT_ID: b"coast-hub", CLIENT_SECRET: b"hunter2-hunter2"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """ProtoCoast generated, with a certificate of which the tests have the key."""
    made(tmp_path, protocoast())
    certificates.install(tmp_path)
    return tmp_path


def sealed_everything(root: Path) -> None:
    run = seal(root, person=Person(PERSON))
    assert run.code == 0, run.said


# --- what is sealed


def test_each_missing_value_is_asked_for(root: Path) -> None:
    person = Person(PERSON)
    run = seal(root, person=person)
    assert run.code == 0, run.said
    assert person.asked == [
        f"production: {CLIENT_ID} (Enter leaves it out): ",
        f"production: {CLIENT_SECRET} (Enter leaves it out): ",
        f"production: {COOKIE} (Enter generates a new one): ",
        f"production: {CRYPT} (Enter generates a new one): ",
        f"production: {TOKEN} (Enter generates a new one): ",
    ]
    found = opened(root)
    assert {name: found[name] for name in PERSON} == PERSON
    assert all(re.fullmatch(rb"[0-9a-f]{64}", found[name]) for name in (COOKIE, CRYPT, TOKEN))
    assert len({found[name] for name in (COOKIE, CRYPT, TOKEN)}) == 3
    assert opened(root, "staging") == {}
    assert copies.check(root).code == 0


def test_what_is_left_out_stays_a_placeholder(root: Path) -> None:
    run = seal(root, person=Person({CLIENT_ID: b"coast-hub"}))
    assert run.code == 0
    assert sorted(opened(root)) == sorted([CLIENT_ID, COOKIE, CRYPT, TOKEN])
    assert f"left to seal in production: {CLIENT_SECRET}\n" in run.notes
    again = Person({CLIENT_SECRET: b"x"})
    assert seal(root, person=again).code == 0
    assert again.asked == [f"production: {CLIENT_SECRET} (Enter leaves it out): "]


def test_nothing_is_left_to_seal(root: Path) -> None:
    sealed_everything(root)
    before = files(root)
    person = Person()
    run = seal(root, person=person)
    assert (run.code, run.notes) == (0, "nothing was sealed and nothing was written\n")
    assert person.asked == []
    assert files(root) == before


def test_generate_makes_what_is_random_and_names_the_rest(root: Path) -> None:
    run = seal(root, generate=True)
    assert run.code == 0
    assert sorted(opened(root)) == sorted([COOKIE, CRYPT, TOKEN])
    assert f"left out, its value comes from elsewhere: {CLIENT_SECRET}\n" in run.notes


@pytest.mark.parametrize("scope", ["strict", "namespace-wide", "cluster-wide"])
def test_every_scope(tmp_path: Path, scope: str) -> None:
    site = protocoast()
    site["environments"]["production"]["sealingScope"] = scope
    made(tmp_path, site)
    certificates.install(tmp_path)
    sealed_everything(tmp_path)
    assert opened(tmp_path)[CLIENT_ID] == b"coast-hub"


# --- where values come from


def from_file(folder: Path, value: bytes) -> dict[str, Any]:
    (folder / "value").write_bytes(value)
    return {"file": folder / "value"}


def from_variable(folder: Path, value: bytes) -> dict[str, Any]:
    return {"variable": "HUBOPS_TEST_VALUE"}


def from_input(folder: Path, value: bytes) -> dict[str, Any]:
    return {"file": STANDARD_INPUT, "given": value}


def from_pipe(folder: Path, value: bytes) -> dict[str, Any]:
    return {"given": value}


SOURCES = {source.__name__: source for source in (from_file, from_variable, from_input, from_pipe)}


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize(
    "end", [b"", b"\n", b"\r\n"], ids=["bare", "line end", "Windows' line end"]
)
def test_a_value_from_elsewhere(
    root: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    source: str,
    end: bytes,
) -> None:
    value = b"hunter2 " + b"\xc3\xa9"
    monkeypatch.setenv("HUBOPS_TEST_VALUE", (value + end).decode())
    sources = SOURCES[source](tmp_path_factory.mktemp("elsewhere"), value + end)
    run = seal(root, key=CLIENT_SECRET, **sources)
    assert run.code == 0, run.said
    assert opened(root) == {CLIENT_SECRET: value}
    assert ("the line end after the value is left out" in run.notes) is bool(end)


def test_a_key_alone_is_enough_where_one_secret_has_it(root: Path) -> None:
    assert seal(root, key="oauth.client_id", given=b"coast").code == 0
    assert opened(root) == {CLIENT_ID: b"coast"}


def test_a_variable_is_not_handed_on(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    monkeypatch.setenv("HUBOPS_TEST_VALUE", "hunter2")
    assert seal(root, key=CLIENT_ID, variable="HUBOPS_TEST_VALUE").code == 0
    assert "HUBOPS_TEST_VALUE" not in os.environ


def test_an_unfit_answer_is_asked_for_again(root: Path) -> None:
    answers = iter([b"short", b"not hex" * 10, b"ab" * 32])

    class Clumsy(Person):
        def answer(self, prompt: str) -> Any:
            self.answers = {COOKIE: next(answers)}
            return super().answer(prompt)

    run = seal(root, key=COOKIE, person=Clumsy())
    assert run.code == 0, run.said
    assert run.notes.count("try again") == 2
    assert opened(root) == {COOKIE: b"ab" * 32}


# --- what it changes


def changed_lines(before: bytes, after: bytes) -> tuple[list[str], list[str]]:
    one, other = before.decode().splitlines(), after.decode().splitlines()
    gone = [line for line in one if line not in other]
    return gone, [line[:60] for line in other if line not in one]


def test_only_the_values_line_and_its_annotation_change(root: Path) -> None:
    before = files(root)
    assert seal(root, key=COOKIE, generate=True).code == 0
    after = files(root)
    assert [path for path in after if after[path] != before.get(path)] == [OVERLAY, PATH]
    gone, new = changed_lines(before[PATH], after[PATH])
    assert [line.split(":")[0] for line in gone] == ["    hub.config.JupyterHub.cookie_secret"]
    assert [line.split(":")[0] for line in new] == [
        "  annotations",
        "    hubops.io/sealed-for.hub.config.JupyterHub.cookie_secret",
        "    hub.config.JupyterHub.cookie_secret",
    ]

    assert seal(root, key=CLIENT_ID, given=b"coast").code == 0
    gone, new = changed_lines(after[PATH], files(root)[PATH])
    assert [line.split(":")[0].strip() for line in (*gone, *new)] == [
        "oauth.client_id",
        "hubops.io/sealed-for.oauth.client_id",
        "oauth.client_id",
    ]


def test_the_hub_restarts_with_the_value_and_the_tree_is_whole(root: Path) -> None:
    before = files(root)[OVERLAY]
    assert seal(root, key=COOKIE, generate=True).code == 0
    gone, new = changed_lines(before, files(root)[OVERLAY])
    assert len(gone) == len(new) == 2
    assert all("hubops.io/content" in line for line in (*gone, *new))
    assert generate(root).out.startswith("0 created, 0 updated, 0 deleted, 34 unchanged\n")


def test_the_annotations_come_back_with_each_generation(root: Path) -> None:
    sealed_everything(root)
    before = files(root)[PATH]
    site = protocoast()
    site["environments"]["production"]["host"] = "other.example.org"
    copies.write_site(root, site)
    assert generate(root).code == 0
    assert files(root)[PATH] == before


def test_a_record_goes_with_its_ciphertext(root: Path) -> None:
    sealed_everything(root)
    copies.put(root, "production", KEYS[0], copies.ciphertext(1, 256))
    assert generate(root).code == 0
    text = files(root)[PATH].decode()
    assert "sealed-for.oauth.client_id" not in text
    assert text.count("sealed-for.") == 4


def test_other_changes_of_site_yaml_come_with_it_and_are_said(root: Path) -> None:
    site = protocoast()
    del site["environments"]["staging"]
    copies.write_site(root, site)
    run = seal(root, key=CLIENT_ID, given=b"coast")
    assert run.code == 0
    assert "staging: removed; what runs in fedcloud-staging stays" in run.out
    assert copies.check(root).code == 0


def test_what_is_said(root: Path) -> None:
    run = seal(root, key=CLIENT_ID, given=b"coast")
    fingerprint = certificates.certificate().fingerprint
    assert run.out.splitlines() == [
        f"sealed    production: {CLIENT_ID}",
        f"for certificates/fedcloud.pem, {fingerprint} (of 2026-05-22)",
        f"updated   {OVERLAY}",
        f"updated   {PATH}",
        "0 created, 2 updated, 0 deleted, 32 unchanged",
    ]


# --- rotation


ROTATIONS = {
    COOKIE: "logged-in users are signed out and must log in again",
    CRYPT: "'NEW;OLD' with --from-file",
    TOKEN: "Dask Gateway 2022.6.1 restarts after the hub",
    CLIENT_SECRET: "logins fail while the login provider has another secret",
}


@pytest.mark.parametrize("name", ROTATIONS)
def test_rotation_gives_a_new_value_and_says_what_it_does(root: Path, name: str) -> None:
    sealed_everything(root)
    before, text = opened(root), files(root)
    sources: dict[str, Any] = {"generate": True}
    if name == CLIENT_SECRET:
        sources = {"given": b"new"}
    run = seal(root, key=name, mode=SealMode.ROTATE, **sources)
    assert run.code == 0, run.said
    assert "the hub restarts once" in run.out
    assert ROTATIONS[name] in run.out
    after = opened(root)
    assert [one for one in after if after[one] != before[one]] == [name]
    assert files(root)[OVERLAY] != text[OVERLAY]
    assert len(changed_lines(text[PATH], files(root)[PATH])[0]) == 2


@pytest.mark.parametrize(
    ("version", "said"),
    [
        ("2022.6.1", "Dask Gateway 2022.6.1 restarts after the hub"),
        ("2024.1.0", "Dask Gateway 2024.1.0 restarts after the hub"),
        ("2025.4.0", "Dask Gateway goes on"),
    ],
)
def test_how_the_gateway_comes_to_a_new_token(tmp_path: Path, version: str, said: str) -> None:
    site = protocoast()
    site["charts"]["dask-gateway"]["version"] = version
    made(tmp_path, site)
    certificates.install(tmp_path)
    sealed_everything(tmp_path)
    before = files(tmp_path)[OVERLAY].decode()
    run = seal(tmp_path, key=TOKEN, mode=SealMode.ROTATE, generate=True)
    assert said in run.out
    hashes = re.findall(r"hubops.io/content: \S+", before)
    now = re.findall(r"hubops.io/content: \S+", files(tmp_path)[OVERLAY].decode())
    # The namespace, the hub, and the gateway where it restarts.
    assert len(set(now) - set(hashes)) == (2 if "goes on" in said else 3)


def test_a_sealed_value_is_not_changed_unasked(root: Path) -> None:
    sealed_everything(root)
    before = files(root)
    run = seal(root, key=COOKIE, generate=True)
    assert (run.code, run.error) == (
        2,
        f"production: {COOKIE} is already sealed; nothing was written",
    )
    assert run.help == f"for a new value: hubops seal production --rotate {COOKIE}"
    assert files(root) == before


# --- after a change of the certificate


def test_reseal_asks_for_what_the_new_certificate_makes_void_and_no_more(root: Path) -> None:
    sealed_everything(root)
    certificates.install(root, pem(begins=NOW))
    assert seal(root, key=CLIENT_ID, mode=SealMode.RESEAL, given=b"again").code == 0
    person = Person({CLIENT_SECRET: b"once more"})
    run = seal(root, mode=SealMode.RESEAL, person=person)
    assert run.code == 0, run.said
    assert [prompt.split()[1].rstrip(":") for prompt in person.asked] == [
        CLIENT_SECRET,
        COOKIE,
        CRYPT,
        TOKEN,
    ]
    assert run.notes.splitlines()[:5] == [
        "hubops can't decrypt sealed values, so it asks for each one:",
        f"  {CLIENT_SECRET}",
        *(f"  {name} (or generates a new one)" for name in (COOKIE, CRYPT, TOKEN)),
    ]
    assert "signed out" in run.out
    found = opened(root)
    assert (found[CLIENT_ID], found[CLIENT_SECRET]) == (b"again", b"once more")
    assert seal(root, mode=SealMode.RESEAL, person=Person()).notes.startswith("nothing was sealed")


def test_reseal_generates_and_names_what_needs_its_plaintext(root: Path) -> None:
    sealed_everything(root)
    before = opened(root)
    certificates.install(root, pem(begins=NOW))
    run = seal(root, mode=SealMode.RESEAL, generate=True)
    assert run.code == 0
    for name in (CLIENT_ID, CLIENT_SECRET):
        assert f"left out, its value comes from elsewhere: {name}\n" in run.notes
    after = opened(root)
    assert [one for one in after if after[one] != before[one]] == [COOKIE, CRYPT, TOKEN]


def test_a_newer_certificate_beside_the_old_one_makes_nothing_void(root: Path) -> None:
    sealed_everything(root)
    new = pem(rsa_key(2048), begins=NOW)
    certificates.install(root, new + pem())
    run = seal(root, mode=SealMode.RESEAL, person=Person())
    assert run.notes == "nothing was sealed and nothing was written\n"


def test_reseal_without_a_terminal_names_what_it_needs(root: Path) -> None:
    sealed_everything(root)
    certificates.install(root, pem(begins=NOW))
    before = files(root)
    run = seal(root, mode=SealMode.RESEAL)
    names = (CLIENT_ID, CLIENT_SECRET, COOKIE, CRYPT, TOKEN)
    assert (run.code, run.details) == (2, tuple(f"no value for {name}" for name in names))
    assert files(root) == before


def test_values_of_another_tool_are_named_and_let_be(root: Path) -> None:
    copies.put(root, "production", KEYS[0], copies.ciphertext(1, 256))
    assert generate(root).code == 0
    run = seal(root, mode=SealMode.RESEAL, person=Person())
    assert f"to seal one again, name it: {CLIENT_ID}\n" in run.notes
    assert seal(root, key=CLIENT_ID, mode=SealMode.RESEAL, given=b"coast").code == 0
    assert opened(root) == {CLIENT_ID: b"coast"}


def test_an_environment_in_another_cluster(root: Path) -> None:
    sealed_everything(root)
    site = protocoast()
    site["environments"]["production"]["cluster"] = "fedcloud-staging"
    site["environments"]["staging"]["cluster"] = "fedcloud"
    site["clusters"]["fedcloud-staging"]["sealingCertificate"] = "certificates/other.pem"
    certificates.install(root, pem(begins=NOW), "other")
    copies.write_site(root, site)
    person = Person(PERSON)
    assert seal(root, mode=SealMode.RESEAL, person=person).code == 0
    assert len(person.asked) == 5


@pytest.mark.parametrize("by", ["name", "reseal"])
def test_what_is_no_ciphertext_can_be_sealed(root: Path, by: str) -> None:
    copies.put(root, "production", KEYS[1], "hunter2")
    assert generate(root).code == 0
    if by == "name":
        run = seal(root, key=CLIENT_SECRET, given=b"new")
    else:
        run = seal(root, mode=SealMode.RESEAL, person=Person({CLIENT_SECRET: b"new"}))
    assert run.code == 0, run.said
    assert opened(root) == {CLIENT_SECRET: b"new"}
    assert "hunter2" not in run.said


# --- certificates


def test_an_old_certificate_is_said_and_used(root: Path) -> None:
    certificates.install(root, pem(begins=RECENT.replace(year=2025)))
    run = seal(root, key=CLIENT_ID, given=b"coast")
    assert run.code == 0
    assert run.notes.startswith("certificates/fedcloud.pem is 375 days old; ")


def test_of_several_certificates_the_newest_is_sealed_for(root: Path) -> None:
    certificates.install(root, pem(rsa_key(2048), BEFORE) + pem())
    assert seal(root, key=CLIENT_ID, given=b"coast").code == 0
    assert opened(root) == {CLIENT_ID: b"coast"}


# --- what is refused


MARKER = b"hunter2-in-plain-sight"
BAD_VALUES: dict[str, tuple[str, bytes, str]] = {
    "empty": (COOKIE, b"\n", "is empty"),
    "over 1 MiB": (CLIENT_SECRET, MARKER * 50_000, "is longer than 1 MiB"),
    "binary": (CLIENT_SECRET, MARKER + b"\xff\xfe", "is binary"),
    "with a zero": (CLIENT_SECRET, MARKER + b"\0", "is binary"),
    "two lines": (CLIENT_SECRET, MARKER + b"\nx", "holds a line end"),
    "two line ends": (CLIENT_SECRET, MARKER + b"\n\n", "holds a line end"),
    "a space at the end": (CLIENT_SECRET, MARKER + b" ", "begins or ends with a space"),
    "a tab": (CLIENT_ID, MARKER + b"\tx", "holds a line end or another control character"),
    "no hexadecimal cookie secret": (COOKIE, MARKER, "is not what the hub accepts: 64 hexa"),
    "a short cookie secret": (COOKIE, b"ab" * 16, "is not what the hub accepts"),
    "keys with the wrong sign between": (CRYPT, b"ab" * 32 + b"," + b"cd" * 32, "';' between them"),
    "a short token": (TOKEN, b"hunter2", "at least 8 letters"),
}


@pytest.mark.parametrize("name", BAD_VALUES)
def test_an_unfit_value(root: Path, name: str) -> None:
    key, value, complaint = BAD_VALUES[name]
    before = files(root)
    run = seal(root, key=key, file=STANDARD_INPUT, given=value)
    assert run.code == 3
    assert run.error.startswith(f"the value for production: {key} ")
    assert complaint in run.error
    assert run.error.endswith("; nothing was written")
    assert files(root) == before
    assert MARKER.decode() not in run.said
    assert "hunter2" not in run.said


def test_two_keys_for_the_crypt_keeper(root: Path) -> None:
    value = b"ab" * 32 + b";" + b"cd" * 32
    assert seal(root, key=CRYPT, given=value).code == 0
    assert opened(root) == {CRYPT: value}


BAD_CERTIFICATES: dict[str, tuple[bytes, str]] = {
    "expired": (pem(ends=NOW, begins=BEFORE), "the certificate expired on 2026-06-01"),
    "of an elliptic curve": (pem(ec_key()), "its key is not an RSA key"),
    "truncated": (pem()[:500], "a certificate in it is cut off or damaged"),
    "a private key": (private_pem(), "it holds a private key"),
    "empty": (b"", "the file is empty"),
}


@pytest.mark.parametrize("name", BAD_CERTIFICATES)
def test_a_certificate_of_no_use(root: Path, name: str) -> None:
    content, complaint = BAD_CERTIFICATES[name]
    certificates.install(root, content)
    before = files(root)
    person = Person(PERSON)
    run = seal(root, person=person)
    assert run.code == 3
    assert run.error.startswith(f"certificates/fedcloud.pem: {complaint}")
    assert run.error.endswith("; nothing was written")
    assert person.asked == []
    assert files(root) == before
    assert not any(line in run.said for line in private_pem().decode().splitlines()[1:-1])


def test_no_certificate(root: Path) -> None:
    (root / "certificates/fedcloud.pem").unlink()
    run = seal(root, person=Person(PERSON))
    assert run.code == 3
    assert run.error == "certificates/fedcloud.pem: there is no such file; nothing was written"
    assert "hubops certificate fedcloud" in run.help


def test_no_certificate_in_site_yaml(root: Path) -> None:
    run = seal(root, "staging", person=Person(PERSON))
    assert run.code == 3
    assert run.error.startswith("site.yaml names no sealing certificate for cluster fedcloud-stag")
    assert "hubops certificate fedcloud-staging" in run.help


USAGE: dict[str, tuple[dict[str, Any], str]] = {
    "no such environment": ({"environment": "prodction"}, "site.yaml has no environment of that"),
    "no such key": ({"key": "hub-secrets/oauth.client"}, "production: no secret has this key"),
    "no such secret": ({"key": "hub/oauth.client_id"}, "production: no secret has this key"),
    "a value for no key": ({"file": STANDARD_INPUT}, "one value was given, but no key"),
    "a variable for no key": ({"variable": "A"}, "one value was given, but no key"),
    "two sources": (
        {"key": CLIENT_ID, "file": STANDARD_INPUT, "generate": True},
        "--from-file, --from-env and --generate exclude each other",
    ),
    "a generated client id": (
        {"key": CLIENT_ID, "generate": True},
        f"hubops can't generate {CLIENT_ID}",
    ),
    "no terminal": ({}, "there is no terminal to ask on; nothing was written"),
    "no terminal for one key": (
        {"key": CLIENT_ID},
        "there is no terminal to ask on, and standard input is empty; nothing was written",
    ),
    "no terminal to rotate": (
        {"key": COOKIE, "mode": SealMode.ROTATE},
        "there is no terminal to ask on, and standard input is empty; nothing was written",
    ),
}


@pytest.mark.parametrize("name", USAGE)
def test_wrong_usage(root: Path, name: str) -> None:
    arguments, complaint = USAGE[name]
    before = files(root)
    run = seal(root, **arguments)
    assert run.code == 2
    assert run.error.startswith(complaint)
    assert run.help
    assert files(root) == before


@pytest.mark.parametrize("source", ["file", "variable"])
def test_a_source_that_is_not_there_is_not_repeated(root: Path, source: str) -> None:
    given: dict[str, Any] = {source: "hunter2" if source == "variable" else Path("hunter2")}
    run = seal(root, key=CLIENT_ID, **given)
    assert run.code == 3
    assert "nothing was written" in run.error
    assert "hunter2" not in run.said


def test_a_value_in_the_place_of_a_key_is_not_repeated(root: Path) -> None:
    run = seal(root, key="hunter2-in-plain-sight", given=b"x")
    assert run.code == 2
    assert "hunter2" not in run.said


def test_an_object_that_argo_cd_can_not_apply(tmp_path: Path) -> None:
    site = protocoast()
    site["secrets"] = {"big": {"keys": ["data"], "usedBy": {"servers": {"mount": "/etc/big"}}}}
    made(tmp_path, site)
    certificates.install(tmp_path)
    before = files(tmp_path)
    run = seal(tmp_path, key="big/data", given=bytes(200 * 1024))
    assert run.code == 3
    assert "would exceed 256 KiB" in run.error
    assert files(tmp_path) == before


def test_a_site_with_mistakes(root: Path) -> None:
    (root / "site.yaml").write_text("site: a\n")
    run = seal(root, person=Person(PERSON))
    assert run.code == 1
    assert run.out.startswith(f"{root}/site.yaml:1:1: error[S102]: ")


def test_what_would_be_lost_is_refused_before_anybody_is_asked(root: Path) -> None:
    sealed_everything(root)
    site = protocoast()
    site["environments"]["production"]["namespace"] = "other"
    copies.write_site(root, site)
    before = files(root)
    person = Person(PERSON)
    run = seal(root, person=person)
    assert (run.code, len(run.details), person.asked) == (3, 5, [])
    assert files(root) == before


def test_somebody_else_sealed_the_value_meanwhile(root: Path) -> None:
    class Slow(Person):
        def answer(self, prompt: str) -> Any:
            assert seal(root, key=CLIENT_ID, given=b"theirs").code == 0
            return super().answer(prompt)

    run = seal(root, key=CLIENT_ID, person=Slow({CLIENT_ID: b"ours"}))
    assert (run.code, run.error) == (
        3,
        "production changed while hubops asked for its values; nothing was written",
    )
    assert opened(root) == {CLIENT_ID: b"theirs"}


def test_site_yaml_changed_meanwhile(root: Path) -> None:
    class Slow(Person):
        def answer(self, prompt: str) -> Any:
            site = protocoast()
            site["environments"]["production"]["namespace"] = "other"
            copies.write_site(root, site)
            return super().answer(prompt)

    run = seal(root, key=CLIENT_ID, person=Slow({CLIENT_ID: b"ours"}))
    assert run.code == 3
    assert "changed while hubops asked for its values" in run.error
    assert opened(root) == {}
    assert generate(root).code == 0


def test_the_certificate_changed_meanwhile(root: Path) -> None:
    class Slow(Person):
        def answer(self, prompt: str) -> Any:
            certificates.install(root, pem(begins=NOW))
            return super().answer(prompt)

    run = seal(root, key=CLIENT_ID, person=Slow({CLIENT_ID: b"ours"}))
    assert run.code == 3
    assert "changed while hubops asked for its values" in run.error
    assert opened(root) == {}


def test_two_people_seal_different_values_at_once(root: Path) -> None:
    class Slow(Person):
        def answer(self, prompt: str) -> Any:
            assert seal(root, key=CLIENT_SECRET, given=b"theirs").code == 0
            return super().answer(prompt)

    run = seal(root, key=CLIENT_ID, person=Slow({CLIENT_ID: b"ours"}))
    assert run.code == 0, run.said
    assert opened(root) == {CLIENT_ID: b"ours", CLIENT_SECRET: b"theirs"}


def test_a_place_where_nothing_can_be_prepared(root: Path) -> None:
    folder = root / "overlays/production/namespace"
    sealed = folder / ".sealed-hub-secrets.yaml.hubops-staged"
    sealed.mkdir()
    before = files(root)
    run = seal(root, key=CLIENT_ID, given=b"coast")
    assert run.code == 3
    assert "nothing was changed" in run.error
    assert run.details == ("overlays/production/namespace/.sealed-hub-secrets.yaml.hubops-staged",)
    assert files(root) == before

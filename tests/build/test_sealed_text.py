"""A SealedSecret read in one step is what the YAML reader says of it, or is left to the reader."""

import random

import pytest

from generator.build.repository import Inputs, build, secrets_of
from generator.build.sealed_secrets import as_written, owner
from generator.site.model import Site
from generator.yaml.read import read
from tests.support import copies, random_sites
from tests.support.random_values import examples
from tests.support.sites import protocoast

CERTIFICATE = f"sha256:{'0a' * 32}"
# What a hand, a tool or a merge may do to a line.
REPLACED = ("", "  ", '"', "'", ": ", "#", " # by hand", "null", "true", "1", "y", "~", "\t", "\n")


def written(site: Site, sealed_share: float, seed: int) -> list[bytes]:
    """The SealedSecrets of a site, a share of their values sealed."""
    chance = random.Random(seed)
    sealed = {
        owner(environment, secret, key): copies.ciphertext(chance.randrange(1000), 256)
        for environment in site.environments
        for secret in secrets_of(environment)
        for key in secret.keys
        if chance.random() < sealed_share
    }
    inputs = Inputs(sealed=sealed, certificates=dict.fromkeys(list(sealed)[::2], CERTIFICATE))
    tree = build(site, inputs)
    return [content for path, content in tree.items() if "/sealed-" in path]


def assert_as_the_reader_says(content: bytes) -> bool:
    """Whether it was read in one step."""
    found = as_written(content)
    if found is None:
        return False
    document = read(content, "")
    assert not document.report.has_errors
    metadata, spec = document.data["metadata"], document.data["spec"]
    assert found["metadata"] == {
        "name": metadata["name"],
        "namespace": metadata["namespace"],
        "annotations": metadata.get("annotations", {}),
    }
    assert found["spec"] == {"encryptedData": spec["encryptedData"]}
    assert document.data["kind"] == "SealedSecret"
    assert "template" in spec
    return True


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_what_hubops_writes_is_read_in_one_step(share: float) -> None:
    assert all(map(assert_as_the_reader_says, written(protocoast(), share, 1)))


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_names_that_need_quotes_are_left_to_the_reader(share: float) -> None:
    sites = examples(random_sites.loaded_sites(), 40, number=7)
    texts = [text for seed, site in enumerate(sites) for text in written(site, share, seed)]
    quick = list(map(assert_as_the_reader_says, texts))
    assert 0 < sum(quick) < len(quick)


@pytest.mark.parametrize("seed", range(4))
def test_an_edited_text_is_read_as_the_reader_reads_it_or_left_to_it(seed: int) -> None:
    chance = random.Random(seed)
    quick = []
    for text in written(protocoast(), 0.5, seed) * 150:
        edited = bytearray(text)
        for _ in range(chance.randint(1, 2)):
            at = chance.randrange(len(edited))
            length = chance.choice((0, 0, 1, 5, 40))
            edited[at : at + length] = chance.choice(
                (*REPLACED, *map(chr, range(33, 127)))
            ).encode()
        quick.append(assert_as_the_reader_says(bytes(edited)))
    assert 0 < sum(quick) < len(quick)


def test_a_line_that_is_missing_doubled_or_moved_is_left_to_the_reader() -> None:
    (text, *_) = written(protocoast(), 1.0, 1)
    lines = text.splitlines(keepends=True)
    entries = [line for line in lines if line.startswith((b"    h", b"    o"))]
    for number, line in enumerate(lines):
        without = b"".join(lines[:number] + lines[number + 1 :])
        doubled = b"".join([*lines[: number + 1], *lines[number:]])
        assert as_written(doubled) is None
        # A key less is for the caller to see.
        assert assert_as_the_reader_says(without) is (line in entries), line

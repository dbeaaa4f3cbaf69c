"""The word that was meant."""

import time

import pytest

from generator.suggest import did_you_mean, nearest

KEYS = ("cluster", "namespace", "host", "requireSealed", "testing", "sealingScope", "sync")

NEAREST = {
    "letters-swapped": ("namesapce", "namespace"),
    "letter-missing": ("hst", "host"),
    "letter-doubled": ("clusterr", "cluster"),
    "plural": ("clusters", "cluster"),
    "capitals": ("NAMESPACE", "namespace"),
    "snake-case": ("require_sealed", "requireSealed"),
    "kebab-case": ("sealing-scope", "sealingScope"),
    "far": ("ingress", None),
    "empty": ("", None),
    "other-script": ("кластер", None),
}


@pytest.mark.parametrize(("word", "meant"), NEAREST.values(), ids=NEAREST)
def test_nearest_known_word(word: str, meant: str | None) -> None:
    assert nearest(word, KEYS) == meant


def test_known_word_keeps_its_capitals() -> None:
    assert nearest("installcrds", ["installCRDs", "limits"]) == "installCRDs"


def test_answer_does_not_depend_on_the_order_of_what_is_known() -> None:
    words = ["ab-1", "ab-2", "ab-3"]
    assert nearest("ab-4", words) == nearest("ab-4", words[::-1])


HELP = {
    "near": ("fedclod", ("fedcloud", "other"), "did you mean 'fedcloud'?"),
    "far": ("x", ("fedcloud", "other"), "known: fedcloud, other"),
    "nothing-known": ("x", (), "nothing is defined there yet"),
}


@pytest.mark.parametrize(("word", "known", "help"), HELP.values(), ids=HELP)
def test_help_names_the_nearest_or_all(word: str, known: tuple[str, ...], help: str) -> None:
    assert did_you_mean(word, known) == help


def test_many_known_words_are_not_all_listed() -> None:
    known = [f"cluster-{number:03}" for number in range(500)]
    assert did_you_mean("x", known) == f"known: {', '.join(known[:20])} and 480 more"


def test_long_words_take_no_time() -> None:
    started = time.process_time()
    for _ in range(100):
        nearest("a" * 10_000, [*KEYS, "a" * 50])
    assert time.process_time() - started < 1

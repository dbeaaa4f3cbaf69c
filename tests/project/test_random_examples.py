"""Random examples are the same in every run, so a red build is one that anybody can repeat."""

import json
import subprocess
import sys
from hashlib import sha256

from tests.support import random_sites
from tests.support.random_values import examples
from tests.support.sites import ROOT

DRAWN = f"import tests.conftest, {__name__} as here; print(here.drawn())"


def test_a_process_that_has_run_other_tests_draws_what_a_new_one_does() -> None:
    printed = subprocess.run(
        [sys.executable, "-c", DRAWN], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert printed.stdout.split() == [drawn()]


def drawn() -> str:
    """The fingerprint of some random sites."""
    sites = examples(random_sites.sites(), 30, number=3)
    return sha256(json.dumps(sites).encode()).hexdigest()

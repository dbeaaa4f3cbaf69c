"""1,000 random sequences of what people do: no sealed value is lost or changed unasked.

After each step every ciphertext in the working copy is known: it came by a command that says that
it seals that value, and it is there until a command says that it lets go of it.
"""

import copy
import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from generator.secrets.targets import SealMode
from tests.support import certificates, copies
from tests.support.certificates import BEFORE, NOW, RECENT, pem
from tests.support.copies import Killed, Run, generate, listening, one_hub

CHUNKS, SEQUENCES, LENGTH = 40, 25, 5
SECRET = {"keys": ["A"], "usedBy": {"servers": "environment"}}
RANDOM_KEYS = copies.KEYS[2:4]
CERTIFICATES = tuple(pem(begins=begins) for begins in (BEFORE, RECENT, NOW))


def with_certificate(site: copies.Site) -> copies.Site:
    site["clusters"]["fedcloud"]["sealingCertificate"] = "certificates/fedcloud.pem"
    return site


@dataclass(slots=True)
class World:
    """A working copy, the site.yaml in it, and every sealed value that there must be.

    `good` is the last site.yaml that a tree was written for; `certificate` of each value is the
    number of the one that hubops sealed it for, None where another tool did.
    """

    root: Path
    choice: random.Random
    site: copies.Site = field(default_factory=lambda: with_certificate(one_hub()))
    good: copies.Site = field(default_factory=lambda: with_certificate(one_hub()))
    sealed: dict[copies.Owner, str] = field(default_factory=dict)
    scopes: dict[copies.Owner, str] = field(default_factory=dict)
    certificates: dict[copies.Owner, int | None] = field(default_factory=dict)
    certificate: int = 0
    seals: int = 0

    def environment(self) -> str:
        names: list[str] = sorted(self.site["environments"])
        return self.choice.choice(names)

    def owner(self, environment: str, name: str, key: str) -> copies.Owner:
        return environment, self.site["environments"][environment]["namespace"], name, key

    def owners(self, environment: str) -> list[copies.Owner]:
        """Every value that an environment has a place for."""
        hub = [self.owner(environment, "hub-secrets", key) for key in copies.KEYS[:4]]
        own = [self.owner(environment, name, "A") for name in self.site.get("secrets", {})]
        return hub + own

    def homeless(self) -> list[copies.Owner]:
        """The sealed values that site.yaml as it is now has no place for."""
        places = {
            (owner, now.get("sealingScope", "strict"))
            for name, now in self.site["environments"].items()
            for owner in self.owners(name)
        }
        return [owner for owner in self.sealed if (owner, self.scopes[owner]) not in places]

    def seals_anew(self, owner: copies.Owner, value: str, certificate: int | None) -> None:
        self.sealed[owner] = value
        environment = self.site["environments"][owner[0]]
        self.scopes[owner] = environment.get("sealingScope", "strict")
        self.certificates[owner] = certificate

    def forget(self, owner: copies.Owner) -> None:
        del self.sealed[owner], self.scopes[owner], self.certificates[owner]


def learn(world: World, asked: list[copies.Owner]) -> None:
    """Takes note of new ciphertexts; only those that were asked for may be new."""
    for owner, value in copies.sealed(world.root).items():
        if world.sealed.get(owner) != value:
            assert owner in asked, owner
            world.seals_anew(owner, value, world.certificate)


def attempt(
    world: World, run: Callable[[], Run], asked: Callable[[], list[copies.Owner]]
) -> Run | None:
    """A sealing run, perhaps killed on its way; None where it was."""
    copies.write_site(world.root, world.site)
    last = world.choice.randrange(30) if world.choice.random() < 0.3 else 10**6
    steps = 0

    def kill(step: str) -> None:
        nonlocal steps
        steps += 1
        if steps > last:
            raise Killed(step)

    homeless = world.homeless()
    wanted = asked()
    with listening(world.root, kill):
        try:
            ended = run()
        except Killed:
            learn(world, [] if homeless else wanted)
            return None
    if homeless:
        assert ended.code in (1, 3), ended.said
    elif ended.code == 0:
        world.good = copy.deepcopy(world.site)
        learn(world, wanted)
    return ended


def seal_one(world: World) -> None:
    """One value: it is sealed where it was not, and refused where it was."""
    environment = world.environment()
    owner = world.choice.choice(world.owners(environment))
    value = b"ab" * 32
    run = partial(copies.seal, world.root, environment, f"{owner[2]}/{owner[3]}", given=value)
    was = owner in world.sealed
    ended = attempt(world, run, lambda: [] if was else [owner])
    assert ended is None or ended.code in ((1, 2, 3) if was else (0, 1, 3)), ended.said


def seal_what_is_random(world: World) -> None:
    """All that hubops makes by itself, where nothing is sealed yet."""
    environment = world.environment()
    asked = [
        owner
        for owner in world.owners(environment)
        if owner[3] in RANDOM_KEYS and owner not in world.sealed
    ]
    attempt(world, partial(copies.seal, world.root, environment, generate=True), lambda: asked)


def rotate(world: World) -> None:
    """A new value for one that is sealed."""
    environment = world.environment()
    sealed = [owner for owner in world.owners(environment) if owner in world.sealed]
    if sealed:
        owner = world.choice.choice(sealed)
        key = f"{owner[2]}/{owner[3]}"
        value = b"cd" * 32
        run = partial(copies.seal, world.root, environment, key, mode=SealMode.ROTATE, given=value)
        attempt(world, run, lambda: [owner])


def reseal(world: World) -> None:
    """What was sealed for another certificate, as far as hubops can make it."""
    environment = world.environment()
    asked = [
        owner
        for owner in world.owners(environment)
        if owner[3] in RANDOM_KEYS
        and world.certificates.get(owner, None) not in (None, world.certificate)
    ]
    run = partial(copies.seal, world.root, environment, mode=SealMode.RESEAL, generate=True)
    ended = attempt(world, run, lambda: asked)
    if ended is not None and ended.code == 0 and not world.homeless():
        assert all(world.certificates[owner] == world.certificate for owner in asked)


def change_certificate(world: World) -> None:
    """The cluster's certificate is replaced."""
    world.certificate = world.choice.randrange(len(CERTIFICATES))
    certificates.install(world.root, CERTIFICATES[world.certificate])


def seal_with_kubeseal(world: World) -> None:
    """Somebody puts a ciphertext of kubeseal's in a key's place, sealed or not."""
    placed = sorted(world.root.glob("overlays/[!.]*/namespace/sealed-hub-secrets.yaml"))
    if not placed:
        return
    file = world.choice.choice(placed)
    document = copies.data(file.read_bytes())
    key = world.choice.choice(sorted(document["spec"]["encryptedData"]))
    world.seals += 1
    value = copies.ciphertext(world.seals, 256)
    copies.put(world.root, file.parts[-3], key, value)
    metadata = document["metadata"]
    owner = (file.parts[-3], metadata["namespace"], "hub-secrets", key)
    wide = "sealedsecrets.bitnami.com/namespace-wide" in metadata.get("annotations", {})
    world.sealed[owner] = value
    world.scopes[owner] = "namespace-wide" if wide else "strict"
    world.certificates[owner] = None


def rewrite_with_kubeseal(world: World) -> None:
    """kubeseal merges a value into a file and loses header, labels and order."""
    file = copies.sealed_file(world.root, world.environment())
    if file.exists():
        file.write_bytes(copies.by_kubeseal(file.read_bytes()))


def change_site(world: World) -> None:
    """Environments come, go, take other names; what an environment or the site says changes."""
    environments = world.site["environments"]
    name, number = world.environment(), world.choice.randrange(10**6)
    what = world.choice.choice(["add", "remove", "rename", "namespace", "scope", "secret", "host"])
    if what == "add":
        new = {"cluster": "fedcloud", "namespace": f"n{number}", "host": f"h{number}.example.org"}
        environments[f"e{number}"] = new
    elif what == "remove" and len(environments) > 1:
        del environments[name]
    elif what == "rename":
        environments[f"r{number}"] = environments.pop(name)
    elif what == "namespace":
        environments[name]["namespace"] = f"m{number}"
    elif what == "scope":
        environments[name]["sealingScope"] = world.choice.choice(["strict", "namespace-wide"])
    elif what == "host":
        environments[name]["host"] = f"h{number}.example.org"
    elif "secrets" in world.site:
        del world.site["secrets"]
    else:
        world.site["secrets"] = {"ocean": copy.deepcopy(SECRET)}


def generate_or_take_back(world: World) -> None:
    """A run; where it is refused, site.yaml is taken back or the values are let go."""
    ended = attempt(world, partial(generate, world.root), list)
    homeless = world.homeless()
    if ended is None or not homeless:
        return
    assert (ended.code, len(ended.details)) == (3, len(homeless)), ended.said
    if world.choice.random() < 0.3:
        assert generate(world.root, discard_sealed=True).code == 0
        for owner in homeless:
            world.forget(owner)
        world.good = copy.deepcopy(world.site)
    else:
        world.site = copy.deepcopy(world.good)


STEPS: tuple[Callable[[World], None], ...] = (
    *(seal_one, seal_one, seal_what_is_random, rotate, reseal, change_certificate),
    *(seal_with_kubeseal, rewrite_with_kubeseal, change_site, change_site),
    generate_or_take_back,
)


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The beginning of every sequence: a small site, generated, with a certificate."""
    root = tmp_path_factory.mktemp("begun")
    copies.made(root, with_certificate(one_hub()))
    certificates.install(root, CERTIFICATES[0])
    return root


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_no_sealed_value_is_lost_or_changed_unasked(
    begun: Path, tmp_path: Path, chunk: int
) -> None:
    for number in range(SEQUENCES):
        seed = chunk * 1000 + number
        root = tmp_path / str(seed)
        shutil.copytree(begun, root)
        world = World(root=root, choice=random.Random(seed))
        done: list[Any] = [seed]
        for step in world.choice.choices(STEPS, k=LENGTH):
            done.append(step.__name__)
            step(world)
            assert copies.sealed(root) == world.sealed, done
        if world.homeless():
            world.site = copy.deepcopy(world.good)
        copies.write_site(root, world.site)
        if not world.homeless():
            run = generate(root)
            assert run.code == 0, (done, run.said)
        assert copies.sealed(root) == world.sealed, done
        shutil.rmtree(root)


def test_what_is_sealed_in_the_end_can_be_opened(begun: Path, tmp_path: Path) -> None:
    opened = 0
    for seed in range(8):
        root = tmp_path / str(seed)
        shutil.copytree(begun, root)
        world = World(root=root, choice=random.Random(seed))
        for step in (seal_one, change_certificate, seal_what_is_random, rotate, reseal):
            step(world)
        for environment in world.site["environments"]:
            values = copies.opened(root, environment)
            opened += len(values)
            assert all(len(value) == 64 for value in values.values())
    assert opened > 15

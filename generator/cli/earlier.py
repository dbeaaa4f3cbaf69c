"""The earlier side of `hubops diff` where its site.yaml has errors: what of it is compared."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from generator.build.repository import EXTRA_ENTRY, extra_folder
from generator.change.certainty import Certainty, certainty, readable
from generator.change.review_words import listed
from generator.cli.building import built_on
from generator.cli.loading import as_far_as_read
from generator.credentials import quoted
from generator.diagnostics import Diagnostic, GeneratorError
from generator.io import git, resources
from generator.io.worktree import WorkingCopy
from generator.lint import load
from generator.records import field, record
from generator.site.model import Site

# How many of each a note names at most.
_ERRORS = 5
_FOLDERS = 8
# How many older versions of site.yaml are tried.
_VERSIONS = 10


@record
class Earlier:
    """What can be compared: the files as committed, what is certain, and the notes that say so."""

    files: Mapping[str, bytes] = field(factory=dict)
    certainty: Certainty = Certainty()
    notes: tuple[str, ...] = ()


@record
class Written:
    """An earlier site.yaml with errors, beside the files that are committed with it.

    `commit` is the commit of the `revision` that a user named, and `name` the file's.
    """

    root: Path
    name: str
    revision: str
    commit: str
    content: bytes
    errors: tuple[Diagnostic, ...]
    copy: WorkingCopy

    def site(self) -> tuple[Site, str]:
        """The site that is compared, and the commit whose site.yaml it is, empty for this one.

        What gives the committed files counts most, for Argo CD runs those: this text as far as it
        can be read, or an older one without errors. GeneratorError where nothing can be read.
        """
        site = as_far_as_read(self.content)
        found = readable(site) if site is not None and site.name else None
        if found is not None and self._gives(found):
            return found, ""
        for commit in git.versions(self.root, self.commit, self.name, _VERSIONS):
            older = self._site_at(commit)
            if older is not None and self._gives(older):
                return older, commit[:10]
        if found is not None:
            return found, ""
        raise GeneratorError(
            f"{self.name} of revision '{self.revision}' can't be read, so nothing can be compared "
            "with it",
            f"name with --base the last revision whose {self.name} hubops can read; 'git log "
            f"--oneline -- {self.name}' lists the revisions",
            tuple(map(_worded, self.errors[:1])),
        )

    def _site_at(self, commit: str) -> Site | None:
        """The site of another commit; None where it has an error."""
        content = git.content(self.root, commit, self.name)
        facts = resources.site_schema(), resources.known_versions()
        return load.load(content, "", *facts).site if content is not None else None

    def _gives(self, site: Site) -> bool:
        """Whether the site gives the committed files."""
        read = _read(site, self.copy)
        return read == self.committed(read)

    def committed(self, read: Mapping[str, bytes]) -> dict[str, bytes]:
        """The committed files that are hubops' own, with what users put beside them."""
        return with_extra(self.copy.generated(read), self.copy)


def earlier(
    written: Written, site: Site, since: str, new: Mapping[str, bytes], head: str | None
) -> Earlier:
    """How far the new files can be compared with the site of `Written.site`.

    `head` is the newer revision, None for the working copy.
    """
    read = _read(site, written.copy)
    files = written.committed(read)
    known = certainty(files, read, new)
    notes = (*_of_site(written, since), *_of_files(known, since, (written.revision, head)))
    return Earlier(files=files, certainty=known, notes=notes)


def _read(site: Site, copy: WorkingCopy) -> dict[str, bytes]:
    """The files that the site gives.

    Where it holds what no file can, a null in a list, an empty one in each of its folders: nothing
    is certain of these, of one that was never generated either.
    """
    try:
        return with_extra(built_on(site, copy).tree, copy)
    except ValueError:
        environments = (f"overlays/{one.name}" for one in site.environments)
        folders = (*environments, *(f"clusters/{name}" for name in site.clusters))
        return {f"{folder}/{EXTRA_ENTRY}": b"" for folder in folders}


def with_extra(files: Mapping[str, bytes], copy: WorkingCopy) -> dict[str, bytes]:
    """Generated files with those that users put beside them."""
    extra = {
        f"{extra_folder(environment)}/{path}": content
        for environment, own in copy.extras.items()
        for path, content in own.items()
    }
    return {**files, **extra}


def _of_site(written: Written, since: str) -> Iterator[str]:
    """What is wrong with the earlier site.yaml."""
    count = f"{len(written.errors)} error{'s' if len(written.errors) > 1 else ''}"
    found = listed([*map(_worded, written.errors)], _ERRORS, "; ")
    unread = any(one.code.startswith(("S", "Y")) for one in written.errors)
    meaning = ". What an S or Y error refuses counts as left out" if unread and not since else ""
    yield f"{written.name} of revision '{written.revision}' has {count}: {found}{meaning}"


def _of_files(known: Certainty, since: str, sides: tuple[str, str | None]) -> Iterator[str]:
    """What the errors mean for the comparison."""
    kept, doubtful = map(sorted, (known.kept, known.doubtful))
    if not (kept or doubtful):
        source = f"site.yaml of commit {since}" if since else "what hubops reads"
        yield f"the comparison is complete: {source} gives exactly the files committed there"
    if kept:
        yield (
            f"nothing changes in {listed(kept, _FOLDERS)}: the committed files there stay as they "
            "are, whatever hubops can't read"
        )
    if doubtful:
        apps = ["apps"] if any(one.startswith("overlays/") for one in doubtful) else []
        paths = doubtful if len(doubtful) <= _FOLDERS else ["clusters", "overlays"]
        words = ["git", "diff", *filter(None, sides), "--", *apps, *paths]
        yield (
            f"compared only in part: {listed(doubtful, _FOLDERS)}. Argo CD runs the files that are "
            "committed there, and what hubops reads of that site.yaml gives other files: effects "
            "can be missing here, and old values can be wrong. Also read what differs in the "
            f"files: {' '.join(map(quoted, words))}"
        )


def _worded(error: Diagnostic) -> str:
    at = error.at
    return f"{at.file}:{at.line}:{at.column}: {error.code}: {error.message}"

"""Argo CD can't reach the repository by this address.

Argo CD fetches the tree from inside a cluster, over https or ssh: it can't read a folder on your
computer, and needs the scheme, and over ssh a user. With any other address it can't read a single
file, and every Application stays in the state Unknown. Write `https://host/path.git`,
`ssh://git@host/path.git` or `git@host:path.git`; the branch goes in `revision`.

Bad:
    repository: {url: github.com/coast-lab/gitops}
Good:
    repository: {url: "https://github.com/coast-lab/gitops.git"}

See https://argo-cd.readthedocs.io/en/stable/user-guide/private-repositories/
"""

import re

from generator.credentials import shown
from generator.lint.rules.base import Findings, errors
from generator.site.model import Site

finding = errors("G801")

# Compiled when first used: there is one address, and it has one form.
_HTTP = r"https?://[^/?#]+/(?P<path>[^?#]*)(?P<rest>.*)"
_SSH = r"ssh://[^/:@]+@(\[[^\]]+\]|[^/:@]+)(:\d{1,5})?/[^@]+"
# The form of scp; the user is what tells it from a path.
_SCP = r"[^/:@]+@(\[[^\]]+\]|[^/:@]+):[^@]+"
_FOLDER = r"(?i)[./~\\]|[A-Za-z]:[\\/]|file:"
# Where the web pages of GitHub, GitLab and Gitea show a folder or a file.
_PAGE = r"[^/]+/[^/]+/(tree|blob|src/branch)/|[^/]+/.+/-/(tree|blob)/"

_WRITE = "write  https://HOST/PATH.git,  or over ssh  git@HOST:PATH.git"
_FINE = ("", "")


def check(site: Site) -> Findings:
    """A finding at `repository.url`; what the schema refused is empty."""
    url = site.repository.url
    fault, help = _fault(url)
    if fault:
        yield finding(("repository", "url"), f"Argo CD can't reach '{shown(url)}': {fault}", help)


def _fault(url: str) -> tuple[str, str]:
    """What is wrong with an address, and what to do; both empty where it is fine."""
    scheme, has_scheme, _ = url.partition("://")
    if scheme in ("https", "http") and has_scheme:
        return _http_fault(url)
    if not url or re.fullmatch(_SSH, url) or (not has_scheme and re.fullmatch(_SCP, url)):
        return _FINE
    if re.match(_FOLDER, url):
        return "it is a folder on one computer", _WRITE
    if not has_scheme:
        return "it has no scheme", _WRITE
    if scheme == "ssh":
        return (
            "over ssh it needs a user, and a slash before the path",
            "write  ssh://git@HOST/PATH.git,  or  git@HOST:PATH.git",
        )
    return f"it does not read {shown(scheme)}://", _WRITE


def _http_fault(url: str) -> tuple[str, str]:
    match = re.fullmatch(_HTTP, url)
    if match is None or not match["path"].strip("/"):
        return "the host or the path is missing", _WRITE
    if match["rest"] or re.match(_PAGE, match["path"]):
        return (
            "it is the address of a page, not of a repository",
            "write what 'git clone' takes; the branch goes in  revision",
        )
    return _FINE

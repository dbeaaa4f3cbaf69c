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
_HOST = r"((?a:\w+((\.|-+)\w+)*)|\[[0-9A-Fa-f:]+\])"
_PORT = r"(:(6553[0-5]|655[0-2]\d|65[0-4]\d\d|6[0-4]\d{3}|[1-5]\d{4}|[1-9]\d{0,3}))?"
_USER = r"[\w.~%!$&'*+,;=-]+"
_HTTP = rf"https?://({_USER}(:[^/@]*)?@)?{_HOST}{_PORT}/(?P<path>[^?#]*)(?P<rest>.*)"
_SSH = rf"ssh://{_USER}@{_HOST}{_PORT}/(?P<path>[^@]+)"
# The form of scp; the user is what tells it from a path.
_SCP = rf"{_USER}@{_HOST}:/?(?P<path>[^@]+)"
# A path that leads to a repository, as far as its form tells.
_PATH = r"(?!\.{1,2}(/|$))[\w.~%!$&'()*+,;=-]+(/(?!\.{1,2}(/|$))[\w.~%!$&'()*+,;=:-]+)*/?"
# GitHub's repositories have an owner and a name.
_GITHUB = r"(https?|ssh)://([^/@]*@)?github\.com[:/]|[^/@]*@github\.com:"
_FOLDER = r"(?i)[./~\\]|[A-Za-z]:[\\/]|file:"
# Where the web pages of GitHub, GitLab and Gitea show a folder or a file.
_OF_PAGES = ("/tree/", "/blob/", "/src/branch/")
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
    if not url:
        return _FINE
    if scheme in ("https", "http") and has_scheme:
        return _http_fault(url)
    match = re.fullmatch(_SSH, url) or (None if has_scheme else re.fullmatch(_SCP, url))
    if match is not None:
        return _path_fault(url, match["path"])
    if re.match(_FOLDER, url):
        return "it is a folder on one computer", _WRITE
    if not has_scheme:
        return "it has no scheme", _WRITE
    if scheme == "ssh":
        return (
            "over ssh it needs a user, a host, and a slash before the path",
            "write  ssh://git@HOST/PATH.git,  or  git@HOST:PATH.git",
        )
    return f"it does not read {shown(scheme)}://", _WRITE


def _http_fault(url: str) -> tuple[str, str]:
    match = re.fullmatch(_HTTP, url)
    if match is None or not match["path"].strip("/"):
        return "the host or the path is missing, or is not valid", _WRITE
    may_be_page = any(part in url for part in _OF_PAGES)
    if match["rest"] or (may_be_page and re.match(_PAGE, match["path"])):
        return (
            "it is the address of a page, not of a repository",
            "write what 'git clone' takes; the branch goes in  revision",
        )
    return _path_fault(url, match["path"])


def _path_fault(url: str, path: str) -> tuple[str, str]:
    if not re.fullmatch(_PATH, path):
        return "its path is not valid", _WRITE
    if path.strip("/").count("/") != 1 and re.match(_GITHUB, url):
        return "GitHub's repositories have an owner and a name", _WRITE
    return _FINE

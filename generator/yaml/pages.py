"""The pages of what is said about a text that is not clear YAML."""

import re


def paged(text: str) -> dict[str, str]:
    """The pages in a text, by the code that each begins with."""
    _, *parts = re.split(r"(?m)^([A-Z]\d{3}): ", text)
    return dict(zip(parts[::2], parts[1::2], strict=True))


# Not an error: a comment that silences nothing.
WARNINGS = ("Y016", "Y017")

# A page for each code: a title, why it matters, a bad and a good example, and where to read on.
_PAGES = """\
Y001: The text is not YAML.

The YAML reader stopped, and the rest of the file has no clear meaning: hubops checks nothing else
until you fix this. Most often text that contains `: ` or begins with a special character of YAML
needs quotes, a bracket or a quote is never closed, or a line has another indentation than its
neighbors. The message comes from the reader; the help names the most likely fix.

Bad:
    description: Newest version: may change without notice
Good:
    description: "Newest version: may change without notice"

Y002: A key is written twice.

YAML readers keep one of the two and drop the other without a message, and not all keep the same
one. hubops reads the first, reports this error and generates nothing.

Bad:
    host: hub.example.org
    host: staging.example.org
Good:
    host: hub.example.org

Y003: An anchor or an alias.

What an alias repeats is somewhere else in the file, so a finding could not point at it, and a few
lines of aliases can expand to more than a machine's memory. Write the value in both places. Write
what environments share once, outside `environments`; each environment overrides a part of it.

Bad:
    production: &defaults {cluster: fedcloud}
    staging: *defaults
Good:
    production: {cluster: fedcloud}
    staging: {cluster: fedcloud}

Y004: A tag such as '!!str'.

Tags such as `!!str` or `!vault` ask the reader for a type, or for another program. site.yaml is
plain data: text, numbers, true and false, lists and maps. To write a number as text, put it in
quotes.

Bad:
    kubernetes: !!str 1.30
Good:
    kubernetes: "1.30"

Y005: A second document begins.

A site is one document; readers that take only the first drop the rest without a message. Keep one
document, and put a second site in a separate folder.

Bad:
    site: coast
    ---
    site: reef
Good:
    site: coast

Y006: The file is nested too deeply.

A site nests about ten levels deep. More than 64 levels are a mistake, such as brackets that are
opened and never closed.

Bad:
    values: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[
      ]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]
Good:
    values: {}

Y007: A number of too many characters.

Beyond about 15 digits JSON and YAML readers round a number, each in its own way: the cluster would
get another number. An identifier that consists of digits is text: put it in quotes.

Bad:
    values: {accountId: 12345678901234567890}
Good:
    values: {accountId: "12345678901234567890"}

Y008: A control character, or a byte that is not UTF-8.

YAML text holds no control characters but tab and line end; some readers drop them and others stop.
hubops also refuses escaped ones that no generated file can contain. They come from copying out of a
terminal or a word processor: save the file as UTF-8 text.

Bad:
    description: "Stable\\x85version"
Good:
    description: Stable version

Y009: The file is empty.

It has no content except comments. Start from the example in the README, or from the one in
docs/site-reference.md.

Bad:
    # to be written
Good:
    schemaVersion: 1
    site: coast

Y010: A key that is not text.

YAML reads a bare `1.30`, `on` or `null` as a number, a boolean or nothing, also before a colon, and
readers do not agree on it. Put the key in quotes.

Bad:
    values: {on: true}
Good:
    values: {"on": true}

See https://yaml.org/type/bool.html

Y011: A value that YAML readers do not agree on.

`yes` and `off` are booleans for YAML 1.1 and text for YAML 1.2; `1e3`, `0644`, `12:30` and
`2026-01-06` are numbers, times or dates for one reader and text for another. hubops, Argo CD and
Kustomize would read different values. Put it in quotes if it is text, or write true, false or a
plain decimal number.

Bad:
    testing: yes
Good:
    testing: true

See https://yaml.org/type/bool.html

Y012: The file is too long.

A fleet of 1,000 environments stays far below 2 MiB and 60,000 keys and values: a file above either
limit is most likely the wrong file, and hubops does not read it. Name the right one with `--site`.

Bad:
    # more than 2,097,152 bytes of text, or more than 60,000 keys and values
Good:
    site: coast

Y013: A tab where YAML wants spaces.

YAML indents with spaces only, because the width of a tab differs between editors. Set the editor to
write spaces.

Bad:
    production:
    \tcluster: fedcloud
Good:
    production:
      cluster: fedcloud

Y014: A line that begins with '%'.

At the beginning of a line `%` is an instruction to the YAML reader, for example to use another YAML
version. hubops reads no such instruction. Remove the line, or indent it if it is part of a text.

Bad:
    %YAML 1.1
    ---
    site: coast
Good:
    site: coast

Y015: A map or a list in place of a key.

In YAML `{{ host }}` is not a placeholder but a map as the key of a map, which no Kubernetes object
can have. hubops does not fill in templates: write the value, or put the text in quotes.

Bad:
    host: {{ host }}
Good:
    host: hub.example.org

Y016: A comment silences a finding that does not occur.

Its finding is fixed, or is on another line. If the comment stays, it would silence the finding
unnoticed when it comes back. Remove it, or remove the code from its list.

Bad:
    repository:
      url: https://github.com/coast-lab/gitops.git
      revision: main  # hubops: ignore[G804] the mirror has one branch
Good:
    repository:
      url: https://github.com/coast-lab/gitops.git
      revision: main

Y017: A comment that silences nothing, because its form is wrong.

Write `# hubops: ignore[CODE] reason` on the line of the finding; separate several codes with
commas. The code must exist, and the reason is for people who read the file next year. A comment
can't silence a finding that keeps hubops from building a correct tree.

Bad:
    repository:
      url: https://github.com/coast-lab/gitops.git
      revision: HEAD  # hubops: ignore[G804]
Good:
    repository:
      url: https://github.com/coast-lab/gitops.git
      revision: HEAD  # hubops: ignore[G804] the mirror has one branch
"""
PAGES = paged(_PAGES)

"""What is said about a text that is not clear YAML: messages, helps, and a page for each code."""

# Code -> (message, help).

MESSAGES = {
    "Y001": ("not YAML: {problem}", "{cure}"),
    "Y002": ("key '{key}' is written twice", "keep one of them; the first is on line {line}"),
    "Y003": (
        "anchors and aliases are not read ({name})",
        "write the value out in both places; an environment overrides in part, so little repeats",
    ),
    "Y004": ("the tag '{tag}' is not read", "remove the tag and write plain YAML"),
    "Y005": ("a second document begins here", "keep one document and remove the '---' line"),
    "Y006": (
        "nested deeper than {depth} levels",
        "a site needs fewer than ten; check the brackets",
    ),
    "Y007": ("a number of {digits} characters", "at most {limit}; put text in quotes"),
    "Y008": ("the file holds {what}", "save it as UTF-8 text without control characters"),
    "Y009": ("the file is empty", "describe the site: start from the example in the README"),
    "Y010": ("key '{key}' is not text", "put the key in quotes"),
    "Y011": (
        "'{text}' means different things to different YAML readers",
        "put it in quotes if it is text, or write true, false or a plain decimal number",
    ),
    "Y012": ("the file has more than {limit}", "is this the right file?"),
    "Y013": ("a tab where YAML wants spaces", "indent with spaces"),
    "Y014": ("a line that begins with '%' is not read", "remove it, or indent it if it is text"),
    "Y015": ("a map or a list stands where a key belongs", "put it in quotes if it is text"),
    "Y016": ("nothing on this line is {code}", "remove the comment, or the code from it"),
    "Y017": ("this comment silences nothing: {fault}", "{cure}"),
}

_ESCAPE = "a backslash in double quotes begins an escape: write the character, or use single quotes"
# Words in the reader's own message -> what most likely mends it.
_CURES = {
    "escape": _ESCAPE,
    "hexdecimal": _ESCAPE,
    "quoted scalar": "close the quote that begins here",
    "mapping values are not allowed": (
        "put the text in quotes if it holds ': '; does a key on the line above lack its ':'?"
    ),
    "expected ':'": "write ': ' behind the key, or indent the line if it continues the one above",
    "expected ',' or": "close the bracket, and put commas between its entries",
    "cannot start any token": "put the text in quotes: it begins with a sign of YAML's own",
    "expected key": "indent the line like its neighbours; is a quote or bracket above it open?",
    "'-' indicator": "indent the line like its neighbours; begin each entry of a list with '- '",
}
_ANY_CURE = "check the indentation, colons and quotes around this place"


def cure(problem: str) -> str:
    """What to do about a text that the YAML reader refuses, by the reader's message."""
    return next((help for words, help in _CURES.items() if words in problem), _ANY_CURE)


# What lets the site pass: a comment that silences nothing.
WARNINGS = ("Y016", "Y017")

PAGES = {
    "Y001": """
        The text is not YAML.

        The YAML reader stopped, and what follows has no sure meaning: nothing else is judged until
        this is mended. Most often a text that holds `: ` or begins with a sign of YAML's own lacks
        its quotes, a bracket or a quote is never closed, or a line is indented unlike its
        neighbours. The message is the reader's own; the help says what most likely mends it.

        Bad:

            description: Newest version: may change without notice

        Good:

            description: "Newest version: may change without notice"
        """,
    "Y002": """
        A key is written twice.

        YAML readers keep one of the two and drop the other in silence, and not all keep the same
        one. hubops reads the first, says so here and generates nothing.

        Bad:

            host: hub.example.org
            host: staging.example.org

        Good:

            host: hub.example.org
        """,
    "Y003": """
        An anchor or an alias.

        What an alias repeats stands elsewhere, so a finding could not point at it, and a few lines
        of them can grow into more than a machine's memory. Write the value out in both places.
        What environments share is written once, outside `environments`; each overrides in part.

        Bad:

            production: &defaults
              cluster: fedcloud
            staging: *defaults

        Good:

            production:
              cluster: fedcloud
            staging:
              cluster: fedcloud
        """,
    "Y004": """
        A tag such as '!!str'.

        Tags such as `!!str` or `!vault` ask the reader for a type, or for another program's work.
        site.yaml is plain data: text, numbers, true and false, lists and maps. To have a number
        read as text, put it in quotes.

        Bad:

            kubernetes: !!str 1.30

        Good:

            kubernetes: "1.30"
        """,
    "Y005": """
        A second document begins.

        One site is one document; readers that take only the first drop the rest in silence. Keep
        one document, and put a second site into a folder of its own.

        Bad:

            site: coast
            ---
            site: reef

        Good:

            site: coast
        """,
    "Y006": """
        Nested deeper than any site needs.

        A site nests about ten levels deep. At more than 64 something else has gone wrong, such as
        brackets that are opened and never closed.

        Bad:

            values: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[
              ]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]

        Good:

            values: {}
        """,
    "Y007": """
        A number of too many characters.

        Beyond 15 digits or so JSON and YAML readers round a number, each in its own way: what
        reached the cluster would be another one. An identifier that consists of digits is text, and
        stands in quotes.

        Bad:

            values:
              accountId: 12345678901234567890

        Good:

            values:
              accountId: "12345678901234567890"
        """,
    "Y008": r"""
        A control character, or a byte that is not UTF-8.

        YAML text holds no control characters but tab and line end; some readers drop them and
        others stop. Escaped ones are refused as well where no generated file could hold them. They
        come from copying out of a terminal or a word processor: save the file as UTF-8 text.

        Bad:

            description: "Stable\x85version"

        Good:

            description: Stable version
        """,
    "Y009": """
        The file is empty.

        There is nothing in it, or nothing but comments. Start from the example in the README, or
        from the one in docs/site-reference.md.

        Bad:

            # to be written

        Good:

            schemaVersion: 1
            site: coast
        """,
    "Y010": """
        A key that is not text.

        YAML takes a bare `1.30`, `on` or `null` for a number, a boolean or nothing, also where it
        stands before a colon, and readers do not agree on it. Put the key in quotes.

        Bad:

            values:
              on: true

        Good:

            values:
              "on": true

        See https://yaml.org/type/bool.html
        """,
    "Y011": """
        A value that YAML readers do not agree about.

        `yes` and `off` are booleans for YAML 1.1 and text for YAML 1.2; `1e3`, `0644`, `12:30` and
        `2026-01-06` are numbers, times or dates for one reader and text for another. hubops, Argo
        CD and Kustomize would not read the same. Put it in quotes if it is text, or write true,
        false or a plain decimal number.

        Bad:

            testing: yes

        Good:

            testing: true

        See https://yaml.org/type/bool.html
        """,
    "Y012": """
        The file is too long.

        A fleet of 1,000 environments stays far below 2 MiB and 60,000 keys and values: a file above
        either is most likely another one, and is not read. `--site` names the right one.

        Bad:

            # more than 2,097,152 bytes of text, or more than 60,000 keys and values

        Good:

            site: coast
        """,
    "Y013": """
        A tab where YAML wants spaces.

        YAML indents with spaces alone, because a tab is of another width in each editor. Have the
        editor write spaces.

        Bad:

            production:
            \tcluster: fedcloud

        Good:

            production:
              cluster: fedcloud
        """,
    "Y014": """
        A line that begins with '%'.

        At the begin of a line `%` speaks to the YAML reader, for example of another YAML version.
        No such instruction is read. Remove the line, or indent it if it is part of a text.

        Bad:

            %YAML 1.1
            ---
            site: coast

        Good:

            site: coast
        """,
    "Y015": """
        A map or a list stands where a key belongs.

        `{{ host }}` is no placeholder in YAML but a map as the key of a map, which no Kubernetes
        object can hold. hubops fills in no templates: write the value, or put the text in quotes.

        Bad:

            host: {{ host }}

        Good:

            host: hub.example.org
        """,
    "Y016": """
        A comment silences a finding that is not there.

        What it spoke of is mended, or stands on another line. Left where it is, the comment would
        silence the finding unseen when it comes back. Remove it, or the code from its list.

        Bad:

            repository:
              url: https://github.com/coast-lab/gitops.git
              revision: main  # hubops: ignore[G804] the mirror has one branch

        Good:

            repository:
              url: https://github.com/coast-lab/gitops.git
              revision: main
        """,
    "Y017": """
        A comment that silences nothing, because it is not of the right form.

        It reads `# hubops: ignore[CODE] reason`, on the line of the finding; several codes are
        parted by commas. The code must exist, and the reason is for whoever reads the file next
        year. Findings without which no right tree can be built are never silenced.

        Bad:

            repository:
              url: https://github.com/coast-lab/gitops.git
              revision: HEAD  # hubops: ignore[G804]

        Good:

            repository:
              url: https://github.com/coast-lab/gitops.git
              revision: HEAD  # hubops: ignore[G804] the mirror has one branch
        """,
}

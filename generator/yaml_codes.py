"""What is said about a text that is no clear YAML: code -> (message, help)."""

MESSAGES = {
    "Y001": ("not YAML: {problem}", "check the indentation, colons and quotes around this place"),
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
    "Y012": ("the file has {size} bytes", "a site has less than {limit}; is this the right file?"),
    "Y013": ("a tab where YAML wants spaces", "indent with spaces"),
}

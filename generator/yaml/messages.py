"""What is said about a text that is not clear YAML: a message and a help for each code."""

# Code -> (message, help).

MESSAGES = {
    "Y001": ("not YAML: {problem}", "{cure}"),
    "Y002": ("key '{key}' is written twice", "keep one of them; the first is on line {line}"),
    "Y003": (
        "anchors and aliases are not supported ({name})",
        "write the value in both places; an environment writes only what differs",
    ),
    "Y004": ("the tag '{tag}' is not supported", "remove the tag and write plain YAML"),
    "Y005": ("a second document begins here", "keep one document and remove the '---' line"),
    "Y006": (
        "nested deeper than {depth} levels",
        "a site needs fewer than ten; check the brackets",
    ),
    "Y007": ("a number of {digits} characters", "write at most {limit}; put text in quotes"),
    "Y008": ("the file holds {what}", "save it as UTF-8 text without control characters"),
    "Y009": ("the file is empty", "describe the site: start from the example in the README"),
    "Y010": ("key '{key}' is not text", "put the key in quotes"),
    "Y011": (
        "'{text}' means different things to different YAML readers",
        "put it in quotes if it is text, or write true, false or a plain decimal number",
    ),
    "Y012": ("the file has more than {limit}", "check that this is the right file"),
    "Y013": ("a tab where YAML wants spaces", "indent with spaces"),
    "Y014": (
        "a line that begins with '%' is not supported",
        "remove it, or indent it if it is text",
    ),
    "Y015": ("a map or a list in place of a key", "put it in quotes if it is text"),
    "Y016": ("nothing on this line is {code}", "remove the comment, or the code from it"),
    "Y017": ("this comment silences nothing: {fault}", "{cure}"),
}

_ESCAPE = "a backslash in double quotes begins an escape: write the character, or use single quotes"
# Words in the reader's own message -> the most likely fix.
_CURES = {
    "escape": _ESCAPE,
    "hexdecimal": _ESCAPE,
    "quoted scalar": "close the quote that begins here",
    "mapping values are not allowed": (
        "put the text in quotes if it holds ': '; does a key on the line above lack its ':'?"
    ),
    "expected ':'": "write ': ' behind the key, or indent the line if it continues the one above",
    "expected ',' or": "close the bracket, and put commas between its entries",
    "cannot start any token": "put the text in quotes: it begins with a special character",
    "expected key": "indent the line like its neighbors; is a quote or bracket above it open?",
    "'-' indicator": "indent the line like its neighbors; begin each entry of a list with '- '",
}
_ANY_CURE = "check the indentation, colons and quotes around this place"


def cure(problem: str) -> str:
    """What to do about text that the YAML reader refuses, by the reader's message."""
    return next((help for words, help in _CURES.items() if words in problem), _ANY_CURE)

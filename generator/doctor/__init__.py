"""A live cluster, or a dump of one, judged by what the site says (`doctor`), and daily commands.

`observe` asks and cleans, `snapshot` is what was seen, `checks` judge it, `causes` finds what is
first, `formats` print. Only `observe` and `network` ask anything; they write nothing.
"""

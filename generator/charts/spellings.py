"""How a chart spells what site.yaml says, and back."""

import re
from collections.abc import Callable
from typing import Any

from generator.quantities import amount, bytes_of, number, seconds, spawner_memory
from generator.records import record
from generator.site.model import Json

_UNITS = {"K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40}
_SPAWNER = r"(?a)\s*(\d{1,15}(?:\.\d{1,9})?)\s*([KMGT])\s*"
_BINARY = (("Ti", 2**40), ("Gi", 2**30), ("Mi", 2**20), ("Ki", 2**10), ("k", 10**3))
_MOST = 10**12
_MOST_SECONDS = 3600 * 10**6
# What site.yaml takes as a quantity.
_QUANTITY = r"(?!0+(\.0+)?[A-Za-z])[0-9]{1,12}(\.[0-9]{1,6})?(Ki|Mi|Gi|Ti|Pi|k|M|G|T|P)"
# A path of an address, a label of a node and its name.
_PATH = r"/[!-~]*"
# A text of several lines, without what shows as something else.
_PROSE = (
    "[^\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]{1,2000}"
)
_LABEL = r"([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?"
_LABEL_KEY = rf"([a-z0-9]([a-z0-9.-]{{0,251}}[a-z0-9])?/)?(?=.){_LABEL}"
_IN_SERVER = r"/[^\x00-\x1f\x7f:]{0,1000}"
_CORES = r"(?!0+(\.0+)?m?$)[0-9]{1,6}(\.[0-9]{1,3}|m)?"
_VARIABLE = r"[A-Za-z_][A-Za-z0-9_]{0,252}"
_IMAGE = r"[a-z0-9][a-z0-9._:/@-]*:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}"
_FOLDER = r"(/[A-Za-z0-9._-]*[A-Za-z0-9_-])+"
_CLAIM = r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?"
_USER_FOLDER = r"(?!.*(^|/)\.\.?(/|$))[A-Za-z0-9{_][A-Za-z0-9._{}/-]{0,499}"
# One that site.yaml can say, and that is written back as it was; a password is never read.
_POSTGRES_URL = (
    r"postgresql(\+psycopg2)?://(?P<user>[A-Za-z0-9_][A-Za-z0-9_.-]{0,62})@"
    r"(?P<host>[a-z0-9]([a-z0-9.-]*[a-z0-9])?)(:(?P<port>[1-9][0-9]{0,4}))?"
    r"/(?P<database>[A-Za-z0-9_][A-Za-z0-9_.-]{0,62})"
)
_EFFECTS = ("NoSchedule", "PreferNoSchedule", "NoExecute")


def spawner_bytes(size: Json) -> int | None:
    """The bytes that KubeSpawner's `5G` (powers of 1024) or a bare number means."""
    if isinstance(size, bool):
        return None
    if isinstance(size, int):
        return size if size > 0 else None
    if isinstance(size, float):
        return int(size) if size > 0 and size == int(size) else None
    found = re.fullmatch(_SPAWNER, size) if isinstance(size, str) else None
    if found is not None:
        from fractions import Fraction  # only an import reads sizes back

        return int(Fraction(found[1]) * _UNITS[found[2]])
    return None


def kubernetes_bytes(size: Json) -> int | None:
    """The bytes of `5Gi`, which KubeSpawner can't read, where it is clear what is meant."""
    if not isinstance(size, str) or not size[-1:].isalpha():
        return None
    try:
        return bytes_of(size.replace(" ", "").removesuffix("B"))
    except ValueError:
        return None


def quantity(size: int) -> str | None:
    """Whole bytes as site.yaml spells them; None where no unit divides them."""
    for unit, factor in _BINARY:
        if size and size % factor == 0 and size // factor < _MOST:
            return f"{size // factor}{unit}"
    return None


def is_quantity(text: Json) -> bool:
    """Whether site.yaml takes a text as a quantity."""
    return isinstance(text, str) and re.fullmatch(_QUANTITY, text) is not None


def duration(whole: int) -> str:
    """Seconds as site.yaml spells them."""
    hours, rest = divmod(whole, 3600)
    minutes, last = divmod(rest, 60)
    parts = ((hours, "h"), (minutes, "m"), (last, "s"))
    return "".join(f"{count}{unit}" for count, unit in parts if count) or "0s"


def words(found: Json) -> list[str] | None:
    """A list of different words; None where site.yaml can't say it."""
    if not isinstance(found, list) or not all(isinstance(word, str) for word in found):
        return None
    return found if len(set(found)) == len(found) else None


def _quantity_of(size: Json) -> str | None:
    in_bytes = spawner_bytes(size)
    return quantity(in_bytes) if in_bytes else None


def _cores(value: Json) -> int | float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return value if is_number and 0 < value <= 100_000 else None


def _duration_of(value: Json) -> str | None:
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    return duration(value) if is_whole and 0 <= value < _MOST_SECONDS else None


def _kubernetes_cores(value: Json) -> int | float | str | None:
    if isinstance(value, str):
        return value if re.fullmatch(_CORES, value) else None
    return _cores(value)


def _variables(value: Json) -> dict[str, str] | None:
    """The variables that are plain texts; what comes from elsewhere stays where it is."""
    plain = {
        name: text
        for name, text in (value.items() if isinstance(value, dict) else ())
        if _is_text(text) and re.fullmatch(_VARIABLE, name)
    }
    return plain or None


def _postgres_url(said: Any) -> str:
    """Without the password, which libpq takes from the hub's environment."""
    from urllib.parse import quote

    host, port = said.get("host", ""), said.get("port", 5432)
    user, database = (quote(said.get(key, ""), safe="") for key in ("user", "database"))
    return f"postgresql+psycopg2://{user}@{host}:{port}/{database}"


def _postgres(url: Json) -> dict[str, Json] | None:
    found = re.fullmatch(_POSTGRES_URL, url) if isinstance(url, str) else None
    if found is None:
        return None
    port = {} if found["port"] in (None, "5432") else {"port": int(found["port"])}
    return {"host": found["host"], **port, "database": found["database"], "user": found["user"]}


def _count(value: Json) -> int | None:
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    return value if is_whole and 0 < value <= 1_000_000 else None


def _labels(value: Json) -> dict[str, str] | None:
    is_map = isinstance(value, dict) and all(
        _is_text(text) and re.fullmatch(_LABEL, text) and re.fullmatch(_LABEL_KEY, key)
        for key, text in value.items()
    )
    return dict(value) if is_map and value else None


def _writable(value: Json) -> dict[str, Json] | None:
    """A map without what no generated file can hold: nulls, and keys that begin with '$'."""
    if not isinstance(value, dict):
        return None
    said = {
        key: _writable(one) if isinstance(one, dict) and one else one for key, one in value.items()
    }
    kept = {k: one for k, one in said.items() if not (one is None or k.startswith("$"))}
    return kept or None


def _tolerations(value: Json) -> list[Json] | None:
    is_list = isinstance(value, list) and all(
        isinstance(one, dict)
        and one.keys() <= {"key", "operator", "value", "effect"}
        and all(map(_is_text, one.values()))
        and one.get("key", "any")
        and one.get("operator", "Equal") in ("Equal", "Exists")
        and one.get("effect", _EFFECTS[0]) in _EFFECTS
        for one in value
    )
    return value if is_list and all(value) else None


def _command(value: Json) -> list[str] | None:
    if _is_text(value):
        return [value]
    return value if isinstance(value, list) and all(map(_is_text, value)) else None


def _whole(value: Json) -> int | None:
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    return value if is_whole and 0 <= value < 2**31 else None


def _files(found: Json) -> dict[str, dict[str, Json]] | None:
    if not isinstance(found, dict) or not found:
        return None
    files = {str(name): _file(one) for name, one in found.items()}
    return {name: one for name, one in files.items() if one} or None


def _file(found: Json) -> dict[str, Json] | None:
    if not isinstance(found, dict) or not found.keys() <= {"mountPath", "stringData", "mode"}:
        return None
    path, text, mode = (found.get(key) for key in ("mountPath", "stringData", "mode"))
    is_mode = mode is None or (isinstance(mode, int) and 0 <= mode <= 0o777)
    if not isinstance(path, str) or not re.fullmatch(_IN_SERVER, path):
        return None
    if not isinstance(text, str) or not is_mode:
        return None
    more = {"mode": f"{mode:04o}"} if mode is not None else {}
    return {"path": path, "content": text, **more}


def _file_there(file: Json) -> Json:
    mode = {"mode": int(file["mode"], 8)} if "mode" in file else {}
    return {"mountPath": file.get("path"), "stringData": file.get("content", ""), **mode}


def image_parts(image: str) -> dict[str, str]:
    """An image as a chart's `name` and `tag`; of a digest the algorithm goes to the name.

    Charts print `name:tag`, so `repo@sha256` and the hex digits give `repo@sha256:<hex>`.
    """
    name, _, digest = image.partition("@sha256:")
    if digest:
        return {"name": f"{name}@sha256", "tag": digest}
    name, _, tag = image.rpartition(":")
    return {"name": name, "tag": tag}


def _image_of(value: Json) -> str | None:
    name, tag = (value.get(key) if isinstance(value, dict) else None for key in ("name", "tag"))
    image = f"{name}:{tag}"
    return image if name and tag and re.fullmatch(_IMAGE, image) else None


def _extra_images(images: Json) -> dict[str, Json] | None:
    """Images as the image puller takes them."""
    return {f"image-{at}": image_parts(image) for at, image in enumerate(images)} or None


def _listed_images(value: Json) -> list[str] | None:
    entries = list(value.values()) if isinstance(value, dict) else []
    is_plain = all(isinstance(one, dict) and one.keys() == {"name", "tag"} for one in entries)
    if not is_plain or not all(_is_text(text) for one in entries for text in one.values()):
        return None
    images = [f"{one['name']}:{one['tag']}" for one in entries]
    return images if len(set(images)) == len(images) else None


def _is_text(value: Json) -> bool:
    return isinstance(value, str)


@record
class Spelling:
    """`there` gives the chart's value for a setting, `back` the setting for a chart's value.

    None from either: it is left out; from `back`, because site.yaml can't say it. `is_renaming`:
    what is in a map has other keys there.
    """

    there: Callable[[Any], Json]
    back: Callable[[Json], Any]
    is_renaming: bool = False


def _fitting(pattern: str) -> Spelling:
    """A text that passes through where it fits a pattern of the schema."""
    return Spelling(
        there=str,
        back=lambda value: value if _is_text(value) and re.fullmatch(pattern, value) else None,
    )


ADDRESS = _fitting(_PATH)
PROSE = _fitting(_PROSE)
TEXT = Spelling(there=str, back=lambda value: value if isinstance(value, str) else None)
WORDS = Spelling(there=lambda entries: list(entries) or None, back=words)
# Written only where it is true.
TRUE = Spelling(there=lambda on: on or None, back=lambda value: True if value is True else None)
BOOLEAN = Spelling(there=bool, back=lambda value: value if isinstance(value, bool) else None)
QUANTITY = Spelling(there=str, back=lambda value: value if is_quantity(value) else None)
CORES = Spelling(there=lambda cores: number(amount(cores)), back=_cores)
# As Kubernetes itself takes them.
KUBERNETES_CORES = Spelling(there=lambda cores: cores, back=_kubernetes_cores)
VARIABLES = Spelling(there=dict, back=_variables)
POSTGRES = Spelling(there=_postgres_url, back=_postgres)
FOLDER = _fitting(_FOLDER)
CLAIM = _fitting(_CLAIM)
USER_FOLDER = _fitting(_USER_FOLDER)
IMAGE = Spelling(there=image_parts, back=_image_of)
SECONDS = Spelling(there=lambda text: int(seconds(text)), back=_duration_of)
COUNT = Spelling(there=int, back=_count)
UNLIMITED = "unlimited"
COUNT_OR_NOT = Spelling(there=lambda most: None if most == UNLIMITED else int(most), back=_count)
FLAG = Spelling(there=bool, back=lambda value: value if isinstance(value, bool) else None)
AFFINITY = Spelling(
    there=str, back=lambda value: value if value in ("prefer", "require", "ignore") else None
)
EXTRA_IMAGES = Spelling(there=_extra_images, back=_listed_images)
OPEN_MAP = Spelling(there=dict, back=_writable)
LABELS = Spelling(there=dict, back=_labels)
TOLERATIONS = Spelling(there=list, back=_tolerations)
# KubeSpawner's units: K, M, G and T are powers of 1024.
MEMORY = Spelling(there=lambda size: spawner_memory(str(size)), back=_quantity_of)


def _or_none(spelled: Spelling) -> Spelling:
    """The same, and `none` for no bound at all: KubeSpawner takes 0 for it (objects.py)."""
    return Spelling(
        there=lambda size: 0 if size == "none" else spelled.there(size),
        back=lambda found: "none" if found in (None, 0) else spelled.back(found),
    )


CORES_OR_NONE, MEMORY_OR_NONE = _or_none(CORES), _or_none(MEMORY)
COMMAND = Spelling(there=list, back=_command)
WHOLE = Spelling(there=int, back=_whole)
FILES = Spelling(
    there=lambda files: {name: _file_there(one) for name, one in files.items()} or None, back=_files
)
# oauthenticator 17 finds the groups in what it stored of the user.
_USER = "oauth_user."


def _claim(key: Json) -> str | None:
    is_of_user = isinstance(key, str) and key.startswith(_USER)
    return key.removeprefix(_USER) if is_of_user else None


GROUPS_KEY = Spelling(there=lambda claim: f"{_USER}{claim}", back=_claim)

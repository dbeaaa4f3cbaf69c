"""The page of a review in a real browser: it is seen, it filters, and it asks for nothing."""

import json
import os
import re
import shutil
import subprocess
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.change import review_html, review_words
from generator.change.difference import Sealing
from generator.change.effects import PAGES
from generator.change.review import Review, review
from generator.change.sides import Side
from generator.records import replace
from tests.support.programs import absent
from tests.support.sites import PROTOCOAST, site_of

pytestmark = pytest.mark.tools

# Types into the search field, unticks boxes, and writes what is then to be seen into the title.
PROBE = """<script>
const seen = item => item.offsetParent !== null && item.getClientRects().length > 0;
const told = what =>
  [...document.querySelectorAll(what)].filter(seen).map(item => item.textContent);
const state = () => ({chapters: told('.chapter h2'), effects: told('.effect summary > code'),
  values: told('.value').length, none: seen(document.getElementById('none'))});
const type = text => {
  search.value = text; search.dispatchEvent(new Event('input', {bubbles: true})); return state(); };
const tick = on => { for (const box of boxes.slice(1)) box.checked = on;
  boxes[0].dispatchEvent(new Event('input', {bubbles: true})); return state(); };
const channels = text => text.match(/[\\d.]+/g).slice(0, 3).map(Number);
const light = text => channels(text).map(part => part / 255)
  .map(part => part <= .03928 ? part / 12.92 : ((part + .055) / 1.055) ** 2.4)
  .reduce((sum, part, at) => sum + part * [.2126, .7152, .0722][at], 0);
const ratio = (one, other) => {
  const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
  return (high + .05) / (low + .05); };
const ground = item => { const found = getComputedStyle(item).backgroundColor;
  return found === 'rgba(0, 0, 0, 0)' && item.parentElement ? ground(item.parentElement) : found; };
const back = getComputedStyle(document.body).backgroundColor;
const boxed = () => getComputedStyle(document.querySelector('svg .box')).fill;
const contrasts = () => [...document.querySelectorAll('body *')].filter(seen)
  .filter(item => [...item.childNodes].some(node => node.nodeType === 3 && node.data.trim()))
  .map(item => ratio(getComputedStyle(item).color, ground(item)))
  .concat([...document.querySelectorAll('svg text')].map(item =>
    Math.min(...[back, boxed()].map(under => ratio(getComputedStyle(item).fill, under)))));
for (const part of document.querySelectorAll('.picture, .why')) part.open = true;
const copied = [];
Object.defineProperty(navigator, 'clipboard', {value: {writeText: text => copied.push(text)}});
for (const button of document.querySelectorAll('.command button')) button.click();
const answer = {copied: copied, pages: told('.why > p').length,
  contrast: Math.min(...contrasts()), ground: back,
  headlines: told('.headlines li'), weights: boxes.map(box => box.value),
  width: document.documentElement.scrollWidth, window: document.documentElement.clientWidth,
  all: state(), staging: type('staging'), nothing: type('no such thing'),
  path: type('IDLE_TIMEOUT'), line: told('.headlines li').length,
  again: type(''), heaviest: tick(false), ticked: tick(true)};
document.title = 'PROBE' + JSON.stringify(answer) + 'END';
</script></body>"""


def chromium() -> str:
    """The browser; without it the test is skipped, and fails in CI."""
    found = shutil.which("chromium")
    return found or absent(
        "chromium", "install Chromium, on Debian with `apt-get install chromium`"
    )


def a_review() -> Review:
    """Three environments in two clusters, with a long text, sealed values and markup in a value."""
    before = yaml.safe_load(PROTOCOAST.read_text())
    before["environments"]["training"] = {
        "cluster": "fedcloud", "namespace": "training", "host": "training.example.org",
        "daskGateway": {"releaseName": "dask-training", "installCRDs": False},
    }  # fmt: skip
    after = yaml.safe_load(yaml.safe_dump(before))
    after["environments"]["production"]["host"] = "hub.example.org"
    after["environments"]["staging"]["jupyterhub"]["servers"]["memory"]["limit"] = "3Gi"
    after["environments"]["staging"]["jupyterhub"]["values"] = {
        "hub": {
            "extraConfig": {"90-long": "x = 1\n" * 40, "<script>alert(1)</script>": "y = '<b>'"}
        }
    }
    after["environments"]["training"]["daskGateway"]["idleTimeout"] = "45m"
    after["environments"]["training"]["jupyterhub"] = {"home": {"capacity": "500Gi"}}
    older, newer = (Side(site=site_of(json.dumps(side))) for side in (before, after))
    found = review(older, newer, lambda place, app, change: "site.yaml:41")
    first = replace(found.environments[0], sealed=(("hub-secrets/oauth.client_id", Sealing.AGAIN),))
    return replace(
        found,
        environments=(first, *found.environments[1:]),
        site=newer.site,
    )


@cache
def page() -> str:
    """The page of that review."""
    return review_html.review(a_review())


def framed(html: str, width: int) -> str:
    """A page that shows another in a frame of that width, and takes over its title."""
    take = "document.title = document.querySelector('iframe').contentDocument.title"
    return (
        f'<!doctype html><iframe style="width: {width}px; height: 800px; border: 0" '
        f'onload="{take}" srcdoc="{escape(html, quote=True)}"></iframe>'
    )


def opened(folder: Path, width: int, *options: str, html: str = "") -> tuple[dict[str, Any], str]:
    """What the probe saw in the page, and what the browser wrote to its console.

    No window gets narrower than 500 pixels: a narrower page is shown in a frame.
    """
    file = folder / "review.html"
    probed = (html or page()).replace("</body>", PROBE)
    file.write_text(probed if width >= 500 else framed(probed, width), encoding="utf-8")
    ran = subprocess.run(
        [
            *(chromium(), "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run"),
            *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
            *("--enable-logging=stderr", "--v=0", f"--user-data-dir={folder / 'profile'}"),
            *(f"--window-size={width},900", "--virtual-time-budget=2000", *options),
            *("--dump-dom", file.as_uri()),
        ],
        env={"PATH": os.environ["PATH"], "HOME": str(folder)},
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    title = re.search(r"<title>PROBE(.*?)END</title>", ran.stdout)
    assert title is not None, ran.stderr
    told = title[1].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return json.loads(told), ran.stderr


LIGHT, DARK = "rgb(255, 255, 255)", "rgb(13, 17, 23)"


@pytest.mark.parametrize(("scheme", "ground"), [("1", LIGHT), ("0", DARK)], ids=["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 1200], ids=["small", "narrow", "wide"])
def test_nothing_sticks_out_and_every_text_stands_out(
    tmp_path: Path, width: int, scheme: str, ground: str
) -> None:
    seen, console = opened(tmp_path, width, f"--blink-settings=preferredColorScheme={scheme}")
    assert "CONSOLE" not in console
    assert width - 20 <= seen["window"] <= width  # a scroll bar may take some of it
    assert (seen["width"], seen["ground"]) == (seen["window"], ground)
    assert seen["contrast"] >= 4.5


@pytest.mark.parametrize("width", [390, 1200], ids=["narrow", "wide"])
def test_page_is_seen_and_filters(tmp_path: Path, width: int) -> None:
    seen, console = opened(tmp_path, width)
    chapters = [*a_review().environments, *a_review().clusters]
    assert len(seen["headlines"]) == len(chapters) >= 3
    assert seen["width"] == seen["window"]
    assert "CONSOLE" not in console
    everything = seen["all"]
    assert everything["chapters"] == [review_words.title(chapter) for chapter in chapters]
    assert everything["values"] > 4
    assert "staging" in seen["staging"]["chapters"]
    assert len(seen["staging"]["chapters"]) < len(chapters)
    assert seen["nothing"] == {"chapters": [], "effects": [], "values": 0, "none": True}
    assert seen["path"]["chapters"] == ["training"]
    assert seen["line"] == 1
    assert 0 < seen["path"]["values"] < everything["values"]
    assert seen["again"] == seen["ticked"] == everything
    heaviest = [
        one.code
        for chapter in chapters
        for one in chapter.consequences
        if int(one.weight) == int(seen["weights"][0])
    ]
    assert seen["heaviest"]["effects"] == heaviest


def test_commands_are_copied_and_codes_explained(tmp_path: Path) -> None:
    seen, console = opened(tmp_path, 1200)
    found = a_review()
    assert "CONSOLE" not in console
    places = [place for step in found.plan for place in step.commands]
    assert seen["copied"] == ["\n".join(place.lines) for place in places] != []
    effects = [one for chapter in found.chapters for one in chapter.consequences]
    assert seen["pages"] == sum(PAGES[one.code].strip().count("\n\n") + 1 for one in effects)


def asked_for(folder: Path, html: str) -> set[str]:
    """What a page asks the network for; what the browser asks for itself has no origin."""
    log = folder / "net.json"
    opened(folder, 1200, f"--log-net-log={log}", "--host-resolver-rules=MAP * ~NOTFOUND", html=html)
    events = json.loads(log.read_text())["events"]
    started = [event["params"] for event in events if "initiator" in event.get("params", {})]
    return {one["url"] for one in started if "url" in one and one["initiator"] != "not an origin"}


def test_page_asks_for_nothing(tmp_path: Path) -> None:
    assert asked_for(tmp_path, page()) == set()


def test_a_page_that_asks_is_found(tmp_path: Path) -> None:
    image = '<img alt="" src="http://images.invalid/a.png"></main>'
    policy = re.sub(r"<meta http-equiv=[^>]*>", "", page())
    asks = policy.replace("</main>", image)
    assert asked_for(tmp_path, asks) == {"http://images.invalid/a.png"}


def test_page_names_nothing_outside_itself() -> None:
    targets = re.findall(r"(?:src|href|action)=[\"']?([^\"'\s>]+)", page())
    targets += re.findall(r"url\(([^)]*)\)", page())
    assert [one for one in targets if not one.startswith(("#", "data:"))] == []
    assert "@import" not in page()
    assert "default-src 'none'" in page()


def test_markup_in_values_is_text() -> None:
    assert "<script>alert" not in page()
    assert page().count("<script>") == 1


def test_page_shows_the_site_as_a_picture() -> None:
    picture = page().partition('<details class="picture">')[2].partition("</details>")[0]
    assert picture.count("<svg ") == 1
    assert "cluster fedcloud-staging, Kubernetes 1.30" in picture

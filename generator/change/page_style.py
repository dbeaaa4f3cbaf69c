"""The style and the script of HTML pages; both are in the page itself."""

STYLE = """
:root { color-scheme: light dark; --text: #1b1f24; --soft: #57606a; --back: #fff; --box: #f6f8fa;
  --line: #d0d7de; --w0: #57606a; --w1: #1a7f37; --w2: #0969da; --w3: #8a5d00; --w4: #b04600;
  --w5: #8250df; --w6: #cf222e; }
@media (prefers-color-scheme: dark) { :root { --text: #e6edf3; --soft: #9198a1; --back: #0d1117;
  --box: #161b22; --line: #30363d; --w0: #9198a1; --w1: #3fb950; --w2: #58a6ff; --w3: #d29922;
  --w4: #f0883e; --w5: #bc8cff; --w6: #ff7b72; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem; max-width: 70rem; color: var(--text); background: var(--back);
  font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; margin: 0 0 .5rem; }
h2 { font-size: 1.15rem; margin: 0 0 .5rem; overflow-wrap: anywhere; }
code, pre { font: .86em/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
pre { margin: .25rem 0; padding: .5rem; overflow-x: auto; background: var(--back);
  border: 1px solid var(--line); border-radius: 6px; }
ul { margin: 0; padding: 0; list-style: none; }
a { color: inherit; }
.headlines { max-height: 60vh; overflow-y: auto; }
.headlines li { margin: .25rem 0; padding: .25rem .75rem; border-left: .3rem solid var(--w); }
#controls { position: sticky; top: 0; display: flex; flex-wrap: wrap; gap: .25rem 1rem;
  margin: 1rem 0; padding: .5rem 0; background: var(--back); border-bottom: 1px solid var(--line);
  font-size: .9rem; }
#controls label { display: flex; align-items: center; gap: .35rem; color: var(--w, inherit); }
#controls label:first-child { flex: 1 1 20rem; }
#search { flex: 1; min-width: 12rem; padding: .35rem .5rem; color: inherit; font: inherit;
  background: var(--box); border: 1px solid var(--line); border-radius: 6px; }
.chapter { margin: 1rem 0; padding: 1rem; background: var(--box); border: 1px solid var(--line);
  border-left: .3rem solid var(--w, var(--line)); border-radius: 6px; }
.effect { margin: .35rem 0; }
.effect > code { color: var(--w); font-weight: 600; }
.act { margin: .25rem 0 .5rem; padding: .25rem .75rem; border-left: .2rem solid var(--w); }
.act pre { white-space: pre-wrap; }
.act li, .value { overflow-wrap: anywhere; }
.values { margin-top: .75rem; }
.picture > div { overflow-x: auto; }
summary { color: var(--soft); cursor: pointer; }
.value { padding: .1rem 0; border-top: 1px solid var(--line); }
.w0 { --w: var(--w0); } .w1 { --w: var(--w1); } .w2 { --w: var(--w2); }
.w3 { --w: var(--w3); } .w4 { --w: var(--w4); } .w5 { --w: var(--w5); }
.w6 { --w: var(--w6); } .sign { white-space: nowrap; }
.chapter { scroll-margin-top: 8rem; }
:focus-visible { outline: .15rem solid var(--w2); outline-offset: .1rem; }
@media (max-width: 45rem), (max-height: 35rem) {
  #controls { position: static; } .chapter { padding: .75rem; scroll-margin-top: 1rem; } }
[hidden] { display: none; }
@media print { #controls { display: none; } }
"""

SCRIPT = """
const search = document.getElementById('search');
const boxes = [...document.querySelectorAll('#controls input[name=weight]')];
const lines = new Map([...document.querySelectorAll('.headlines a')].map(
  link => [decodeURIComponent(link.hash.slice(1)), link.parentElement]));
const shows = (item, on) => { item.hidden = !on; return on; };
function filter() {
  const words = search.value.toLowerCase().split(/\\s+/).filter(Boolean);
  const has = text => words.every(word => text.toLowerCase().includes(word));
  const weights = new Set(boxes.filter(box => box.checked).map(box => box.value));
  let any = false;
  for (const chapter of document.querySelectorAll('.chapter')) {
    const titled = words.length > 0 && has(chapter.querySelector('h2').textContent);
    let on = false;
    for (const item of chapter.querySelectorAll('.effect'))
      on = shows(item, weights.has(item.dataset.weight) && (titled || has(item.textContent))) || on;
    for (const item of chapter.querySelectorAll('.value'))
      on = shows(item, titled || has(item.textContent)) || on;
    for (const part of chapter.querySelectorAll('.values'))
      part.hidden = part.querySelector('.value') && !part.querySelector('.value:not([hidden])');
    any = shows(chapter, on) || any;
    if (lines.has(chapter.id)) lines.get(chapter.id).hidden = !on;
  }
  document.getElementById('none').hidden = any;
}
if (search) {
  search.form.addEventListener('input', filter);
  search.form.addEventListener('submit', event => event.preventDefault());
}
"""

const search = document.getElementById('search');
const boxes = [...document.querySelectorAll('#controls input[name=weight]')];
const lines = new Map([...document.querySelectorAll('.headlines a')].map(
  link => [decodeURIComponent(link.hash.slice(1)), link.parentElement]));
const shows = (item, on) => { item.hidden = !on; return on; };
function filter() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  const has = text => words.every(word => text.toLowerCase().includes(word));
  const weights = new Set(boxes.filter(box => box.checked).map(box => box.value));
  let any = false;
  for (const chapter of document.querySelectorAll('.chapter')) {
    const titled = words.length > 0 && has(chapter.querySelector('h2').textContent);
    let on = false;
    for (const item of [...chapter.querySelectorAll('.effect')].reverse()) {
      const own = weights.has(item.dataset.weight) && (titled || has(item.textContent));
      on = shows(item, own || item.querySelector('.effect:not([hidden])') !== null) || on;
    }
    for (const part of chapter.querySelectorAll('.felt'))
      part.hidden = part.querySelector('.effect:not([hidden])') === null;
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
for (const command of document.querySelectorAll('.command')) {
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = 'Copy';
  button.addEventListener('click', async () => {
    const text = command.querySelector('pre');
    try {
      await navigator.clipboard.writeText(text.textContent);
    } catch {
      getSelection().selectAllChildren(text);
      document.execCommand('copy');
    }
    button.textContent = 'Copied';
    setTimeout(() => { button.textContent = 'Copy'; }, 2000);
  });
  command.append(button);
}

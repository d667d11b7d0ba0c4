/** The report's style: one column, light or dark as the reader's system is, tables that scroll on a phone. */
export const STYLE = `
:root { color-scheme: light dark; --text: #1f2933; --muted: #616e7c; --line: #d5dae1; --page: #ffffff; --card: #f5f7fa; --right: #005b96; --wrong: #b34700; }
@media (prefers-color-scheme: dark) {
  :root { --text: #e4e7eb; --muted: #9aa5b1; --line: #3e4c59; --page: #14191f; --card: #1f2730; --right: #6db8ec; --wrong: #f2994a; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 900px; padding: 16px; background: var(--page); color: var(--text); font: 16px/1.5 Inter, system-ui, sans-serif; }
h1 { font-size: 1.6rem; margin: 0.5em 0 0.2em; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 2em 0 0.6em; padding-top: 0.6em; border-top: 1px solid var(--line); }
p, figcaption, dd { overflow-wrap: anywhere; }
a { color: var(--right); }
nav { display: flex; flex-wrap: wrap; gap: 4px 14px; margin: 1em 0; }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(150px, 1fr)); gap: 10px; margin: 0; }
dl div { background: var(--card); border-radius: 8px; padding: 8px 12px; }
dt { color: var(--muted); font-size: 0.85rem; }
dd { margin: 0; font-weight: 600; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: 0.92rem; }
th, td { padding: 4px 12px; text-align: left; border-bottom: 1px solid var(--line); white-space: nowrap; }
table.wrap td { white-space: normal; overflow-wrap: anywhere; min-width: 9em; vertical-align: top; }
td.number { text-align: right; font-variant-numeric: tabular-nums; }
.note { color: var(--muted); font-size: 0.9rem; }
.picture { margin: 0 0 24px; }
.picture img { display: block; width: 100%; height: auto; border-radius: 8px; background: #ffffff; }
.controls { display: flex; flex-wrap: wrap; gap: 10px 18px; margin-bottom: 14px; align-items: center; }
.controls[hidden] { display: none; }
select { font: inherit; padding: 4px 8px; }
.gallery { display: grid; grid-template-columns: repeat(auto-fill, minmax(112px, 1fr)); gap: 12px; }
.gallery figure { margin: 0; padding: 8px; background: var(--card); border-radius: 8px; font-size: 0.85rem; }
.gallery figure[hidden] { display: none; }
.gallery img { display: block; width: 100%; height: auto; margin-bottom: 6px; image-rendering: pixelated; background: #000000; }
.gallery .read { color: var(--wrong); font-weight: 600; }
.gallery .true { color: var(--right); }
.gallery .where { color: var(--muted); }
`;

/** Sorts and filters the gallery; without it all mistakes are shown, the worst first. */
export const SCRIPT = `
const gallery = document.querySelector('.gallery');
const controls = document.querySelector('.controls');
if (gallery && controls) {
  const cards = [...gallery.children];
  const choice = (name) => controls.querySelector('[name=' + name + ']').value;
  const orders = {
    truth: (a, b) => a.dataset.truth - b.dataset.truth,
    sure: (a, b) => b.dataset.sure - a.dataset.sure,
    unsure: (a, b) => a.dataset.sure - b.dataset.sure,
    index: (a, b) => a.dataset.index - b.dataset.index,
    label: (a, b) => a.dataset.actual - b.dataset.actual || a.dataset.predicted - b.dataset.predicted,
  };
  const show = () => {
    let count = 0;
    for (const card of cards.sort((a, b) => orders[choice('order')](a, b) || a.dataset.index - b.dataset.index)) {
      const fits = (name) => choice(name) === '' || card.dataset[name] === choice(name);
      card.hidden = !(fits('actual') && fits('predicted'));
      if (!card.hidden) count++;
      gallery.append(card);
    }
    controls.querySelector('output').textContent = count + ' of ' + cards.length + ' shown';
  };
  controls.hidden = false;
  controls.addEventListener('change', show);
  show();
}
`;

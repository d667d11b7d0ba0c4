import { escapeXml } from '../plots/render.js';

/** Text as it may stand in HTML, in an attribute too; control characters show as the replacement character. */
export const escapeHtml: (text: string) => string = escapeXml;

/** A cell's text; numbers stand right. */
export type Cell = string | number;

/** A table with a head; every cell is escaped. With `wrap` its cells are texts, which may break into lines. */
export function htmlTable(
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  { wrap = false } = {},
): string {
  const headCells = head.map((text) => `<th scope="col">${escapeHtml(text)}</th>`).join('');
  const cell = (value: Cell) => {
    const isNumber = !wrap && (typeof value === 'number' || /^-?[\d.,]+%?$/.test(value));
    return `<td${isNumber ? ' class="number"' : ''}>${escapeHtml(String(value))}</td>`;
  };
  const body = rows.map((row) => `<tr>${row.map(cell).join('')}</tr>`).join('\n');
  return `<div class="scroll"><table${wrap ? ' class="wrap"' : ''}><thead><tr>${headCells}</tr></thead>
<tbody>${body}</tbody></table></div>`;
}

/** Pairs of a name and a value. */
export function htmlList(pairs: readonly (readonly [string, Cell])[]): string {
  const items = pairs.map(
    ([name, value]) => `<div><dt>${escapeHtml(name)}</dt><dd>${escapeHtml(String(value))}</dd></div>`,
  );
  return `<dl>${items.join('\n')}</dl>`;
}

export function section(id: string, title: string, content: string): string {
  return `<section id="${id}"><h2>${escapeHtml(title)}</h2>\n${content}\n</section>`;
}

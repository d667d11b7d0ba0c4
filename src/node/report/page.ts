import { createHash } from 'node:crypto';
import { STYLE } from './assets.js';
import { escapeHtml, section } from './html.js';

export interface HtmlPage {
  readonly title: string;
  readonly heading: string;
  /** A line below the heading. */
  readonly note: string;
  /** HTML: the figures that matter most. */
  readonly summary: string;
  /** Each with its HTML. */
  readonly sections: readonly (readonly [id: string, title: string, content: string])[];
  readonly script?: string | undefined;
}

/** A page in one file that asks no network; its policy lets no other script run than its own. */
export function renderHtmlPage({ title, heading, note, summary, sections, script }: HtmlPage): string {
  const links = sections.map(([id, name]) => `<a href="#${id}">${escapeHtml(name)}</a>`);
  const scripts = script === undefined ? "'none'" : `'${digest(script)}'`;
  const policy = `default-src 'none'; img-src data:; style-src '${digest(STYLE)}'; script-src ${scripts}; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>${escapeHtml(heading)}</h1>
<p class="note">${escapeHtml(note)}</p>
${summary}
<nav aria-label="Sections">${links.join('\n')}</nav>
</header>
<main>
${sections.map(([id, name, content]) => section(id, name, content)).join('\n')}
</main>
${script === undefined ? '' : `<script>${script}</script>\n`}</body>
</html>
`;
}

/** What a content security policy names inline code by. */
function digest(code: string): string {
  return `sha256-${createHash('sha256').update(code).digest('base64')}`;
}

/** A field's text, and where the comma or line break behind it stands. */
interface Field {
  readonly text: string;
  readonly end: number;
}

/**
 * The rows of a CSV file (RFC 4180: fields in double quotes may hold commas, line breaks and doubled quotes);
 * empty lines are passed over.
 */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    const field = text[at] === '"' ? quotedField(text, at) : fieldUntil(/[,\r\n]/g, text, at);
    row.push(field.text);
    at = field.end + (text.startsWith('\r\n', field.end) ? 2 : 1);
    if (text[field.end] === ',') {
      if (at < text.length) continue;
      row.push('');
    }
    if (row.length > 1 || row[0] !== '') rows.push(row);
    row = [];
  }
  return rows;
}

function fieldUntil(end: RegExp, text: string, start: number): Field {
  end.lastIndex = start;
  const found = end.exec(text)?.index ?? text.length;
  return { text: text.slice(start, found), end: found };
}

function quotedField(text: string, start: number): Field {
  let quote = text.indexOf('"', start + 1);
  while (quote >= 0 && text[quote + 1] === '"') quote = text.indexOf('"', quote + 2);
  // A quote that does not end, or text behind one: the rest of the line is taken as it stands.
  if (quote < 0 || !/^[,\r\n]?$/.test(text.slice(quote + 1, quote + 2)))
    return fieldUntil(/[\r\n]/g, text, start);
  return { text: text.slice(start + 1, quote).replaceAll('""', '"'), end: quote + 1 };
}

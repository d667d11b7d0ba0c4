/**
 * The rows of a CSV file (RFC 4180: fields in double quotes may hold commas, line breaks and doubled quotes);
 * empty lines and a byte order mark are passed over.
 */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r\n|\n|\r|$)/y;
  field.lastIndex = text.startsWith('\ufeff') ? 1 : 0;
  while (field.lastIndex < text.length) {
    const start = field.lastIndex;
    const match = field.exec(text);
    if (!match) {
      // A quote that does not end, or text behind one: the rest of the line is taken as it stands.
      const end = text.slice(start).search(/[\r\n]|$/) + start;
      rows.push([...row, text.slice(start, end)]);
      row = [];
      field.lastIndex = Math.max(end, start) + 1;
      continue;
    }
    row.push(match[1]?.replaceAll('""', '"') ?? match[2]!);
    if (match[3] === ',' && field.lastIndex < text.length) continue;
    if (match[3] === ',') row.push('');
    if (row.length > 1 || row[0] !== '') rows.push(row);
    row = [];
  }
  return rows;
}

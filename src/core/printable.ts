/**
 * A text with control characters (line breaks, a terminal's escape sequences) and those that turn the
 * direction of writing round shown as `\xNN` or `\uNNNN`: names of files and of models' parts may hold any.
 */
export function printable(text: string): string {
  return text.replace(UNSAFE, (c) => {
    const code = c.codePointAt(0)!;
    return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16)}`;
  });
}

/** The same for text of several lines, which it leaves; beyond `max` characters it is cut off. */
export function printableLines(text: string, max = Number.POSITIVE_INFINITY): string {
  const lines = text
    .slice(0, max + 1)
    .split('\n')
    .map(printable)
    .join('\n');
  return lines.length > max ? `${lines.slice(0, max - 3)}...` : lines;
}

const UNSAFE = /[\p{Cc}\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/**
 * JSON in lines, without a character that a terminal acts on: JSON.stringify leaves DEL, the C1 controls and
 * those that turn the direction of writing as they are. It parses to the same value.
 */
export function printableJson(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(
    /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

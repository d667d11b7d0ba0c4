import type { Encoding } from './file-table.js';

const PREFERENCE: readonly Encoding[] = ['br', 'gzip', 'identity'];

/**
 * The smallest of the forms that there are which the client accepts (RFC 9110, 12.5.3); `undefined` for none.
 *
 * @param accepted the header `Accept-Encoding`
 */
export function chooseEncoding(
  available: readonly Encoding[],
  accepted: string | undefined,
): Encoding | undefined {
  const weights = new Map<string, number>();
  for (const part of (accepted ?? '').split(',')) {
    const [name = '', ...parameters] = part.split(';').map((word) => word.trim().toLowerCase());
    const weight = parameters.find((parameter) => parameter.startsWith('q='));
    if (name) weights.set(name, weight === undefined ? 1 : Number(weight.slice(2)));
  }
  const isAccepted = (encoding: Encoding) => {
    const weight = weights.get(encoding) ?? weights.get('*');
    return encoding === 'identity' ? weight !== 0 : (weight ?? 0) > 0;
  };
  return PREFERENCE.find((encoding) => available.includes(encoding) && isAccepted(encoding));
}

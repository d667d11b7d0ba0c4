/**
 * Milliseconds of a clock that only goes forward, from some start. For what each command does: the first use of
 * `performance` makes Node load modules for 6 ms.
 */
export function nowMs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e3 + nanoseconds / 1e6;
}

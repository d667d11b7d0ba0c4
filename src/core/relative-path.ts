/** Whether a path that a foreign file names stays below the folder that it is relative to, on any platform. */
export function staysInside(path: string): boolean {
  const isAbsolute = /^([a-z]:|[\\/])/i.test(path);
  return path !== '' && !isAbsolute && !path.split(/[\\/]/).includes('..');
}

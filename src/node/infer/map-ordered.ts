/**
 * Maps an asynchronous list with up to `concurrency` calls under way, and gives the results in the list's
 * order. Takes no more of the list than it works on, so that a list of any length needs little memory.
 */
export async function* mapOrdered<T, R>(
  list: AsyncIterable<T>,
  concurrency: number,
  map: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const underWay: Promise<R>[] = [];
  for await (const item of list) {
    const result = map(item);
    // A failure is thrown when its turn comes; until then it must not count as unhandled.
    result.catch(() => {});
    underWay.push(result);
    if (underWay.length >= concurrency) yield await underWay.shift()!;
  }
  for (const result of underWay) yield await result;
}

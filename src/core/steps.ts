/** Work that pauses after each of its steps, so that who does it can look at something else in between. */
export type Steps<Result> = Generator<void, Result>;

/** Does work to its end, without a pause. */
export function finish<Result>(work: Steps<Result>): Result {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}

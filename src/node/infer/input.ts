/** One image to read, or a reason why a given input names none. */
export interface Input {
  readonly file: string;
  readonly error?: string | undefined;
  /** A pipe or a device that the user named: it is read once, to its end. */
  readonly isStream?: boolean | undefined;
}

/** A list of inputs that goes from hand to hand in batches of any size: one by one, that takes as long as to find them. */
export type InputBatches = AsyncIterable<readonly Input[]>;

/** The name that stands for standard input. */
export const STDIN = '-';

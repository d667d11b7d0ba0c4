/** One line of the doctor's table. */
export interface Check {
  readonly name: string;
  /** `limited`: the main job runs, but slower or with less. */
  readonly status: 'ok' | 'limited' | 'missing';
  readonly detail: string;
  /** The one command that mends the line. */
  readonly fix?: string;
  /** Whether training, exporting, evaluating or reading images needs it. */
  readonly required: boolean;
}

/** What a check finds; its name and whether it is required are its place in the list. */
export type Finding = Omit<Check, 'name' | 'required'>;

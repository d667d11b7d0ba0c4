import { UserError } from '../errors.js';

/** A layer that cannot be converted. */
export interface Problem {
  /** The layer's name; within a nested model after the model's, `outer/inner`. */
  readonly layer: string;
  readonly className: string;
  readonly reason: string;
}

/** Thrown by a converter: this layer, or a setting of it, cannot be honoured. */
export class Refusal extends Error {}

/** One error that names all of a model's problems. */
export class UnsupportedLayersError extends UserError {
  override readonly name = 'UnsupportedLayersError';

  constructor(readonly problems: readonly Problem[]) {
    const lines = problems.map(({ layer, className, reason }) => `  ${layer} (${className}): ${reason}`);
    const count = problems.length === 1 ? 'a layer' : `${problems.length} layers`;
    super(`the model has ${count} that cannot be converted:\n${lines.join('\n')}`, {
      hint: 'The table in docs/converter.md lists the layers that are converted.',
    });
  }
}

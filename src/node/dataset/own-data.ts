import { UserError } from '../../core/errors.js';
import type { Reporter } from '../reporter.js';

/** What a model says of the data that it was trained on; one of another maker says nothing. */
export interface TrainedOn {
  /** Names the model for the user. */
  readonly path: string;
  readonly classes: readonly string[];
  readonly dataset?: { readonly name: string; readonly sha256: string } | undefined;
}

/** The data that it meets. */
export interface MetData {
  readonly name: string;
  readonly sha256: string;
  readonly classes: readonly string[];
}

/**
 * Whether a data set is the one that a model was trained on, or the model does not say; another one is warned of.
 * One of the same name counts as the same: own pictures that were mixed in change its checksum too.
 *
 * @param use what becomes of the data: `measured on`
 * @throws UserError (exit status 2) if it has other classes.
 */
export function checkOwnData(
  { path, classes, dataset }: TrainedOn,
  met: MetData,
  { use, reporter }: { readonly use: string; readonly reporter: Reporter },
): boolean {
  if (!dataset?.sha256 || dataset.sha256 === met.sha256) return true;
  if (String(classes) !== String(met.classes)) {
    throw new UserError(
      `${path} was trained on ${dataset.name} (${few(classes)}), and ${met.name} has other classes (${few(met.classes)})`,
      { exitCode: 2, hint: `Name the data that it was trained on: ${ownDataOption(dataset.name)}.` },
    );
  }
  if (dataset.name === met.name) return true;
  reporter.warn(
    `${path} was trained on ${dataset.name}, and is ${use} ${met.name}; its own data are ${ownDataOption(dataset.name)}`,
  );
  return false;
}

/** How to name the data that a model was trained on. */
function ownDataOption(name: string): string {
  return `--dataset ${['mnist', 'synthetic'].includes(name) ? name : 'DIR'}`;
}

function few(classes: readonly string[]): string {
  return classes.length > 3 ? `${classes.slice(0, 3).join(', ')}, ...` : classes.join(', ');
}

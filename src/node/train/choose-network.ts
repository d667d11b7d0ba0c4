import { UserError } from '../../core/errors.js';
import type { TrainingRecord } from '../../core/training-record.js';
import { readSavedModel } from '../export/saved-model.js';
import type { Reporter } from '../reporter.js';
import { ARCHITECTURES, isArchitectureName } from './architectures.js';
import { createConfig, FINE_TUNING, type GivenConfig, type TrainConfig } from './config.js';
import { type CreateNetwork, networkOf, readNetwork } from './network-file.js';

export interface ChosenNetwork {
  readonly config: TrainConfig;
  /** Missing where the network is one of the table's. */
  readonly createNetwork?: CreateNetwork;
  /** How the model to go on from was trained, where that is known. */
  readonly initial?: TrainingRecord | undefined;
}

/** The network that a new run starts with, and its configuration. */
export async function chooseNetwork({
  given,
  init,
  reporter,
}: {
  given: GivenConfig;
  /** A model (folder or model.json) to go on from. */
  init?: string | undefined;
  reporter: Reporter;
}): Promise<ChosenNetwork> {
  const { arch } = given;
  if (init !== undefined) {
    if (arch !== undefined)
      throw new UserError(
        '--arch and --init exclude each other: the model that --init names has its network',
        {
          exitCode: 2,
        },
      );
    const saved = await readSavedModel(init, reporter);
    const name = String(saved.record?.config.arch ?? saved.name);
    const config = createConfig({ ...given, arch: name }, FINE_TUNING);
    return { config, createNetwork: networkOf(saved), initial: saved.record };
  }
  const config = createConfig(given);
  if (isArchitectureName(config.arch)) return { config };
  if (config.arch.endsWith('.json'))
    return { config, createNetwork: await readNetwork(config.arch, config.seed) };
  throw new UserError(`there is no architecture ${config.arch}`, {
    hint: `Give --arch one of ${Object.keys(ARCHITECTURES).join(', ')}, or a tfjs model.json.`,
    exitCode: 2,
  });
}

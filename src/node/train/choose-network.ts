import { UserError } from '../../core/errors.js';
import type { TrainingRecord } from '../../core/training-record.js';
import { readSavedModel } from '../export/saved-model.js';
import type { Reporter } from '../reporter.js';
import { checkArchitecture } from './architectures.js';
import { createConfig, FINE_TUNING, type GivenConfig, isNetworkFile, type TrainConfig } from './config.js';
import { type CreateNetwork, networkOf, readNetwork } from './network-file.js';

export interface ChosenNetwork {
  readonly config: TrainConfig;
  /** Missing where the network is one of the table's. */
  readonly createNetwork?: CreateNetwork;
  /** How the model to go on from was trained, where that is known. */
  readonly initial?: TrainingRecord | undefined;
}

export interface ChooseNetworkOptions {
  readonly given: GivenConfig;
  /** A model (folder or model.json) to go on from. */
  readonly init?: string | undefined;
  readonly reporter: Reporter;
}

/**
 * The network that a new run starts with, and its configuration.
 *
 * @throws UserError if there is no such network, or an option has no effect on it.
 */
export async function chooseNetwork(options: ChooseNetworkOptions): Promise<ChosenNetwork> {
  const chosen = options.init === undefined ? await networkByName(options) : await savedNetwork(options);
  if (options.given.refineFrom && chosen.config.augment === 0)
    throw new UserError('--refine-from has no effect without --augment', {
      hint: 'Give --augment too, or leave --refine-from away.',
      exitCode: 2,
    });
  return chosen;
}

async function savedNetwork({ given, init, reporter }: ChooseNetworkOptions): Promise<ChosenNetwork> {
  if (given.arch !== undefined)
    throw new UserError('--arch and --init exclude each other: the model that --init names has its network', {
      exitCode: 2,
    });
  refuseDropout(given, '--init');
  const saved = await readSavedModel(init, reporter);
  const name = String(saved.record?.config.arch ?? saved.name);
  const config = withoutDropout(createConfig({ ...given, arch: name }, FINE_TUNING));
  return { config, createNetwork: networkOf(saved), initial: saved.record };
}

async function networkByName({ given }: ChooseNetworkOptions): Promise<ChosenNetwork> {
  const config = createConfig(given);
  if (!isNetworkFile(config.arch)) {
    checkArchitecture(config.arch);
    return { config };
  }
  refuseDropout(given, '--arch FILE.json');
  return { config: withoutDropout(config), createNetwork: await readNetwork(config.arch, config.seed) };
}

function refuseDropout({ dropout }: GivenConfig, option: string): void {
  if (dropout === undefined) return;
  throw new UserError(
    `--dropout and ${option} exclude each other: the network has the dropout of its layers`,
    {
      exitCode: 2,
    },
  );
}

/** A record names nothing that had no part in the training. */
function withoutDropout({ dropout: _, ...config }: TrainConfig): TrainConfig {
  return config;
}

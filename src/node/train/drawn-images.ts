import { type Dataset, DIGIT_CLASSES } from '../../core/dataset/dataset.js';
import { mnistSha256 } from '../dataset/index.js';
import type { Reporter } from '../reporter.js';
import { type GivenConfig, optionName, type TrainConfig } from './config.js';

const DRAWN = ['synthetic', 'nonDigits'] as const;

/** The data set of a run, without the user's own images, and the name or folder that it was had from. */
export interface BaseData extends Pick<Dataset, 'name' | 'sha256' | 'classes'> {
  readonly from: string;
}

/**
 * The configuration without the drawn images that only the architecture's recipe adds, where the data may be no
 * digits: class names tell little, for data sets that name none have those of the digits.
 *
 * @param given what the user asked for stays
 */
export function withoutUnaskedDrawn(
  config: TrainConfig,
  given: GivenConfig,
  { base, reporter }: { readonly base: BaseData; readonly reporter: Reporter },
): TrainConfig {
  const unasked = DRAWN.filter((name) => given[name] === undefined && config[name] > 0);
  if (unasked.length === 0 || isKnownDigits(base)) return config;
  const options = unasked.map((name) => `${optionName(name)} ${config[name]}`).join(' ');
  const couldBeDigits = base.classes.join() === DIGIT_CLASSES.join();
  reporter.note(
    couldBeDigits
      ? `${base.name} is trained on without drawn images; if it holds digits, add them with: ${options}`
      : `${base.name} is trained on without the drawn images that ${config.arch} adds to the ten digits`,
  );
  return { ...config, ...Object.fromEntries(unasked.map((name) => [name, 0])) };
}

/** Also where MNIST lies in a folder of the user's. */
function isKnownDigits({ from, sha256 }: BaseData): boolean {
  return from === 'mnist' || from === 'synthetic' || sha256 === mnistSha256();
}

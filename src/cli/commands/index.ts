import type { Command } from '../command.js';
import { demoCommand } from './demo.js';
import { doctorCommand } from './doctor.js';
import { evalCommand } from './eval.js';
import { exportCommand } from './export.js';
import { inferCommand } from './infer.js';
import { inspectCommand } from './inspect.js';
import { parityCommand } from './parity.js';
import { setupCommand } from './setup.js';
import { trainCommand } from './train.js';

/** Every command, in the order of the help. */
// biome-ignore lint/suspicious/noExplicitAny: each command has option types of its own
export const commands: readonly Command<any>[] = [
  setupCommand,
  doctorCommand,
  trainCommand,
  exportCommand,
  evalCommand,
  inferCommand,
  inspectCommand,
  parityCommand,
  demoCommand,
];

import type { Command } from '../command.js';

// biome-ignore lint/suspicious/noExplicitAny: each command has option types of its own
type AnyCommand = Command<any>;

/** Every command by its name, in the order of the help; a command line loads only its own. */
const loaders: Readonly<Record<string, () => Promise<AnyCommand>>> = {
  setup: async () => (await import('./setup.js')).setupCommand,
  doctor: async () => (await import('./doctor.js')).doctorCommand,
  train: async () => (await import('./train.js')).trainCommand,
  export: async () => (await import('./export.js')).exportCommand,
  eval: async () => (await import('./eval.js')).evalCommand,
  infer: async () => (await import('./infer.js')).inferCommand,
  inspect: async () => (await import('./inspect.js')).inspectCommand,
  parity: async () => (await import('./parity.js')).parityCommand,
  benchmark: async () => (await import('./benchmark.js')).benchmarkCommand,
  demo: async () => (await import('./demo.js')).demoCommand,
};

/** The names of all commands, without their aliases. */
export const commandNames: readonly string[] = Object.keys(loaders);

/** The command that a command line starts with; all where that is none of their names (an alias, an option, a mistake). */
export async function loadCommands([first = '']: readonly string[]): Promise<AnyCommand[]> {
  if (Object.hasOwn(loaders, first)) return [await loaders[first]!()];
  return Promise.all(Object.values(loaders).map((load) => load()));
}

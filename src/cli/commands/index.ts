import type { Command } from '../command.js';

/** Every command, in the order of the help. */
// biome-ignore lint/suspicious/noExplicitAny: each command has option types of its own
export const commands: readonly Command<any>[] = [];

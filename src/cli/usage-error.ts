import { UserError } from '../core/errors.js';
import { nearest } from './suggest.js';

export interface CommandLine {
  readonly argv: readonly string[];
  readonly commandNames: readonly string[];
  /** The options of the command that was named, or the common ones. */
  readonly optionNames: readonly string[];
}

/** Turns what yargs says of a wrong command line into a sentence, with what was probably meant. */
export function usageError(message: string, { argv, commandNames, optionNames }: CommandLine): UserError {
  const command = argv.find((argument) => commandNames.includes(argument));
  const unknown = /^Unknown (?:argument|command)s?: (.+)$/.exec(message)?.[1]?.split(', ')[0];
  const help = `See mnist-onnx ${command ? `${command} ` : ''}--help.`;
  const wrongUsage = (sentence: string, meant?: string) =>
    new UserError(sentence, { exitCode: 2, hint: meant ? `Did you mean ${meant}?` : help });
  if (unknown === undefined) return wrongUsage(message);
  // yargs names options without their dashes.
  const option = argv.find((argument) => argument.replace(/^--?/, '').replace(/=.*/s, '') === unknown);
  if (option?.startsWith('-')) {
    const meant = nearest(unknown, optionNames);
    return wrongUsage(`unknown option: ${option.replace(/=.*/s, '')}`, meant && `--${meant}`);
  }
  if (command) return wrongUsage(`unknown argument: ${unknown}`);
  return wrongUsage(`unknown command: ${unknown}`, nearest(unknown, commandNames));
}

import { UserError } from '../core/errors.js';
import { nearest } from './suggest.js';

/** What is said where there is no command. */
export const NO_COMMAND = 'Name a command.';

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
  const [first] = argv;
  // What follows an unknown option passes for its value, a command too.
  if (message === NO_COMMAND && first?.startsWith('-')) return wrongUsage(`unknown option: ${first}`);
  if (unknown === undefined) return wrongUsage(inOurWords(message));
  // yargs names options without their dashes.
  const option = argv.find((argument) => argument.replace(/^--?/, '').replace(/=.*/s, '') === unknown);
  if (option?.startsWith('-')) {
    const meant = nearest(unknown, optionNames);
    return wrongUsage(`unknown option: ${option.replace(/=.*/s, '')}`, meant && `--${meant}`);
  }
  if (command) return wrongUsage(`unknown argument: ${unknown}`);
  return wrongUsage(`unknown command: ${unknown}`, nearest(unknown, commandNames));
}

/** yargs' sentences in the form of all others. */
function inOurWords(message: string): string {
  const without = /^Not enough arguments following: (.+)$/.exec(message)?.[1];
  if (without !== undefined) return `${dashed(without)} needs a value`;
  if (message.startsWith('Not enough non-option arguments')) return 'an argument is missing';
  const choice = /Argument: (.+), Given: (.+), Choices: (.+)$/m.exec(message);
  if (choice)
    return `${dashed(choice[1]!)} is one of ${choice[3]!.replaceAll('"', '')}, not ${choice[2]!.replaceAll('"', '')}`;
  return message;
}

function dashed(option: string): string {
  return option.length === 1 ? `-${option}` : `--${option}`;
}

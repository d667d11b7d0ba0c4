import { createRequire } from 'node:module';
import type yargsModule from 'yargs';
import type { ArgumentsCamelCase, Argv } from 'yargs';
import { UserError } from '../core/errors.js';
import type { Command } from './command.js';
import { commandNames } from './commands/index.js';
import { EPILOGUE, helpWidth, USAGE } from './help.js';
import { STANDARD_STREAM } from './options.js';
import { NO_COMMAND, usageError } from './usage-error.js';

// The CommonJS build is one file; as modules yargs takes longer to load than a small model.
const yargs = createRequire(import.meta.url)('yargs/yargs') as typeof yargsModule;

/** A command with the options that it was given. */
export interface ParsedCommand {
  readonly command: Command<unknown>;
  readonly options: ArgumentsCamelCase<Record<string, unknown>>;
}

/**
 * Finds out which command a command line names, with which options; `undefined` where it asked for help or the
 * version, which were printed.
 *
 * @param commands those that may be meant
 * @throws UserError (exit status 2) for a wrong command line.
 */
export function parseCommandLine(
  argv: readonly string[],
  { commands, version }: { commands: readonly Command<unknown>[]; version: string },
): ParsedCommand | undefined {
  let parsed: ParsedCommand | undefined;
  const cli: Argv = yargs()
    .scriptName('mnist-onnx')
    // All of our own texts are, and what yargs says of a mistake is looked into.
    .locale('en')
    .usage(USAGE.replace('mnist-onnx', '$0'))
    .version(version)
    .help('help')
    .alias('help', 'h')
    .strict()
    .exitProcess(false)
    // The last of a repeated option would win in silence; as a list, it is seen and refused.
    .parserConfiguration({ 'duplicate-arguments-array': true, 'strip-aliased': true })
    .showHelpOnFail(false)
    .wrap(helpWidth(process.stdout.columns))
    .fail((message, error) => {
      if (error && error.name !== 'YError') throw error;
      throw usageError(message ?? error?.message ?? '', {
        argv,
        commandNames: [...commandNames, ...commands.flatMap(({ aliases }) => aliases ?? [])],
        optionNames: Object.keys(internals(cli).getOptions().key).filter((name) => name.length > 1),
      });
    })
    .demandCommand(1, NO_COMMAND)
    .epilogue(EPILOGUE);
  for (const command of commands) {
    // The command is run later: while one that takes its time runs, yargs would write a help that nobody reads.
    addCommand(cli, command, argv, (options) => {
      refuseRepeated(cli, command, options);
      parsed = { command, options: unshielded(options) };
    });
  }
  // yargs writes the help for every command that it finds, in case that it fails later; here none runs within yargs.
  internals(cli).getInternalMethods().getUsageInstance().cacheHelpMessage = () => {};
  cli.parse(normalize(argv));
  return parsed;
}

function addCommand(
  cli: Argv,
  command: Command<unknown>,
  argv: readonly string[],
  found: (options: ParsedCommand['options']) => void,
): void {
  const usage = command.positionals ? `${command.name} ${command.positionals}` : command.name;
  cli.command(
    [usage, ...(command.aliases ?? [])],
    command.summary,
    (builder) => {
      const built = command.options(builder);
      const { number, string } = internals(built).getOptions();
      refuseNegated(built, argv);
      return built.requiresArg([...number, ...string].filter((key) => key !== '_' && key !== '--'));
    },
    found,
  );
}

/** `--no-x` turns an option off that is on or off; yargs would give any other the value `false`. */
function refuseNegated(cli: Argv, argv: readonly string[]): void {
  const { key, boolean } = internals(cli).getOptions();
  for (const argument of argv.slice(0, argv.includes('--') ? argv.indexOf('--') : argv.length)) {
    const name = /^--no-([^=]+)/.exec(argument)?.[1];
    if (name === undefined || !Object.hasOwn(key, name) || boolean.includes(name)) continue;
    throw new UserError(`unknown option: --no-${name}`, {
      exitCode: 2,
      hint: `Leave --${name} out instead.`,
    });
  }
}

function refuseRepeated(cli: Argv, { name }: Command<unknown>, options: ParsedCommand['options']): void {
  // Lists are known by the names that they were declared with; yargs gives camel-case ones too.
  const lists = new Set(internals(cli).getOptions().array);
  for (const [option, value] of Object.entries(options)) {
    const flag = option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    if (!Array.isArray(value) || option === '_' || lists.has(flag)) continue;
    throw new UserError(`--${flag} is given more than once`, {
      exitCode: 2,
      hint: `See mnist-onnx ${name} --help.`,
    });
  }
}

/** Stands before what would look like an option, and is none. */
const SHIELD = '<name>';

/** After `--` there are no options; yargs would hand those arguments to no command. */
function normalize(argv: readonly string[]): string[] {
  const end = argv.includes('--') ? argv.indexOf('--') : argv.length;
  const names = argv.slice(end + 1);
  return [
    ...argv.slice(0, end).map(normalizeFlag),
    ...names.map((name) => (name === '-' ? STANDARD_STREAM : name.startsWith('-') ? SHIELD + name : name)),
  ];
}

/** `--batch_size` means `--batch-size`; a bare `-`, which yargs drops from a list, gets a name that it keeps. */
function normalizeFlag(argument: string): string {
  return argument
    .replace(/^(--[a-z0-9_-]+=)?-$/i, `$1${STANDARD_STREAM}`)
    .replace(/^--[a-z0-9_]+(?==|$)/i, (flag) => flag.replaceAll('_', '-'));
}

function unshielded(options: ParsedCommand['options']): ParsedCommand['options'] {
  const plain = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(plain);
    return typeof value === 'string' && value.startsWith(SHIELD) ? value.slice(SHIELD.length) : value;
  };
  return Object.fromEntries(
    Object.entries(options).map(([name, value]) => [name, plain(value)]),
  ) as ParsedCommand['options'];
}

/** What yargs has no public way to ask for. */
interface YargsInternals {
  /** The declared options: their names in all, and by type. */
  getOptions(): {
    readonly key: Record<string, unknown>;
    readonly array: string[];
    readonly boolean: string[];
    readonly number: string[];
    readonly string: string[];
  };
  getInternalMethods(): { getUsageInstance(): { cacheHelpMessage: () => void } };
}

function internals(parser: Argv): YargsInternals {
  return parser as unknown as YargsInternals;
}

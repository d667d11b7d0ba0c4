import type { Reporter } from '../../reporter.js';
import type { InstalledPackage } from '../packages.js';
import type { CommandRunner } from './run-command.js';

/** What a step works with; tests replace what reaches outside. */
export interface SetupContext {
  readonly tfjsNode: InstalledPackage;
  /** The cache's folder for TensorFlow. */
  readonly cache: string;
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  readonly env: NodeJS.ProcessEnv;
  readonly reporter: Reporter;
  readonly signal?: AbortSignal | undefined;
  /** Whether a download without a known checksum may be used. */
  readonly allowUnverified: boolean;
  readonly run: CommandRunner;
  /** Loads a binding in a child process; resolves to TensorFlow's version or throws one line. */
  readonly verify: (bindingPath: string) => Promise<string>;
  /** Throws one line unless something answers at the address. */
  readonly probe: (url: string) => Promise<void>;
}

/** A binding that works. */
export interface ReadyBinding {
  readonly path: string;
  readonly version: string;
  readonly source: string;
}

/** A way to native TensorFlow; throws an Error whose message is one line on why it does not lead there. */
export interface NativeStep {
  readonly name: 'present' | 'installer' | 'wheel';
  /** Completes "setup tries:". */
  readonly summary: string;
  run(context: SetupContext): Promise<ReadyBinding>;
}

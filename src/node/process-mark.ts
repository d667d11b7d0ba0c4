import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { shortHash } from './hash.js';

/**
 * Names a process so that another can tell, later and perhaps on another machine, whether it has ended. A
 * process id alone does not: ids are used again, and mean something else in each container.
 */
export interface ProcessMark {
  /** The place where the id holds: one boot of one machine, one container. */
  readonly space: string;
  readonly pid: number;
  /** When it began, in the system's own ticks; `0` where that cannot be known. */
  readonly start: string;
}

/** Completes a regular expression; the groups are `space`, `pid` and `start`. */
export const MARK_PATTERN = '(?<space>[0-9a-f]{8})-(?<pid>\\d+)-(?<start>\\d+)';

let own: ProcessMark | undefined;

/** The mark of this process. */
export function ownMark(): ProcessMark {
  own ??= { space: currentSpace(), pid: process.pid, start: startOf(process.pid) ?? '0' };
  return own;
}

/** A mark as it stands in a file's name. */
export function formatMark({ space, pid, start }: ProcessMark): string {
  return `${space}-${pid}-${start}`;
}

/** Finds the mark in what a pattern with MARK_PATTERN matched. */
export function markOf(groups: Readonly<Record<string, string | undefined>>): ProcessMark {
  return { space: groups.space!, pid: Number(groups.pid), start: groups.start! };
}

/** Whether a process still runs; `undefined` where that cannot be told from here. */
export function isRunning({ space, pid, start }: ProcessMark): boolean | undefined {
  if (space !== ownMark().space) return undefined;
  if (!idIsTaken(pid)) return false;
  const found = startOf(pid);
  if (found === undefined || start === '0') return undefined;
  return found === start;
}

/** On Linux a boot has an id, and a container a namespace; elsewhere the host's name is all there is. */
function currentSpace(): string {
  const parts = [
    hostname(),
    attempt(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')),
    attempt(() => readlinkSync('/proc/self/ns/pid')),
  ];
  return shortHash(parts.join('|')).slice(0, 8);
}

/** The ticks since boot at which a process began (field 22 of proc_pid_stat(5)); a zombie has ended. */
function startOf(pid: number): string | undefined {
  const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  // The second field is the name in parentheses, which may hold anything.
  const [state, ...rest] = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
  if (state === undefined) return undefined;
  return state === 'Z' || state === 'X' ? 'ended' : rest[18];
}

function idIsTaken(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

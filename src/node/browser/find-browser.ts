import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { UserError } from '../../core/errors.js';

const COMMANDS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];

/**
 * The Chromium, Chrome or Edge to use: the given one, the one that `CHROMIUM_PATH` names, or the first in the
 * usual places; undefined where there is none.
 *
 * @throws UserError if the given one does not exist.
 */
export function findBrowser(given?: string, env: NodeJS.ProcessEnv = process.env): string | undefined {
  if (given !== undefined && !existsSync(given)) {
    throw new UserError(`there is no browser at ${given}`, {
      hint: 'Give --browser the path of a Chromium, Chrome or Edge, or leave it out.',
    });
  }
  return given ?? [env.CHROMIUM_PATH, ...usualPlaces(env)].find((path) => path && existsSync(path));
}

function usualPlaces(env: NodeJS.ProcessEnv): string[] {
  if (process.platform === 'darwin') {
    const apps = ['Chromium', 'Google Chrome', 'Microsoft Edge'];
    return apps.map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`);
  }
  if (process.platform === 'win32') {
    const programs = ['Google/Chrome/Application/chrome.exe', 'Microsoft/Edge/Application/msedge.exe'];
    const folders = [env.PROGRAMFILES, env['PROGRAMFILES(X86)'], env.LOCALAPPDATA].filter(
      (folder) => folder !== undefined,
    );
    return folders.flatMap((folder) => programs.map((program) => join(folder, program)));
  }
  const folders = (env.PATH ?? '').split(delimiter).filter(Boolean);
  return COMMANDS.flatMap((command) => folders.map((folder) => join(folder, command)));
}

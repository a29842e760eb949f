import { homedir } from 'node:os';
import path from 'node:path';
import { firstSet } from './hub-cache';

/** Easel's own cache: EASEL_CACHE, else a folder in the system's folder for caches. */
export function easelCache(env: NodeJS.ProcessEnv = process.env): string {
  return firstSet(env.EASEL_CACHE) ?? path.join(systemCache(env), 'easel');
}

function systemCache(env: NodeJS.ProcessEnv): string {
  const home = homedir();
  switch (process.platform) {
    case 'win32':
      return firstSet(env.LOCALAPPDATA) ?? path.join(home, 'AppData', 'Local');
    case 'darwin':
      return path.join(home, 'Library', 'Caches');
    default:
      return firstSet(env.XDG_CACHE_HOME) ?? path.join(home, '.cache');
  }
}

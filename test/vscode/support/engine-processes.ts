import { readdirSync, readFileSync } from 'node:fs';

/** The engine processes that a process forked, found as the system lists them. */
export function engineProcesses(parent = process.pid): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && parentOf(pid) === parent)
    .filter((pid) => {
      const parts = commandLine(pid);
      // The store runs from the same bundle.
      return parts.some((part) => part.endsWith('/dist/engine.js')) && !parts.includes('--store');
    });
}

/** Resident bytes of a process. */
export function residentBytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  if (!kilobytes) throw new Error(`Process ${pid} tells no size.`);
  return Number(kilobytes) * 1024;
}

function parentOf(pid: number): number | undefined {
  try {
    // The name before it is in brackets and may hold anything.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ');
    return Number(fields?.[1]);
  } catch {
    return undefined; // ended meanwhile
  }
}

function commandLine(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const made: string[] = [];

/** A new empty folder that is removed when the test process ends. */
export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'easel-test-'));
  if (made.length === 0) process.once('exit', removeAll);
  made.push(folder);
  return folder;
}

function removeAll(): void {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
}

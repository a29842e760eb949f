import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Changes one byte in every unfinished file of a model. */
export async function damage(env: NodeJS.ProcessEnv, id: string): Promise<void> {
  const repo = `models--${id.replace('/', '--')}`;
  const blobs = join(String(env.HF_HOME), 'hub', repo, 'blobs');
  for (const name of await readdir(blobs)) {
    if (!name.endsWith('.incomplete')) continue;
    const file = join(blobs, name);
    const bytes = await readFile(file);
    bytes[10] = (bytes[10] ?? 0) ^ 1;
    await writeFile(file, bytes);
  }
}

import { readFile } from 'node:fs/promises';

/**
 * The names of the instructions that the processor has, as Linux writes them, such as `avx512_vnni`.
 * @returns undefined where the system does not say
 */
export async function processorFlags(): Promise<ReadonlySet<string> | undefined> {
  if (process.platform !== 'linux') return undefined;
  const text = await readFile('/proc/cpuinfo', 'utf8').catch(() => '');
  const flags = /^(?:flags|Features)[\t ]*:(.*)$/m.exec(text)?.[1];
  return flags === undefined ? undefined : new Set(flags.trim().split(' '));
}

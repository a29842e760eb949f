import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { headOf, type Machine } from '../../../src/engine/support/machine';
import { tempFolder } from '../../support/temp-folder';

/** A machine that is a folder. */
export interface MachineFolder extends Machine {
  /** Writes a file of it, and returns where that is. */
  put(file: string, text?: string | Uint8Array): string;
  /** The same with the header of a shared library. */
  putLibrary(file: string, bits?: 32 | 64): string;
  /** The same machine with other variables; paths in them are those of the machine. */
  with(env: Readonly<Record<string, string>>): Machine;
}

export function machineFolder(): MachineFolder {
  const root = tempFolder();
  const at = (file: string) => path.join(root, file);
  const env = { EASEL_CACHE: at('/cache') };
  const put = (file: string, text: string | Uint8Array = '') => {
    mkdirSync(path.dirname(at(file)), { recursive: true });
    writeFileSync(at(file), text);
    return at(file);
  };
  return {
    root,
    env,
    home: at('/home/me'),
    put,
    putLibrary: (file, bits = 64) => {
      const header = headOf(process.execPath, 64);
      if (bits === 32) header[4] = 1;
      return put(file, header);
    },
    with: (more) => ({
      root,
      home: at('/home/me'),
      env: {
        ...env,
        ...Object.fromEntries(Object.entries(more).map(([name, place]) => [name, at(place)])),
      },
    }),
  };
}

import { CATALOGUE, type CatalogueEntry, type SpeedClass } from './catalogue';
import { describeBytes } from '../quantities';
import type { DeviceName } from '../request/request';

/** A machine as far as the choice of a model goes. */
export interface Machine {
  /** Bytes of memory that a process could have at most. */
  readonly memoryBytes: number;
  /** The device that draws. */
  readonly device: DeviceName;
}

/** A model for a machine, the best first. */
export interface Recommendation {
  readonly entry: CatalogueEntry;
  /** Repositories of parts to fetch with it. */
  readonly companions: readonly string[];
  readonly fits: boolean;
  /** One sentence: why it is this high, or why it does not fit. */
  readonly reason: string;
}

const SPEEDS: readonly SpeedClass[] = ['fast', 'medium', 'slow', 'very slow'];
/** The rest of the system, and the editor, live in the same memory. */
const SHARE_OF_MEMORY = 0.8;
/** Graphics devices hold all weights in single precision, and are about two classes faster. */
const GRAPHICS = { memory: 1.3, classes: 2 } as const;

/**
 * Orders the catalogue's models for a machine: those that fit first, then the quicker ones; among equally
 * quick ones a graphics device takes the larger, a processor the one named first in the catalogue.
 */
export function recommend(machine: Machine): readonly Recommendation[] {
  const graphics = machine.device !== 'cpu';
  const budget = machine.memoryBytes * SHARE_OF_MEMORY;
  const ranked = CATALOGUE.filter(({ kind }) => kind === 'pipeline').map((entry) => {
    const needed = entry.memoryBytes * (graphics ? GRAPHICS.memory : 1);
    const speed = Math.max(0, SPEEDS.indexOf(entry.speed) - (graphics ? GRAPHICS.classes : 0));
    return { entry, needed, fits: needed <= budget, speed };
  });
  ranked.sort(
    (a, b) =>
      Number(b.fits) - Number(a.fits) ||
      a.speed - b.speed ||
      (graphics ? b.entry.memoryBytes - a.entry.memoryBytes : 0),
  );
  return ranked.map(({ entry, needed, fits, speed }) => ({
    entry,
    // A graphics device decodes in no time anyway.
    companions: graphics ? [] : entry.companions,
    fits,
    reason: fits
      ? `${SPEEDS[speed] ?? 'slow'} on ${graphics ? machine.device : 'the processor'}: ${entry.summary}`
      : `needs about ${describeBytes(needed)} of memory, and this machine has ${describeBytes(machine.memoryBytes)}`,
  }));
}

import { CATALOGUE, NOT_STATED, type CatalogueEntry, type SpeedClass } from './catalogue';
import { needsImage } from './needs-image';
import { deviceProfile, type DeviceName, type GraphicsCard } from '../devices';
import { describeBytes } from '../quantities';

/** The facts of a machine that matter for the choice of a model. */
export interface Machine {
  /** Maximum memory of a process, in bytes. */
  readonly memoryBytes: number;
  /** The device that draws. */
  readonly device: DeviceName;
  /** The card that it draws with. Absent: it is no card, or nobody knows. */
  readonly card?: Pick<GraphicsCard, 'name' | 'kind' | 'memoryBytes'> | undefined;
}

/** How well a model suits a machine. */
export interface Recommendation {
  readonly entry: CatalogueEntry;
  /** Repositories of parts to download with it. */
  readonly companions: readonly string[];
  readonly fits: boolean;
  /** Why it is recommended, or why it does not fit, in one sentence. */
  readonly reason: string;
}

const SPEEDS: readonly SpeedClass[] = ['fast', 'medium', 'slow', 'very slow'];
/** The other part is for the system and the editor. */
const SHARE_OF_MEMORY = 0.8;
/**
 * Beside the memory that a model takes on the processor: in float16, which cards take for these models where it is
 * right, and with all weights in float32. All cards are about two classes faster.
 */
const GRAPHICS = { half: 0.75, full: 1.3, classes: 2 } as const;

/**
 * Sorts the catalogue's models for a machine: models that fit come first, then faster ones. Among equally fast
 * models, a GPU prefers larger ones, and a CPU the order of the catalogue. Those that need an image, and those whose
 * publisher states no licence, come after the others.
 */
export function recommend(machine: Machine): readonly Recommendation[] {
  const graphics = !deviceProfile(machine.device).isFallback;
  const own = machine.card?.kind === 'discrete' ? machine.card : undefined;
  const memoryBytes = own?.memoryBytes ?? machine.memoryBytes;
  const budget = memoryBytes * SHARE_OF_MEMORY;
  const share = own ? GRAPHICS.half : graphics ? GRAPHICS.full : 1;
  const ranked = CATALOGUE.filter(({ kind }) => kind === 'pipeline').map((entry) => {
    const needed = entry.memoryBytes * share;
    const speed = Math.max(0, SPEEDS.indexOf(entry.speed) - (graphics ? GRAPHICS.classes : 0));
    return { entry, needed, fits: needed <= budget, speed };
  });
  ranked.sort(
    (a, b) =>
      Number(b.fits) - Number(a.fits) ||
      Number(needsImage(a.entry)) - Number(needsImage(b.entry)) ||
      Number(a.entry.licence === NOT_STATED) - Number(b.entry.licence === NOT_STATED) ||
      a.speed - b.speed ||
      (graphics ? b.entry.memoryBytes - a.entry.memoryBytes : 0),
  );
  return ranked.map(({ entry, needed, fits, speed }) => ({
    entry,
    // A GPU decodes fast without a tiny autoencoder.
    companions: graphics ? [] : entry.companions,
    fits,
    reason: fits
      ? `${SPEEDS[speed] ?? 'slow'} on ${graphics ? machine.device : 'the processor'}: ${entry.summary}`
      : `needs about ${describeBytes(needed)} of memory, and ${own?.name ?? 'this machine'} has ${describeBytes(memoryBytes)}`,
  }));
}

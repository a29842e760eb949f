import { isRecord } from '../../core/json';
import { countEvaluations } from '../../core/diffusion/evaluations';
import { PRECISIONS } from '../../core/devices';
import type { Memento } from 'vscode';
import { isElsewhere, type GenerationSummary, type LocalSummary } from '../../protocol/engine';
import type { Speed } from '../../core/estimate';

const KEY = 'easel.speeds';
/** Entries that are kept: one for each way that a model was computed, and size. */
const MAX_SPEEDS = 100;

/** Of these there is one entry each. */
const WAY: readonly (keyof Speed)[] = [
  ...(['model', 'device', 'precision', 'tokenDownsampling', 'controlNets', 'pixels'] as const),
];

/** The measured speeds of models on this machine, from which the studio estimates. */
export class SpeedLog {
  constructor(private readonly state: Memento) {}

  all(): readonly Speed[] {
    const stored = this.state.get<unknown>(KEY);
    return Array.isArray(stored) ? stored.filter(isSpeed) : [];
  }

  async add(model: string, summary: GenerationSummary, images: number): Promise<void> {
    if (isElsewhere(summary)) return;
    const speed = measure(model, summary, images);
    if (!speed) return;
    const others = this.all().filter((other) => WAY.some((key) => other[key] !== speed[key]));
    await this.state.update(KEY, [speed, ...others].slice(0, MAX_SPEEDS));
  }
}

/**
 * @param images how many were drawn
 * @returns undefined for a job without steps
 */
export function measure(
  model: string,
  { device, precision, savings, added, settings, seconds, controlNets }: LocalSummary,
  images: number,
): Speed | undefined {
  const edits = settings.imageGuidanceScale !== undefined;
  // Of an image to start from, the first steps are skipped.
  const { steps, strength } = settings;
  const guided = settings.guidanceScale > 1;
  const planned = { ...savings, ...added, steps, strength, guided, edits };
  const evaluations = images * countEvaluations(planned);
  if (evaluations === 0) return undefined;
  return {
    ...{ model, device, precision, tokenDownsampling: savings.tokenDownsampling, controlNets },
    pixels: settings.width * settings.height,
    secondsPerEvaluation: seconds.denoise / evaluations,
    overhead: (seconds.encode + seconds.decode) / images,
  };
}

function isSpeed(value: unknown): value is Speed {
  if (!isRecord(value)) return false;
  const { model, device, precision, tokenDownsampling, ...numbers } = value as Partial<Speed>;
  const { controlNets = 0 } = numbers;
  const { pixels, secondsPerEvaluation, overhead } = numbers;
  return (
    typeof model === 'string' &&
    typeof device === 'string' &&
    PRECISIONS.some((known) => known === precision) &&
    [tokenDownsampling, controlNets, pixels, secondsPerEvaluation, overhead].every(
      (number) => typeof number === 'number' && number >= 0,
    )
  );
}

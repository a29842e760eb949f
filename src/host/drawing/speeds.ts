import { isRecord } from '../../core/json';
import { stepsAtStrength } from '../../core/diffusion/denoise';
import type { Memento } from 'vscode';
import type { GenerationSummary } from '../../protocol/engine';
import type { Speed } from '../../core/estimate';

const KEY = 'easel.speeds';
/** Entries that are kept: one per model, device and size. */
const MAX_SPEEDS = 100;

export interface MeasuredJob {
  readonly images: number;
  /** Present where a sketch was drawn from; the first steps are skipped then. */
  readonly strength: number | undefined;
}

/** The measured speeds of models on this machine, from which the studio estimates. */
export class SpeedLog {
  constructor(private readonly state: Memento) {}

  all(): readonly Speed[] {
    const stored = this.state.get<unknown>(KEY);
    return Array.isArray(stored) ? stored.filter(isSpeed) : [];
  }

  async add(model: string, summary: GenerationSummary, job: MeasuredJob): Promise<void> {
    const speed = measure(model, summary, job);
    if (!speed) return;
    const others = this.all().filter(
      (other) =>
        other.model !== model || other.device !== speed.device || other.pixels !== speed.pixels,
    );
    await this.state.update(KEY, [speed, ...others].slice(0, MAX_SPEEDS));
  }
}

/** @returns undefined for a job without steps */
export function measure(
  model: string,
  { device, settings, seconds }: GenerationSummary,
  { images, strength }: MeasuredJob,
): Speed | undefined {
  const steps = stepsAtStrength(settings.steps, strength);
  const evaluations = steps * images * (settings.guidanceScale > 1 ? 2 : 1);
  if (evaluations === 0) return undefined;
  return {
    model,
    device,
    pixels: settings.width * settings.height,
    secondsPerEvaluation: seconds.denoise / evaluations,
    overhead: (seconds.encode + seconds.decode) / images,
  };
}

function isSpeed(value: unknown): value is Speed {
  if (!isRecord(value)) return false;
  const { model, device, pixels, secondsPerEvaluation, overhead } = value as Partial<Speed>;
  return (
    typeof model === 'string' &&
    typeof device === 'string' &&
    [pixels, secondsPerEvaluation, overhead].every(
      (number) => typeof number === 'number' && number >= 0,
    )
  );
}

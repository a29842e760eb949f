import type { DeviceName, GraphicsCard } from '../../src/core/devices';
import type { HalfTrial } from '../../src/core/request/precision';
import type { GenerationRequestInput } from '../../src/core/request/request';
import type { DrawingEngine } from '../../src/engine/engine';
import type { GenerationEvent, LocalSummary } from '../../src/protocol/engine';

export type DrawnEvent = Extract<GenerationEvent, { event: 'image' }>;

export interface EngineRun {
  readonly summary: LocalSummary;
  readonly images: readonly DrawnEvent[];
  readonly events: readonly GenerationEvent[];
}

/** A choice of devices that is always the same one, which is not tried. */
export function oneDevice(
  device: DeviceName,
  half: HalfTrial = { half: false, halfSpeed: 0, halfFault: 'not tried' },
  card?: GraphicsCard,
): ConstructorParameters<typeof DrawingEngine>[0] {
  return {
    decide: () => Promise.resolve({ device, reason: '', ...(card && { card }) }),
    report: () => Promise.reject(new Error('not asked')),
    markFailed: () => undefined,
    tryHalf: () => Promise.resolve(half),
  };
}

/** Draws a request, as PNG files unless it names a format. */
export async function runEngine(
  engine: DrawingEngine,
  request: GenerationRequestInput,
  {
    signal = new AbortController().signal,
    onEvent,
    keepLoaded = true,
  }: {
    readonly signal?: AbortSignal;
    readonly onEvent?: (event: GenerationEvent) => void;
    readonly keepLoaded?: boolean;
  } = {},
): Promise<EngineRun> {
  const events: GenerationEvent[] = [];
  const emit = (event: GenerationEvent) => {
    events.push(event);
    onEvent?.(event);
  };
  const whole = { format: 'png' as const, ...request };
  const summary = await engine.handlers.generate({ request: whole, keepLoaded }, { signal, emit });
  const images = events.filter((event): event is DrawnEvent => event.event === 'image');
  return { summary, images, events };
}

export function warningsOf({ events }: Pick<EngineRun, 'events'>): readonly string[] {
  return events.flatMap((event) => (event.event === 'warning' ? [event.message] : []));
}

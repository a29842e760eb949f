import path from 'node:path';
import sharp from 'sharp';
import type { GenerationRequestInput } from '../../src/core/request/request';
import { DrawingEngine } from '../../src/engine/engine';
import { SessionCache } from '../../src/engine/runtime/session-cache';
import type { GenerationEvent, GenerationSummary } from '../../src/protocol/engine';
import { ROOT } from './paths';

export type DrawnEvent = Extract<GenerationEvent, { event: 'image' }>;

export interface EngineRun {
  readonly summary: GenerationSummary;
  readonly images: readonly DrawnEvent[];
  readonly events: readonly GenerationEvent[];
}

/** The drawing engine on the processor, in this process, with the model that comes with Easel. */
export class StarterEngine {
  readonly sessions = new SessionCache();
  private readonly engine = new DrawingEngine(
    {
      decide: () => Promise.resolve({ device: 'cpu', reason: '' }),
      report: () => Promise.reject(new Error('not asked')),
      markFailed: () => undefined,
    },
    this.sessions,
  );

  async draw(
    request: GenerationRequestInput,
    {
      signal = new AbortController().signal,
      onEvent,
    }: { readonly signal?: AbortSignal; readonly onEvent?: (event: GenerationEvent) => void } = {},
  ): Promise<EngineRun> {
    process.env.EASEL_STARTER_MODEL ??= path.join(ROOT, 'models', 'starter');
    const events: GenerationEvent[] = [];
    const emit = (event: GenerationEvent) => {
      events.push(event);
      onEvent?.(event);
    };
    const whole = { format: 'png' as const, ...request };
    const summary = await this.engine.handlers.generate({ request: whole }, { signal, emit });
    const images = events.filter((event): event is DrawnEvent => event.event === 'image');
    return { summary, images, events };
  }

  /** The only image of a request. */
  async drawOne(request: GenerationRequestInput): Promise<DrawnEvent> {
    const { images } = await this.draw(request);
    return images[0]!;
  }

  close(): Promise<void> {
    return this.sessions.clear();
  }
}

export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly data: Uint8Array;
}

export async function pixelsOf(file: Uint8Array): Promise<Pixels> {
  const { data, info } = await sharp(file).raw().toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  return { width, height, channels, data: new Uint8Array(data) };
}

import path from 'node:path';
import sharp from 'sharp';
import type { GenerationRequestInput } from '../../src/core/request/request';
import { DrawingEngine } from '../../src/engine/engine';
import { SessionCache } from '../../src/engine/runtime/session-cache';
import { oneDevice, runEngine, type DrawnEvent, type EngineRun } from './engine-run';
import { ROOT } from './paths';

/** The drawing engine on the processor, in this process, with the model that comes with Easel. */
export class StarterEngine {
  readonly sessions = new SessionCache();
  private readonly engine = new DrawingEngine(oneDevice('cpu'), this.sessions);

  draw(
    request: GenerationRequestInput,
    options?: Parameters<typeof runEngine>[2],
  ): Promise<EngineRun> {
    process.env.EASEL_STARTER_MODEL ??= path.join(ROOT, 'models', 'starter');
    return runEngine(this.engine, request, options);
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

import sharp from 'sharp';
import type { EngineMethods } from '../protocol/engine';
import { serve, type Transport } from '../protocol/peer';
import { DrawingEngine } from './engine';
import { DeviceSelector } from './probe/device-selector';
import { limitThreads, threadCount } from './runtime/threads';

export interface DrawingProcess {
  /** The engine's bundle, which is started once more to try a device. */
  readonly module: string;
  /** Absent: as many as this process may use. */
  readonly threads?: number;
}

/** Draws for the process that started this one. */
export function serveDrawing(parent: Transport, { module, threads }: DrawingProcess): void {
  limitThreads(threads);
  sharp.concurrency(threadCount());
  const engine = new DrawingEngine(new DeviceSelector(module));
  serve<EngineMethods>(parent, engine.handlers);
}

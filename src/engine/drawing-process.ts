import type { EngineMethods } from '../protocol/engine';
import { serve, type Transport } from '../protocol/peer';
import { DrawingEngine } from './engine';
import { DeviceSelector } from './probe/device-selector';

/**
 * Draws for the process that started this one.
 * @param module the engine's bundle, which is started once more to try a device
 */
export function serveDrawing(parent: Transport, module: string): void {
  const engine = new DrawingEngine(new DeviceSelector(module));
  serve<EngineMethods>(parent, engine.handlers);
}

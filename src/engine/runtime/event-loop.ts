import { cancelled } from '../../core/errors';

/**
 * Lets the event loop handle waiting messages. ONNX Runtime works on this thread, so a cancellation can
 * only be noticed between two calls.
 * @throws EaselError `cancelled`, if the job was cancelled
 */
export async function yieldToEventLoop(signal: AbortSignal | undefined): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  if (signal?.aborted) throw cancelled();
}

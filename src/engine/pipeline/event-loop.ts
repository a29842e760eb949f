import { cancelled } from '../../core/errors';

/**
 * Lets waiting messages in: ONNX Runtime works on this thread, so a cancel is only seen between calls.
 * @throws EaselError `cancelled`
 */
export async function yieldToEventLoop(signal: AbortSignal): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  if (signal.aborted) throw cancelled();
}

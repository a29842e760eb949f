import type { UpscaleEvent } from '../../../protocol/engine';
import type { CallContext } from '../../../protocol/peer';
import { yieldToEventLoop } from '../../runtime/event-loop';

/**
 * Reports each tile of an image, and cancels where that is asked for.
 * @param image its place in the job, from 0
 */
export function tileReporter(
  total: number,
  image: number,
  { emit, signal }: Pick<CallContext<UpscaleEvent>, 'emit' | 'signal'>,
): () => Promise<void> {
  let index = 0;
  let before = performance.now();
  return async () => {
    index += 1;
    const now = performance.now();
    emit({ event: 'tile', index, total, seconds: (now - before) / 1000, image });
    before = now;
    await yieldToEventLoop(signal);
  };
}

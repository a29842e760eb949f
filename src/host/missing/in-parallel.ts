import type { EaselError, ErrorCode } from '../../core/errors';

/** Errors of an endpoint that every other image would have too, and may pay for. */
const OF_ALL: readonly ErrorCode[] = [
  'access-denied',
  'consent-required',
  'endpoint-not-found',
  'no-network',
  'payment-required',
  'rate-limited',
];

/** Whether the images that are left would fail in the same way. */
export function failsAll({ code, data }: EaselError): boolean {
  return (
    code === 'endpoint-not-found' || (data.endpointName !== undefined && OF_ALL.includes(code))
  );
}

/**
 * Works on items in their order, some at the same time. Those that have begun when it is to stop are finished.
 * @param limit items at a time
 * @param work never rejects
 */
export async function inParallel<T>(
  items: readonly T[],
  limit: number,
  work: (item: T, index: number) => Promise<void>,
  isStopped: () => boolean,
): Promise<void> {
  const left = items.entries();
  const workers = Array.from({ length: Math.min(limit, items.length) }, async () => {
    for (const [index, item] of left) {
      if (isStopped()) return;
      await work(item, index);
    }
  });
  await Promise.all(workers);
}

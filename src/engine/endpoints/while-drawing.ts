/** Milliseconds that a server has to end a cancelled job. */
const CANCEL_MS = 5000;

interface Beside {
  /** Aborts when the user cancels. */
  readonly signal: AbortSignal;
  /** Tells how far the drawing is, until the signal that it gets aborts. Its failures do not matter. */
  readonly watch?: (ended: AbortSignal) => Promise<void>;
  /** Ends the job on the server after a cancel. Its failures do not matter: the user has gone on. */
  readonly cancel?: (signal: AbortSignal) => Promise<void>;
}

/** Waits for a drawing, follows it meanwhile, and ends it on the server when the user cancels. */
export async function whileDrawing<T>(
  drawing: Promise<T>,
  { signal, watch, cancel }: Beside,
): Promise<T> {
  const ended = new AbortController();
  const watching = watch?.(ended.signal).catch(() => undefined);
  try {
    return await drawing;
  } finally {
    ended.abort();
    await watching;
    if (signal.aborted) await cancel?.(AbortSignal.timeout(CANCEL_MS)).catch(() => undefined);
  }
}

import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

/** What goes wrong with one answer. */
export type Fault =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  /** The connection breaks after this many bytes of the body. */
  | { readonly cutAfter: number }
  | { readonly bytesPerSecond: number }
  | { readonly corruptAt: number }
  | { readonly ignoreRange: true }
  | { readonly shiftRange: true }
  /** Bytes come, then nothing, and the connection stays. */
  | { readonly stallAfter: number }
  /** Nothing of the body comes before this is settled. */
  | { readonly heldUntil: Promise<unknown> };

/** Sends a file or a range of it, with whatever is to go wrong. */
export async function sendBytes(
  request: IncomingMessage,
  response: ServerResponse,
  bytes: Buffer,
  headers: Readonly<Record<string, string>>,
  fault: Fault | undefined,
): Promise<void> {
  const asked = fault && 'ignoreRange' in fault ? undefined : rangeStart(request);
  if (asked !== undefined && asked >= bytes.length && bytes.length > 0) {
    response.writeHead(416, { 'content-range': `bytes */${bytes.length}` }).end();
    return;
  }
  const shift = fault && 'shiftRange' in fault && asked !== undefined ? 1 : 0;
  const start = Math.max(0, (asked ?? 0) - shift);
  const body = Buffer.from(bytes.subarray(start));
  if (fault && 'corruptAt' in fault && fault.corruptAt < body.length) {
    body[fault.corruptAt] = (body[fault.corruptAt] ?? 0) ^ 0xff;
  }
  response.writeHead(asked === undefined ? 200 : 206, {
    ...headers,
    'content-length': String(body.length),
    ...(asked !== undefined && {
      'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}`,
    }),
  });
  if (fault && 'heldUntil' in fault) {
    response.flushHeaders();
    await Promise.allSettled([fault.heldUntil]);
  }
  if (request.method === 'HEAD') response.end();
  else if (fault && 'cutAfter' in fault) {
    response.write(body.subarray(0, fault.cutAfter), () => setImmediate(() => response.destroy()));
  } else if (fault && 'stallAfter' in fault) {
    response.write(body.subarray(0, fault.stallAfter));
  } else if (fault && 'bytesPerSecond' in fault) {
    const piece = Math.max(1, Math.round(fault.bytesPerSecond / 50));
    for (let at = 0; at < body.length && !response.destroyed; at += piece) {
      response.write(body.subarray(at, at + piece));
      await delay(20);
    }
    response.end();
  } else response.end(body);
}

/** The first byte that a request asks for; undefined where it wants the whole. */
export function rangeStart(request: IncomingMessage): number | undefined {
  const match = /^bytes=(\d+)-$/.exec(request.headers.range ?? '');
  return match ? Number(match[1]) : undefined;
}

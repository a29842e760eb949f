import { toEaselError, type EaselError } from '../../core/errors';
import type { Endpoint } from '../../core/endpoints/endpoint';
import type { FoundServer } from '../../protocol/endpoints';
import { EndpointConnection } from './connection';
import type { EndpointProtocol } from './protocol';
import { ASKED_PROTOCOLS } from './protocols';

/** The ports that servers take where nobody says another. */
const USUAL_PORTS = [
  7860, // AUTOMATIC1111, Forge, and `easel serve`
  8188, // ComfyUI
  1234, // sd-server of stable-diffusion.cpp
  8000, // vLLM
  30000, // SGLang
  5001, // KoboldCpp
  8080, // LocalAI
] as const;

/** Milliseconds that a server has for all questions. */
const ANSWER_MS = 2500;

/**
 * Servers on this machine, found by asking each port at the same time. A port that is closed, slow, or of something
 * else is left out.
 */
export async function discover(
  signal: AbortSignal,
  ports: readonly number[] = USUAL_PORTS,
): Promise<readonly FoundServer[]> {
  const found = await Promise.all(ports.map((port) => ask(`http://127.0.0.1:${port}`, signal)));
  return found.filter((one) => one !== undefined);
}

async function ask(url: string, signal: AbortSignal): Promise<FoundServer | undefined> {
  const endpoint: Endpoint = { name: 'found', url, protocol: 'openai' };
  const connection = new EndpointConnection(endpoint);
  const inTime = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]);
  try {
    for (const one of ASKED_PROTOCOLS) {
      if ((await speaks(connection, one, inTime)) === true) return { url, protocol: one.name };
    }
  } catch {
    // Nothing answers there, or not in time.
  } finally {
    await connection.close();
  }
  return undefined;
}

/**
 * Whether a server speaks a protocol.
 * @returns the error of a server that wants a key, or another one, before it answers
 * @throws EaselError where it cannot be reached
 */
export async function speaks(
  connection: EndpointConnection,
  protocol: EndpointProtocol,
  signal: AbortSignal,
): Promise<boolean | EaselError> {
  try {
    return (await protocol.speaks?.(connection, signal)) ?? false;
  } catch (thrown) {
    const error = toEaselError(thrown);
    if (error.code === 'access-denied') return error;
    if (error.code !== 'no-network' && error.code !== 'cancelled') return false;
    throw error;
  }
}

import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { EaselError } from '../core/errors';
import { isLoopbackHost } from '../core/loopback';
import { HttpError } from './http-error';
import type { ServerOptions } from './options';

type AccessOptions = Pick<ServerOptions, 'host' | 'token' | 'allowOrigins'>;

/** Fewer characters are guessed. */
const SHORTEST_TOKEN = 8;

/**
 * Refuses to serve others without a token.
 * @throws EaselError `bad-request`
 */
export function requireSafeAddress({ host, token }: AccessOptions): void {
  if (token !== undefined && token.length < SHORTEST_TOKEN) {
    throw new EaselError(
      'bad-request',
      `The token must have at least ${SHORTEST_TOKEN} characters, so that nobody guesses it.`,
    );
  }
  if (token !== undefined && !/^[\x21-\x7e]+$/.test(token)) {
    throw new EaselError(
      'bad-request',
      'The token may only have letters, digits and signs of ASCII, and no spaces.',
    );
  }
  if (token === undefined && !isLoopbackHost(host)) {
    throw new EaselError(
      'bad-request',
      `${host} can be reached from other machines, so a token is required: set EASEL_SERVE_TOKEN, or give --token. Without one, serve on 127.0.0.1.`,
    );
  }
}

/**
 * Refuses a name that a web page was given for this machine (DNS rebinding): such a page could else call the server
 * and read the answers. With a token that is no danger.
 * @throws HttpError 403
 */
export function requireKnownHost(
  { host: named = '' }: IncomingHttpHeaders,
  { host, token }: AccessOptions,
): void {
  if (token !== undefined) return;
  const name = named.replace(/:\d+$/, '');
  if (isLoopbackHost(name) || name.toLowerCase() === host.toLowerCase()) return;
  throw new HttpError(
    403,
    'unknown-host',
    'This server is called by localhost or 127.0.0.1, and by no other name.',
  );
}

/**
 * Refuses web pages of other origins, which a browser would let send forms. With a token they cannot.
 * @throws HttpError 403
 */
export function requireKnownOrigin(
  { origin, host = '' }: IncomingHttpHeaders,
  { token, allowOrigins = [] }: AccessOptions,
): void {
  if (origin === undefined || token !== undefined) return;
  if (origin === `http://${host}` || allowOrigins.includes(origin)) return;
  throw new HttpError(
    403,
    'unknown-origin',
    'Web pages of other origins may not call this server. Its owner can allow one with --allow-origin.',
  );
}

/**
 * Requires the token: as Bearer, or as the password of Basic, which is what AUTOMATIC1111's clients send.
 * @throws HttpError 401
 */
export function requireToken(
  { authorization = '' }: IncomingHttpHeaders,
  { token }: AccessOptions,
): void {
  if (token === undefined) return;
  if (isEqual(givenToken(authorization), token)) return;
  throw new HttpError(
    401,
    'invalid-api-key',
    'The token is missing or wrong. Send it as "Authorization: Bearer TOKEN".',
    { 'www-authenticate': 'Bearer' },
  );
}

function givenToken(authorization: string): string {
  const [, scheme = '', value = ''] = /^(\w+) +(\S+)$/.exec(authorization) ?? [];
  if (scheme.toLowerCase() === 'bearer') return value;
  if (scheme.toLowerCase() !== 'basic') return '';
  const pair = Buffer.from(value, 'base64').toString('utf8');
  return pair.slice(pair.indexOf(':') + 1);
}

/** In the same time wherever they differ. */
function isEqual(given: string, token: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(given), hash(token));
}

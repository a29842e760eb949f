import type { ErrorCode } from '../errors';

/** What an error is over HTTP. */
export interface HttpStatus {
  readonly status: number;
  /**
   * Whether the same request can succeed when it is sent again, soon and without any change. OpenAI's clients
   * repeat every request that ends with a status of 500 or more, unless they are told.
   */
  readonly retry: boolean;
}

const refused = (status: number): HttpStatus => ({ status, retry: false });
const later = (status: number): HttpStatus => ({ status, retry: true });

/**
 * The status of every error. 400: the request has to change. 404: there is no such model. 422: the request is
 * right, but this image cannot be made. 500 and more: what serves is at fault, or busy.
 */
export const HTTP_STATUS: Readonly<Record<ErrorCode, HttpStatus>> = {
  'bad-request': refused(400),
  'prompt-too-long': refused(400),
  'bad-size': refused(400),
  'unknown-scheduler': refused(400),
  'unsupported-scheduler': refused(400),
  'unsupported-precision': refused(400),
  'unsupported-model': refused(400),
  'unsupported-config': refused(400),
  'bad-file': refused(400),
  'unsafe-file': refused(400),
  'not-supported': refused(400),
  'model-not-found': refused(404),
  'background-not-flat': refused(422),
  'content-refused': refused(422),
  'not-finite': refused(422),
  'rate-limited': refused(429),
  'access-denied': refused(500),
  'consent-required': refused(500),
  'endpoint-not-found': refused(500),
  'payment-required': refused(500),
  'keyring-failed': refused(500),
  'model-incomplete': refused(500),
  'unsupported-platform': refused(500),
  'write-failed': refused(500),
  internal: refused(500),
  offline: refused(502),
  'no-network': refused(502),
  'hub-failed': refused(502),
  'endpoint-failed': refused(502),
  'engine-crashed': later(503),
  'system-limit': later(503),
  'device-failed': later(503),
  // By someone at the machine that draws.
  cancelled: refused(503),
  'device-unavailable': refused(503),
  'not-enough-memory': refused(507),
  'disk-full': refused(507),
};

/** Nginx's status for a client that closed the connection: only logs and metrics have it. */
export const CLIENT_CLOSED = 499;

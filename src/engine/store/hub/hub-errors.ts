import { findInCatalogue } from '../../../core/catalogue/catalogue';
import { EaselError } from '../../../core/errors';
import { describeSeconds } from '../../../core/quantities';
import { oneLine } from '../../../core/shown-text';

/** What a request was for, for the error messages. */
export interface HubSubject {
  readonly repoId: string;
  readonly endpoint: string;
  readonly hasToken: boolean;
}

interface Answer {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
}

/** The error for a response of the hub, with what to do next. */
export function errorOfAnswer(answer: Answer, subject: HubSubject): EaselError {
  const { status, headers } = answer;
  const { repoId } = subject;
  const code = oneLine(headers.get('x-error-code') ?? '', 100);
  const data = { status, repoId, ...(code && { errorCode: code }) };
  const page = `${subject.endpoint}/${repoId}`;
  if (code === 'GatedRepo' || (status === 403 && code === '')) {
    const how = subject.hasToken
      ? `Open ${page}, accept its terms with the account of your token, and try again.`
      : `Open ${page} and accept its terms, then give Easel a token of that account (HF_TOKEN).`;
    const message = `${repoId} is a gated model. ${how}`;
    return new EaselError('access-denied', message, data);
  }
  if (code === 'RevisionNotFound') {
    const message = `${repoId} has no such revision. See ${page}/tree/main for those it has.`;
    return new EaselError('model-not-found', message, data);
  }
  if (code === 'EntryNotFound') {
    const message = `${repoId} lacks a file that its listing names. Try again later.`;
    return new EaselError('hub-failed', message, data);
  }
  if (status === 401 && subject.hasToken && code !== 'RepoNotFound') {
    const message = `The hub does not accept your token. Make a new one at ${subject.endpoint}/settings/tokens.`;
    return new EaselError('access-denied', message, data);
  }
  if (code === 'RepoNotFound' || status === 401 || status === 404) return notFound(subject, data);
  if (status === 403) {
    const message = `Your token may not read ${repoId}. Give it read access to public and gated repositories.`;
    return new EaselError('access-denied', message, data);
  }
  if (status === 429) {
    const wait = retryAfterSeconds(headers);
    const when = wait === undefined ? 'in a few minutes' : `in ${describeSeconds(wait)}`;
    const hint = subject.hasToken ? '' : ' With an access token the limit is higher.';
    const message = `Too many requests to the hub. Try again ${when}.${hint}`;
    return new EaselError('rate-limited', message, { ...data, retryAfterSeconds: wait });
  }
  if (status >= 500) {
    const message = `The hub reported a server error (${status}). What was downloaded is kept; try again later.`;
    return new EaselError('hub-failed', message, data);
  }
  return new EaselError('hub-failed', `The hub answered ${status} for ${repoId}.`, data);
}

/** The hub answers 401 both for what does not exist and for what is private, so as not to reveal which. */
function notFound(subject: HubSubject, data: Record<string, unknown>): EaselError {
  const { repoId, endpoint } = subject;
  const known = findInCatalogue(repoId);
  const others = [known?.id ?? '', ...(known?.aliases ?? [])].filter(
    (id) => id && id.toLowerCase() !== repoId.toLowerCase(),
  );
  const elsewhere =
    others.length > 0 ? ` The same model is, or was, also at ${others.join(', ')}.` : '';
  const causes = subject.hasToken
    ? 'misspelt or removed'
    : 'misspelt, removed, or private: then give Easel a token (HF_TOKEN)';
  const message = `${repoId} is not at ${endpoint}. It may be ${causes}.${elsewhere}`;
  return new EaselError('model-not-found', message, data);
}

/** Longer pauses are told as this many seconds: a week. */
const LONGEST_PAUSE = 7 * 24 * 3600;
/** A date as HTTP writes it (RFC 9110). `Date.parse` reads much more, `-5` as a year among it. */
const HTTP_DATE = /^[A-Z][a-z]{2,8}, .+ GMT$/;

/**
 * Seconds that the hub asks to wait (Retry-After, or `t=` of RateLimit), bounded; undefined where it does not say,
 * or nothing that makes sense.
 */
export function retryAfterSeconds(headers: Answer['headers']): number | undefined {
  const after = headers.get('retry-after');
  if (after) {
    const seconds = /^\d+$/.test(after)
      ? Number(after)
      : HTTP_DATE.test(after)
        ? (Date.parse(after) - Date.now()) / 1000
        : NaN;
    if (seconds >= 0) return Math.min(Math.ceil(seconds), LONGEST_PAUSE);
  }
  const reset = /\bt=(\d+)/.exec(headers.get('ratelimit') ?? '')?.[1];
  return reset === undefined ? undefined : Math.min(Number(reset), LONGEST_PAUSE);
}

/** An error with the pause that its answer asks for. */
export function withPause(
  { code, message, data }: EaselError,
  headers: Answer['headers'],
): EaselError {
  const wait = retryAfterSeconds(headers);
  return new EaselError(code, message, {
    ...data,
    ...(wait !== undefined && { retryAfterSeconds: wait }),
  });
}

/** A server, for messages. */
export interface ServerName {
  readonly endpoint: string;
  /** The variable of the environment that names another one. */
  readonly variable: string;
}

/** The error for a failed connection. Codes are Node's and undici's. */
export function errorOfConnection(thrown: unknown, { endpoint, variable }: ServerName): EaselError {
  if (thrown instanceof EaselError) return thrown;
  const { code, message } = rootCause(thrown);
  const host = hostOf(endpoint);
  const data = { code, endpoint };
  const options = { cause: thrown };
  if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS/.test(code)) {
    const text =
      `The connection to ${host} is not trusted (${code}). Behind a company's proxy, name its ` +
      'certificate in NODE_EXTRA_CA_CERTS.';
    return new EaselError('no-network', text, { ...data, permanent: true }, options);
  }
  const why = REASONS[code] ?? (isTimeout(thrown) ? 'no answer' : oneLine(message, 300));
  const text = `${host} cannot be reached: ${why}. Check the network, HTTPS_PROXY and ${variable}.`;
  return new EaselError('no-network', text, data, options);
}

const REASONS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'its name is not known',
  EAI_AGAIN: 'its name is not known',
  ECONNREFUSED: 'the connection is refused',
  ECONNRESET: 'the connection broke',
  EPIPE: 'the connection broke',
  UND_ERR_SOCKET: 'the connection broke',
  UND_ERR_CONNECT_TIMEOUT: 'no answer',
  UND_ERR_HEADERS_TIMEOUT: 'no answer',
  UND_ERR_BODY_TIMEOUT: 'it stopped sending',
  UND_ERR_HEADERS_OVERFLOW: 'its answer is not understood',
  ETIMEDOUT: 'no answer',
  ENETUNREACH: 'there is no network',
  EHOSTUNREACH: 'there is no network',
};

function isTimeout(thrown: unknown): boolean {
  return thrown instanceof Error && thrown.name === 'TimeoutError';
}

function rootCause(thrown: unknown): { code: string; message: string } {
  let error: unknown = thrown;
  let code = '';
  let message = String(thrown);
  for (let depth = 0; depth < 5 && error instanceof Error; depth++) {
    const own = (error as NodeJS.ErrnoException).code;
    if (typeof own === 'string') code = own;
    message = error.message || message;
    const inner = error instanceof AggregateError ? (error.errors as unknown[])[0] : error.cause;
    error = inner;
  }
  return { code, message };
}

function hostOf(endpoint: string): string {
  try {
    return new URL(endpoint).host;
  } catch {
    return endpoint;
  }
}

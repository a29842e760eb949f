import { EaselError, type ErrorCode } from '../errors';
import { isRecord } from '../json';
import { describeSeconds } from '../quantities';
import { oneLine } from '../shown-text';

/** An answer of an endpoint that is no success. */
export interface FailedAnswer {
  /** HTTP status. */
  readonly status: number;
  /** The body, parsed where it is JSON; at most its first part. */
  readonly body: unknown;
  /** Seconds that it asks to wait. */
  readonly retryAfterSeconds?: number | undefined;
  readonly endpoint: { readonly name: string; readonly host: string };
  readonly hasKey: boolean;
}

/** How services say that they do not draw what a prompt asks for. */
const REFUSED = /content[_ ]polic|moderation|safety|nsfw|flagged|sensitive/i;
/** How they say that the account cannot pay. */
const UNPAID = /insufficient_quota|billing|payment|credit/i;

/**
 * The error for an answer that is no success: what it means and what to do, with the words of the service.
 * Statuses are those of RFC 9110; the bodies those of OpenAI, FastAPI (A1111, vLLM), Replicate and Hugging Face.
 */
export function errorOfAnswer(answer: FailedAnswer): EaselError {
  const { status, endpoint, retryAfterSeconds } = answer;
  const said = wordsOf(answer.body);
  const [code, text] = explain(answer, said);
  const quote = said === '' ? '' : ` It says: ${oneLine(said, 400)}`;
  return new EaselError(code, `${text}${quote}`, {
    status,
    endpointName: endpoint.name,
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  });
}

/** The error for a job that was taken and not drawn. @param said the words of the service */
export function errorOfRefusal(said: string, endpoint: FailedAnswer['endpoint']): EaselError {
  const words = oneLine(said, 400);
  const { name, host } = endpoint;
  if (REFUSED.test(said)) {
    const text = `${host} refuses to draw this prompt. Change its words. It says: ${words}`;
    return new EaselError('content-refused', text, { endpointName: name });
  }
  const text = `${host} did not draw the image. It says: ${words}`;
  return new EaselError('endpoint-failed', text, { endpointName: name });
}

function explain(answer: FailedAnswer, said: string): readonly [ErrorCode, string] {
  const { status, hasKey, retryAfterSeconds } = answer;
  const { name, host } = answer.endpoint;
  if (REFUSED.test(said) && status >= 400 && status < 500 && status !== 401) {
    return ['content-refused', `${host} refuses to draw this prompt. Change its words.`];
  }
  if (status === 402 || (UNPAID.test(said) && [400, 403, 429].includes(status))) {
    return ['payment-required', `${host} asks for a payment or credits of your account there.`];
  }
  switch (status) {
    case 400:
    case 422:
      return ['bad-request', `${host} does not accept this request (${status}).`];
    case 401:
      return [
        'access-denied',
        hasKey
          ? `${host} does not accept the key of the endpoint ${name}. Set another one.`
          : `${host} asks for a key. Set one for the endpoint ${name}.`,
      ];
    case 403:
      return ['access-denied', `${host} does not allow this to your account or key (403).`];
    case 404:
      return [
        'model-not-found',
        `${host} does not know the model or the address (404). See: easel endpoints test ${name}`,
      ];
    case 408:
    case 504:
      return ['endpoint-failed', `${host} took too long (${status}). Try again, or ask for less.`];
    case 413:
      return [
        'bad-request',
        `${host} says that the request is too large (413). Take a smaller image.`,
      ];
    case 429: {
      const when =
        retryAfterSeconds === undefined ? 'later' : `in ${describeSeconds(retryAfterSeconds)}`;
      return ['rate-limited', `${host} has too many requests (429). Try again ${when}.`];
    }
    default:
      return status >= 500
        ? ['endpoint-failed', `${host} reports an error of its own (${status}). Try again later.`]
        : ['endpoint-failed', `${host} answers with the unexpected status ${status}.`];
  }
}

/** What a body says of the error, in the forms that services have; empty where it says nothing. */
function wordsOf(body: unknown): string {
  if (typeof body === 'string') return /<[a-z!/]/i.test(body) ? '' : body.trim();
  if (Array.isArray(body)) return body.map(wordsOf).filter(Boolean).join('; ');
  if (!isRecord(body)) return '';
  // FastAPI lists what is wrong with each field.
  if (typeof body.msg === 'string') {
    const where = Array.isArray(body.loc) ? `${body.loc.join('.')}: ` : '';
    return `${where}${body.msg}`;
  }
  // ComfyUI lists what is wrong with each node of a graph.
  const nodes = isRecord(body.node_errors) ? Object.values(body.node_errors) : [];
  const ofNodes = nodes.map((node) => wordsOf(isRecord(node) ? node.errors : '')).filter(Boolean);
  if (ofNodes.length > 0) return ofNodes.join('; ');
  if (typeof body.message === 'string' && typeof body.details === 'string') {
    return [body.message, body.details].filter(Boolean).join(': ');
  }
  for (const name of ['detail', 'error', 'errors', 'message', 'title']) {
    const words = wordsOf(body[name]);
    if (words !== '') {
      const code = isRecord(body[name]) ? body[name].code : undefined;
      return typeof code === 'string' && !words.includes(code) ? `${words} (${code})` : words;
    }
  }
  return '';
}

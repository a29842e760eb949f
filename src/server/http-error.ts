import { toEaselError } from '../core/errors';
import { HTTP_STATUS } from '../core/serve/http-status';

/** An error of the server itself, such as a missing token. */
export class HttpError extends Error {
  override readonly name = 'HttpError';

  constructor(
    readonly status: number,
    /** For programs. */
    readonly code: string,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

/** An error as it is answered. */
export interface AnsweredError {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  /** The field that is wrong; null where it is none. */
  readonly field: string | null;
  readonly headers: Readonly<Record<string, string>>;
  /** Whether the user of the server has to look for the reason in its log. */
  readonly isInternal: boolean;
}

/** Tells OpenAI's clients not to send the same request again. */
const NO_RETRY = { 'x-should-retry': 'false' } as const;

/** What any thrown value is over HTTP. */
export function answeredError(thrown: unknown): AnsweredError {
  if (thrown instanceof HttpError) {
    const { status, code, message, headers } = thrown;
    return { status, code, message, field: null, headers, isInternal: false };
  }
  const refused = frameworkError(thrown);
  if (refused) return refused;
  const error = toEaselError(thrown);
  const { status, retry } = HTTP_STATUS[error.code];
  const isInternal = error.code === 'internal';
  return {
    status,
    code: error.code,
    message: isInternal ? INTERNAL : error.message,
    field: typeof error.data.field === 'string' ? error.data.field : null,
    headers: retry ? {} : NO_RETRY,
    isInternal,
  };
}

/** What is unexpected can hold anything, such as paths of this machine. */
const INTERNAL = 'There was an error in Easel. The log of the server says more.';

/** An error of the HTTP framework in what was sent: it has a status of 400 to 499. */
function frameworkError(thrown: unknown): AnsweredError | undefined {
  if (!(thrown instanceof Error) || !('statusCode' in thrown)) return undefined;
  const { statusCode: status } = thrown;
  if (typeof status !== 'number' || status < 400 || status > 499) return undefined;
  const name = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : 'bad-request';
  return {
    status,
    code: name
      .replace(/^FST_(?:ERR_)?(?:CTP_)?/, '')
      .toLowerCase()
      .replaceAll('_', '-'),
    message: thrown.message,
    field: null,
    headers: {},
    isInternal: false,
  };
}

/** The body of an error in OpenAI's API. */
export function openAiError({ status, code, message, field }: AnsweredError) {
  return { error: { message, type: openAiType(status), param: field, code } };
}

function openAiType(status: number): string {
  if (status === 429) return 'rate_limit_error';
  if (status === 401) return 'authentication_error';
  return status >= 500 ? 'server_error' : 'invalid_request_error';
}

/** The body of an error in AUTOMATIC1111's API. */
export function a1111Error({ code, message }: AnsweredError) {
  return { error: code, detail: message, body: '', errors: message };
}

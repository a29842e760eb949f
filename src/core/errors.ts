import { describeSystemError, systemErrorCode } from './system-error';

/**
 * The codes of all errors that a user can see. User interfaces can translate an error by its code. The message
 * says what to do next.
 */
export const ERROR_CODES = [
  'bad-request', // a request field is missing, has the wrong type, or is outside of its limits
  'prompt-too-long',
  'bad-size', // this model cannot use the width or height
  'background-not-flat', // the background has no single colour, so it cannot be made transparent
  'not-enough-memory',
  'unknown-scheduler',
  'unsupported-scheduler', // the model's own scheduler; the request can name another one
  'unsupported-config', // a field or value in a model's config
  'unsupported-model', // a model class or layout
  'model-not-found',
  'model-incomplete', // a component, file or weight is missing
  'unsafe-file', // a file that could execute code, such as a pickle
  'bad-file', // a damaged or malicious file
  'unsupported-precision', // the device, the model or this processor cannot compute so
  'device-unavailable',
  'device-failed', // an available device failed while it ran
  'not-finite', // a network or the scheduler gave NaN or infinity, so there is no image
  'write-failed',
  'disk-full',
  'unsupported-platform', // there is no ONNX Runtime for this system, so no model can be computed
  'system-limit', // the operating system allows no more open files or processes
  'offline', // the network is needed, but HF_HUB_OFFLINE is set
  'no-network', // the hub cannot be reached
  'access-denied', // the hub requires a token, or the owner's permission
  'rate-limited', // the hub asks to wait longer than Easel waits
  'hub-failed', // the hub returned a server error or an unexpected response
  'endpoint-not-found', // no endpoint has this name
  'endpoint-failed', // an endpoint returned a server error or an unexpected answer, or took too long
  'not-supported', // an endpoint cannot do what a field of the request asks for
  'consent-required', // the user has not agreed yet that an endpoint on another machine is used
  'content-refused', // a service does not draw what the prompt asks for
  'payment-required', // a service asks for a payment
  'keyring-failed', // the system's keyring, with the key of an endpoint, cannot be used
  'engine-crashed',
  'cancelled',
  'internal',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** An error with a code for programs and a message for the user. `data` must be JSON: it is sent between processes. */
export class EaselError extends Error {
  override readonly name = 'EaselError';

  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly data: Readonly<Record<string, unknown>> = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The error of cancelled work. User interfaces do not show it. */
export function cancelled(): EaselError {
  return new EaselError('cancelled', 'Cancelled.');
}

/** Errors of the operating system that say what to do, wherever they come from. */
const SYSTEM_CODES: Readonly<Partial<Record<string, ErrorCode>>> = {
  EDQUOT: 'disk-full',
  EMFILE: 'system-limit',
  ENFILE: 'system-limit',
  ENOMEM: 'not-enough-memory',
  ENOSPC: 'disk-full',
};

/** Also for an error of another bundle, which has a class of its own of that name. */
function isEaselError(thrown: unknown): thrown is EaselError {
  if (thrown instanceof EaselError) return true;
  if (!(thrown instanceof Error) || thrown.name !== 'EaselError') return false;
  return 'code' in thrown && ERROR_CODES.some((code) => code === thrown.code);
}

/** Converts any thrown value to an EaselError. Unknown errors become `internal`, with the original as cause. */
export function toEaselError(thrown: unknown): EaselError {
  if (isEaselError(thrown)) return thrown;
  const code = systemErrorCode(thrown);
  const known = code === undefined ? undefined : SYSTEM_CODES[code];
  if (known) {
    const reason = describeSystemError(thrown);
    const text = `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`;
    return new EaselError(known, text, { code }, { cause: thrown });
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new EaselError('internal', message, {}, { cause: thrown });
}

/**
 * Every failure a person can meet, by name. Fronts may translate by code; the message says what to do
 * next and never needs the stack.
 */
export const ERROR_CODES = [
  'bad-request', // a request field is missing, of the wrong kind, or out of its limits
  'prompt-too-long',
  'bad-size', // width or height not usable by this model
  'background-not-flat', // there is no one colour around the subject that could be taken away
  'not-enough-memory',
  'unknown-scheduler',
  'unsupported-config', // a model's config asks for something that is not understood
  'unsupported-model', // a model class or layout that is not read
  'model-not-found',
  'model-incomplete', // a component, file or weight is missing
  'unsafe-file', // a file that could execute code, such as a pickle
  'bad-file', // a damaged or hostile file
  'device-unavailable',
  'device-failed', // a device that was found failed while it ran
  'write-failed',
  'disk-full',
  'offline', // the network is needed, and HF_HUB_OFFLINE forbids it
  'no-network', // the hub cannot be reached
  'access-denied', // the hub wants a token, or its owner's consent
  'rate-limited', // the hub asks for a pause longer than is waited
  'hub-failed', // the hub answers with an error of its own, or with what it should not
  'engine-crashed',
  'cancelled',
  'internal',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** A failure with a code for programs and a message for people. `data` survives a process boundary. */
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

/** The error that ends cancelled work; fronts stay silent about it. */
export function cancelled(): EaselError {
  return new EaselError('cancelled', 'Cancelled.');
}

/** Makes an EaselError of whatever was thrown; what is unknown becomes `internal` and keeps its cause. */
export function toEaselError(thrown: unknown): EaselError {
  if (thrown instanceof EaselError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new EaselError('internal', message, {}, { cause: thrown });
}

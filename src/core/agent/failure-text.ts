import type { EaselError, ErrorCode } from '../errors';
import { oneLine } from '../shown-text';

/** What a model can do about each error. */
const ADVICE: Readonly<Record<ErrorCode, string>> = {
  'bad-request': 'Correct that field and call again.',
  'prompt-too-long': 'Shorten it to a sentence and call again.',
  'bad-size': 'Leave width and height out, or ask for another size.',
  'background-not-flat': 'Call again with another seed, or without transparent.',
  'not-enough-memory': 'Ask for a smaller size, or name a smaller model from list_image_models.',
  'unknown-scheduler': 'Tell the user, who can change the setting.',
  'unsupported-scheduler':
    'Name another model from list_image_models, or tell the user, who can set easel.scheduler.',
  'unsupported-config': 'Name another model from list_image_models.',
  'unsupported-model': 'Name another model from list_image_models.',
  'model-not-found':
    'Call list_image_models and name one of its ids, or leave model out. Only the user can download others.',
  'model-incomplete': 'Name another model from list_image_models; the user can download it again.',
  'unsafe-file': 'Name another model from list_image_models.',
  'bad-file': 'Name another model from list_image_models.',
  'unsupported-precision': 'Call again with precision "full".',
  'device-unavailable': 'Tell the user to choose another device.',
  'device-failed': 'Call once more; if it fails again, tell the user to choose another device.',
  'not-finite': 'Name another model from list_image_models; the user can check its files.',
  'write-failed': 'Choose another path inside the workspace and call again.',
  'disk-full': 'Tell the user to free some disk space.',
  'unsupported-platform':
    'Ask for a sign, a person, letters or a pattern instead, which need no model, or tell the user.',
  'system-limit': 'Tell the user to close other programs.',
  offline: 'Tell the user. Models that are on this machine do not need the network.',
  'no-network': 'Tell the user. Models that are on this machine do not need the network.',
  'access-denied': 'Tell the user, and name another model from list_image_models.',
  'rate-limited': 'Wait, or name another model from list_image_models.',
  'hub-failed': 'Name another model from list_image_models.',
  'endpoint-not-found': 'Name a model from list_image_models, or leave model out.',
  'endpoint-failed':
    'Call once more; if it fails again, name another model from list_image_models.',
  'not-supported': 'Leave that out, or name another model from list_image_models.',
  'consent-required':
    'Tell the user, who has to agree first that this endpoint is used; or name another model.',
  'content-refused': 'Change the words of the prompt, or name another model.',
  'payment-required': 'Tell the user, or name another model from list_image_models.',
  'keyring-failed': 'Tell the user, or name another model from list_image_models.',
  'engine-crashed': 'Call once more; if it fails again, ask for a smaller size or another model.',
  cancelled: 'Do not call again unless the user asks.',
  internal: 'Call once more; if it fails again, tell the user.',
};

/** What it can do where the file is not the model's, but an image that the call named. */
const IMAGE_ADVICE = 'Name another image, or tell the user.';

/** The text of an error for a model, in one line: the code, what went wrong, what to do. */
export function failureText({ code, message, data }: EaselError): string {
  const isImage = code === 'bad-file' && data.image !== undefined;
  return `${code}: ${oneLine(message)} ${isImage ? IMAGE_ADVICE : ADVICE[code]}`;
}

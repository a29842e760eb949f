import type { EaselError, ErrorCode } from '../errors';

/** What a model can do about a failure; where nothing is said, only the person can help. */
const ADVICE: Readonly<Record<ErrorCode, string>> = {
  'bad-request': 'Correct that field and call again.',
  'prompt-too-long': 'Shorten it to a sentence and call again.',
  'bad-size': 'Leave width and height out, or ask for another size.',
  'background-not-flat': 'Call again with another seed, or without transparent.',
  'not-enough-memory': 'Ask for a smaller size, or name a smaller model from list_image_models.',
  'unknown-scheduler': 'Tell the person; the setting is theirs.',
  'unsupported-config': 'Name another model from list_image_models.',
  'unsupported-model': 'Name another model from list_image_models.',
  'model-not-found':
    'Call list_image_models and name one of its ids, or leave model out. Only the person can download others.',
  'model-incomplete':
    'Name another model from list_image_models; the person can download it again.',
  'unsafe-file': 'Name another model from list_image_models.',
  'bad-file': 'Name another model from list_image_models.',
  'device-unavailable': 'Tell the person to choose another device.',
  'device-failed': 'Call once more; if it fails again, tell the person to choose another device.',
  'write-failed': 'Choose another path inside the workspace and call again.',
  'disk-full': 'Tell the person to free some disk space.',
  offline:
    'Tell the person; the network is not needed to draw with a model that is on this machine.',
  'no-network':
    'Tell the person; the network is not needed to draw with a model that is on this machine.',
  'access-denied': 'Tell the person; name another model from list_image_models.',
  'rate-limited': 'Wait, or name another model from list_image_models.',
  'hub-failed': 'Name another model from list_image_models.',
  'engine-crashed': 'Call once more; if it fails again, ask for a smaller size or another model.',
  cancelled: 'Do not call again unless the person asks.',
  internal: 'Call once more; if it fails again, tell the person.',
};

/** A failure in words that a model can act on: the code, what went wrong, what to do. */
export function failureText({ code, message }: EaselError): string {
  return `${code}: ${message} ${ADVICE[code]}`;
}

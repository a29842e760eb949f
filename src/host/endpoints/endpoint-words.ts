import * as vscode from 'vscode';
import { PROTOCOL_LABELS, type ProtocolName } from '../../core/endpoints/endpoint';
import type { EaselError, ErrorCode } from '../../core/errors';
import { describeDuration } from '../durations';

/** A kind of server as users know it; two of the names are words. */
export function protocolLabel(protocol: ProtocolName): string {
  const { t } = vscode.l10n;
  switch (protocol) {
    case 'openai':
      return t('OpenAI images API');
    case 'template':
      return t('request template');
    default:
      return PROTOCOL_LABELS[protocol];
  }
}

/** The error of an endpoint in the editor's words; undefined for an error of this machine. */
export function endpointFailure(error: EaselError): string | undefined {
  const name = error.data.endpointName;
  if (typeof name !== 'string') return undefined;
  const message = inEditor(error.message);
  if (vscode.l10n.bundle === undefined) return message;
  const headline = headlineOf(error.code, name, error.data.retryAfterSeconds);
  return vscode.l10n.t('{0} Details: {1}', headline, message);
}

/** Without what is to be typed in a terminal: buttons do it here. */
function inEditor(message: string): string {
  return message
    .replace(/ (?:See|To agree, once|Remove it first): easel endpoints \w+ [\w-]+\.?/g, '')
    .replace(/ Other servers need --protocol[^.]*\./, '')
    .replace(/ or set --\S+/g, '')
    .replace(/: --model (\S+)/, ': $1');
}

function headlineOf(code: ErrorCode, name: string, wait: unknown): string {
  const { t } = vscode.l10n;
  switch (code) {
    case 'no-network':
      return t('The endpoint {0} cannot be reached.', name);
    case 'access-denied':
      return t('The endpoint {0} wants a key, or does not accept the one it has.', name);
    case 'rate-limited':
      return typeof wait === 'number'
        ? t(
            'The endpoint {0} has too many requests. Try again in {1}.',
            name,
            describeDuration(wait),
          )
        : t('The endpoint {0} has too many requests. Try again later.', name);
    case 'content-refused':
      return t('The endpoint {0} refuses to draw this prompt.', name);
    case 'payment-required':
      return t('The endpoint {0} asks for a payment.', name);
    case 'model-not-found':
      return t('The endpoint {0} does not have this model.', name);
    case 'bad-request':
    case 'not-supported':
      return t('The endpoint {0} does not take this request.', name);
    default:
      return t('The endpoint {0} could not draw the image.', name);
  }
}

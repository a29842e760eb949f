import { hostOf, type Endpoint } from '../../core/endpoints/endpoint';
import { EaselError } from '../../core/errors';
import { oneLine } from '../../core/shown-text';
import type { EndpointAccess } from '../../client/routed-engine';
import { confirm } from '../confirm';
import { keyFromEnvironment } from './key-variable';
import { readKey } from './keyring';

/** The key of an endpoint: of the environment, else of the system's keyring if one is kept there. */
export async function keyOf(endpoint: Endpoint): Promise<string | undefined> {
  const key = keyFromEnvironment(endpoint);
  // Others do not open the keyring, which may ask its user for a password.
  if (key !== undefined || endpoint.hasKeptKey !== true) return key;
  return readKey(endpoint);
}

/** What is asked before prompts and images leave the machine. */
export function consentQuestion(endpoint: Pick<Endpoint, 'name' | 'url'>): string {
  const host = oneLine(hostOf(endpoint), 200);
  return `What is drawn at ${endpoint.name} is sent to ${host}, prompts and images. Do you agree?`;
}

export const terminalAccess: EndpointAccess = {
  key: keyOf,
  askConsent: async (endpoint) => {
    if (process.stdin.isTTY) return confirm(consentQuestion(endpoint));
    throw new EaselError(
      'consent-required',
      `The endpoint ${endpoint.name} sends prompts and images to ${oneLine(hostOf(endpoint), 200)}. ` +
        `To agree, once: easel endpoints agree ${endpoint.name}`,
      { endpointName: endpoint.name },
    );
  },
};

import { hostOf, type Endpoint, type ProtocolName } from '../../core/endpoints/endpoint';
import { EaselError } from '../../core/errors';
import { oneLine } from '../../core/shown-text';
import type { EndpointAccess } from '../../client/routed-engine';
import { confirm } from '../confirm';

/** The variables that people have set for these services. */
const SERVICE_VARIABLES: Readonly<Partial<Record<ProtocolName, readonly string[]>>> = {
  huggingface: ['HF_TOKEN'],
  replicate: ['REPLICATE_API_TOKEN'],
};
const OPENAI_HOST = 'api.openai.com';

/** The key of an endpoint: of its own variable, else of that of the service. */
export function keyFromEnvironment(
  { name, protocol, url }: Pick<Endpoint, 'name' | 'url'> & { readonly protocol: string },
  env: NodeJS.ProcessEnv = process.env,
): string | undefined {
  const variables = [
    keyVariable(name),
    ...(hostOf({ url }) === OPENAI_HOST ? ['OPENAI_API_KEY'] : []),
    ...(SERVICE_VARIABLES[protocol as ProtocolName] ?? []),
  ];
  return variables.map((variable) => env[variable]?.trim()).find(Boolean);
}

/** The variable of an endpoint's key. */
export function keyVariable(name: string): string {
  return `EASEL_KEY_${name.toUpperCase().replace(/-/g, '_')}`;
}

/** What is asked before prompts and images leave the machine. */
export function consentQuestion(endpoint: Pick<Endpoint, 'name' | 'url'>): string {
  const host = oneLine(hostOf(endpoint), 200);
  return `What is drawn at ${endpoint.name} is sent to ${host}, prompts and images. Do you agree?`;
}

export const terminalAccess: EndpointAccess = {
  key: (endpoint) => Promise.resolve(keyFromEnvironment(endpoint)),
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

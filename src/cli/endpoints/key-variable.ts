import { hostOf, type Endpoint, type ProtocolName } from '../../core/endpoints/endpoint';

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

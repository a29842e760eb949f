import * as v from 'valibot';
import { checkInput } from '../check-input';
import { EaselError } from '../errors';
import { oneLine } from '../shown-text';
import { isLoopbackHost } from '../loopback';
import { placesIn, TemplateSchema } from './template';

/** How an endpoint is spoken to. `auto`, of the command line, asks the server. */
export const PROTOCOLS = [
  'openai',
  'a1111',
  'sdcpp',
  'comfyui',
  'huggingface',
  'replicate',
  'template',
] as const;
export type ProtocolName = (typeof PROTOCOLS)[number];

/** The protocols for people. */
export const PROTOCOL_LABELS: Readonly<Record<ProtocolName, string>> = {
  openai: 'OpenAI images API',
  a1111: 'AUTOMATIC1111 API',
  sdcpp: 'stable-diffusion.cpp server',
  comfyui: 'ComfyUI',
  huggingface: 'Hugging Face Inference Providers',
  replicate: 'Replicate',
  template: 'request template',
};

/** Branches that many repositories have: `model@main` must go on to mean the branch. */
const BRANCHES = ['main', 'master', 'fp16', 'onnx', 'bf16'];

const EndpointNameSchema = v.pipe(
  v.string(),
  v.regex(
    /^[a-z0-9][a-z0-9-]{0,39}$/,
    'must have 1 to 40 small letters, digits and hyphens, such as work-gpu',
  ),
  v.check((name) => !BRANCHES.includes(name), 'is the name of a branch of models: take another'),
);

/** The scheme, the host and the port of an address; names, IPv4 and IPv6, and no user before them. */
const ADDRESS = /^https?:\/\/(\[[\da-f:.]+\]|[\p{L}\p{N}._-]+)(:\d{1,5})?(?:[/?#][^\s\\]*)?$/iu;

const AddressSchema = v.pipe(
  v.string(),
  v.maxLength(2000),
  v.regex(
    ADDRESS,
    'must be an address that begins with http:// or https://, without a user or password in it',
  ),
);

/** A server, on this machine or another one, that draws. */
export const EndpointSchema = v.strictObject({
  name: EndpointNameSchema,
  url: AddressSchema,
  protocol: v.picklist(PROTOCOLS),
  /** Drawn with where a request names none. Absent: the server's own. */
  model: v.optional(v.pipe(v.string(), v.nonEmpty(), v.maxLength(300))),
  /** Of Hugging Face: the company that computes. Absent: chosen there. */
  provider: v.optional(v.pipe(v.string(), v.nonEmpty(), v.maxLength(100))),
  /** Of `template`: what is sent, and where the image is in the answer. */
  template: v.optional(TemplateSchema),
  /** Of `comfyui`: a graph in its API format with places such as `{{prompt}}`. Absent: Easel's own. */
  graph: v.optional(v.record(v.string(), v.unknown())),
  /** Whether the system's keyring has its key, for the command line. */
  hasKeptKey: v.optional(v.boolean()),
  /** The host that the user has agreed to send prompts and images to. */
  agreedHost: v.optional(v.string()),
});
export type Endpoint = v.InferOutput<typeof EndpointSchema>;

/**
 * Checks an endpoint.
 * @throws EaselError `bad-request` naming the field
 */
export function parseEndpoint(input: unknown): Endpoint {
  const endpoint = checkInput(EndpointSchema, input, 'endpoint');
  if (endpoint.protocol === 'template' && !endpoint.template) {
    throw new EaselError(
      'bad-request',
      'An endpoint of the protocol template needs a file that says what to send: --template FILE.',
      { field: 'template' },
    );
  }
  // The places that there are not, before anything is drawn.
  placesIn([endpoint.template, endpoint.graph]);
  return endpoint;
}

/** The host and port of an endpoint, as people are asked to agree to it. */
export function hostOf({ url }: Pick<Endpoint, 'url'>): string {
  const [, host = '', port = ''] = ADDRESS.exec(url) ?? [];
  return `${host}${port}`.toLowerCase();
}

/** Whether an endpoint is on this machine, so that nothing leaves it. */
export function isLoopback(endpoint: Pick<Endpoint, 'url'>): boolean {
  return isLoopbackHost(hostOf(endpoint).replace(/:\d+$/, ''));
}

/** Whether prompts may be sent to an endpoint: it is on this machine, or the user has agreed to its host. */
export function mayUse(endpoint: Pick<Endpoint, 'url' | 'agreedHost'>): boolean {
  return isLoopback(endpoint) || endpoint.agreedHost === hostOf(endpoint);
}

/** A model of an endpoint, as a request names it. */
export interface EndpointModel {
  readonly endpoint: string;
  /** Empty: the endpoint's own. */
  readonly model: string;
}

/**
 * Reads `MODEL@ENDPOINT`, as `--model` and the list of models write a model of an endpoint; without a model, it is
 * the endpoint's own. A revision of a repository has the same form: who calls this checks whether there is such an
 * endpoint.
 * @returns undefined for a model of this machine
 */
export function splitEndpointModel(model: string): EndpointModel | undefined {
  const at = model.lastIndexOf('@');
  if (at < 0) return undefined;
  const endpoint = model.slice(at + 1);
  if (!v.is(EndpointNameSchema, endpoint)) return undefined;
  return { endpoint, model: model.slice(0, at) };
}

/**
 * The models of an endpoint that can be chosen, as `MODEL@ENDPOINT`; never none.
 * @param told what its server lists; empty before it has answered, and where it lists nothing
 */
export function endpointModels(
  { name, model = '' }: Pick<Endpoint, 'name' | 'model'>,
  told: readonly string[],
): string[] {
  const own = model === '' || told.includes(model) ? [] : [model];
  const all = [...own, ...told];
  return (all.length > 0 ? all : [model]).map((one) => `${one}@${name}`);
}

/**
 * The endpoint of a name.
 * @throws EaselError `endpoint-not-found`, listing the names that there are
 */
export function findEndpoint(endpoints: readonly Endpoint[], name: string): Endpoint {
  const found = endpoints.find((endpoint) => endpoint.name === name);
  if (found) return found;
  const others =
    endpoints.length === 0
      ? 'There is none yet: easel endpoints add NAME URL.'
      : `There are ${endpoints.map((endpoint) => endpoint.name).join(', ')}.`;
  throw new EaselError(
    'endpoint-not-found',
    `There is no endpoint "${oneLine(name, 100)}". ${others}`,
    { name },
  );
}

import OpenAI, { APIError, APIUserAbortError, toFile } from 'openai';
import type { ImageEditParams, ImageGenerateParams, ImagesResponse } from 'openai/resources/images';
import type { EndpointAbilities } from '../../core/endpoints/abilities';
import { cancelled, EaselError, type EaselError as Failure } from '../../core/errors';
import type { Size } from '../../core/image/resize';
import { isRecord, type JsonObject } from '../../core/json';
import type { FieldName } from '../../core/request/fields';
import type { EndpointReport } from '../../protocol/endpoints';
import { retryAfterSeconds } from '../store/hub/hub-errors';
import { transparentWhere } from '../images/mask';
import { DRAWING_MS, type EndpointConnection } from './connection';
import { imageOf } from './answers';
import type { EndpointProtocol, RemoteDrawing, RemoteJob, RemoteRequest } from './protocol';

/** Names of request fields that servers have added to OpenAI's body, as vLLM-Omni and SGLang write them. */
const ADDED_FIELDS = {
  negativePrompt: 'negative_prompt',
  seed: 'seed',
  steps: 'num_inference_steps',
  guidanceScale: 'guidance_scale',
  strength: 'strength',
} as const satisfies Partial<Record<FieldName, string>>;
type AddedField = keyof typeof ADDED_FIELDS;

/** Images of unfinished steps that are asked for; OpenAI gives three at most. */
const PARTIAL_IMAGES = 3;

const SQUARE = { width: 1024, height: 1024 };
/** The sizes of OpenAI's models, by the beginning of their names. */
const SIZES: readonly (readonly [RegExp, readonly Size[]])[] = [
  [/^dall-e-2/, [{ width: 256, height: 256 }, { width: 512, height: 512 }, SQUARE]],
  [/^dall-e-3/, [SQUARE, { width: 1792, height: 1024 }, { width: 1024, height: 1792 }]],
  [/^(chat)?gpt-/, [SQUARE, { width: 1536, height: 1024 }, { width: 1024, height: 1536 }]],
];

const OFFICIAL: EndpointAbilities = {
  fields: ['width', 'height', 'numImages', 'initImage', 'mask'],
  progress: false,
  previews: false,
  // Only the connection can be closed. What the server does then is not known.
  cancels: false,
};

/** OpenAI's images API (platform.openai.com/docs/api-reference/images), which many servers speak. */
export const openai: EndpointProtocol = {
  name: 'openai',
  abilities: OFFICIAL,
  usualPixels: 1024 * 1024,

  async speaks(connection, signal) {
    const listed = await connection.json(`${versionPath(connection)}/models`, { signal });
    return isRecord(listed) && Array.isArray(listed.data);
  },

  async report(connection, signal, asked): Promise<EndpointReport> {
    const listed = await connection.json(`${versionPath(connection)}/models`, { signal });
    const data: unknown[] = isRecord(listed) && Array.isArray(listed.data) ? listed.data : [];
    const ids = data.flatMap((one) => (isRecord(one) && typeof one.id === 'string' ? one.id : []));
    // OpenAI lists every kind of model.
    const models = isOfficial(connection) ? ids.filter((id) => /image|dall-e/.test(id)) : ids;
    return { models, abilities: await abilitiesOf(connection, signal, asked) };
  },

  async draw(connection, job): Promise<RemoteDrawing> {
    const { request, abilities, signal } = job;
    const client = new OpenAI({
      apiKey: connection.key ?? 'none',
      baseURL: `${connection.base}${versionPath(connection)}`,
      // A second request may draw, and cost, a second time.
      maxRetries: 0,
      timeout: DRAWING_MS,
      fetch: connection.libraryFetch,
      defaultHeaders: connection.key === undefined ? { authorization: null } : {},
    });
    const streams = abilities.previews && request.preview && request.numImages === 1;
    const body = {
      ...bodyOf(request, abilities),
      ...(streams && { stream: true as const, partial_images: PARTIAL_IMAGES }),
    };
    try {
      const answer = request.initImage
        ? await client.images.edit(await editBody(request, request.initImage, body), { signal })
        : await client.images.generate(body as ImageGenerateParams, { signal });
      const response = streams
        ? await readStream(answer as AsyncIterable<unknown>, connection, job)
        : (answer as ImagesResponse);
      return await take(response, connection, job);
    } catch (thrown) {
      throw failureOf(thrown, connection, signal);
    }
  },
};

/** The path of the API below an address, which may end with it. */
function versionPath({ base }: EndpointConnection): string {
  return /\/v\d+(?:[a-z]\w*)?$/.test(base) ? '' : '/v1';
}

function isOfficial({ host }: EndpointConnection): boolean {
  return host === 'api.openai.com' || host.endsWith('.openai.azure.com');
}

/** What a server can do: OpenAI's fields, and those that its own description of the interface names. */
async function abilitiesOf(
  connection: EndpointConnection,
  signal: AbortSignal,
  model = connection.endpoint.model ?? '',
): Promise<EndpointAbilities> {
  // Gateways have these models by the same names.
  const [, sizes] = SIZES.find(([names]) => names.test(model)) ?? [];
  const official = { ...OFFICIAL, ...(sizes && { sizes }) };
  if (isOfficial(connection)) return { ...official, previews: true };
  const named = await describedFields(connection, signal).catch(() => new Set<string>());
  const added = (Object.keys(ADDED_FIELDS) as AddedField[]).filter((field) =>
    named.has(ADDED_FIELDS[field]),
  );
  return {
    ...official,
    fields: [...OFFICIAL.fields, ...added],
    previews: named.has('partial_images'),
  };
}

/** The fields of the body of `/v1/images/generations` in the server's OpenAPI description; none without one. */
async function describedFields(
  connection: EndpointConnection,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const root = new URL(connection.base).origin;
  const described = await connection.json(`${root}/openapi.json`, { signal });
  const paths = at(described, 'paths');
  const path = Object.keys(paths ?? {}).find((one) => one.endsWith('/images/generations'));
  const content = at(
    paths,
    path ?? '',
    'post',
    'requestBody',
    'content',
    'application/json',
    'schema',
  );
  const name = typeof content?.$ref === 'string' ? content.$ref.split('/').at(-1) : undefined;
  const schema = name === undefined ? content : at(described, 'components', 'schemas', name);
  return new Set(Object.keys(at(schema, 'properties') ?? {}));
}

function at(json: unknown, ...keys: readonly string[]): JsonObject | undefined {
  const found = keys.reduce<unknown>(
    (value, key) => (isRecord(value) ? value[key] : undefined),
    json,
  );
  return isRecord(found) ? found : undefined;
}

/** The part of the body that both routes have. */
function bodyOf(request: RemoteRequest, { fields }: EndpointAbilities): Record<string, unknown> {
  const { model, width, height, numImages } = request;
  const added = (Object.keys(ADDED_FIELDS) as AddedField[]).flatMap((field) => {
    const value = request[field];
    const isGiven = value !== undefined && value !== '' && fields.includes(field);
    return isGiven ? [[ADDED_FIELDS[field], value] as const] : [];
  });
  return {
    prompt: request.prompt,
    ...(model !== undefined && { model }),
    ...(width !== undefined && height !== undefined && { size: `${width}x${height}` }),
    ...(numImages > 1 && { n: numImages }),
    ...(request.transparent && { background: 'transparent', output_format: 'png' }),
    ...Object.fromEntries(added),
  };
}

async function editBody(
  { mask }: RemoteRequest,
  image: Uint8Array,
  body: Record<string, unknown>,
): Promise<ImageEditParams> {
  const type = 'image/png';
  return {
    ...body,
    image: await toFile(image, 'image.png', { type }),
    // Transparent there is where to draw; white here.
    ...(mask && { mask: await toFile(await transparentWhere(mask), 'mask.png', { type }) }),
  } as ImageEditParams;
}

/** Shows the images of a stream, and gives the last one as the answer. */
async function readStream(
  stream: AsyncIterable<unknown>,
  connection: EndpointConnection,
  { step }: RemoteJob,
): Promise<ImagesResponse> {
  for await (const event of stream) {
    if (!isRecord(event)) continue;
    const type = String(event.type);
    if (type.endsWith('.partial_image')) {
      const nth = typeof event.partial_image_index === 'number' ? event.partial_image_index : 0;
      step({
        index: nth + 1,
        total: PARTIAL_IMAGES + 1,
        image: 0,
        preview: imageOf(event.b64_json, connection),
      });
    }
    if (type.endsWith('.completed')) {
      const { b64_json, usage } = event as unknown as { b64_json: string } & Pick<
        ImagesResponse,
        'usage'
      >;
      return { created: 0, data: [{ b64_json }], ...(usage && { usage }) };
    }
  }
  throw connection.unexpected('a stream without an image');
}

async function take(
  { data = [], usage }: ImagesResponse,
  connection: EndpointConnection,
  job: RemoteJob,
): Promise<RemoteDrawing> {
  if (data.length === 0) throw connection.unexpected('an answer without images');
  for (const { b64_json, url } of data) {
    const file = b64_json ? imageOf(b64_json, connection) : await connection.image(url, job.signal);
    await job.image({ file });
  }
  return usage?.total_tokens ? { cost: `${usage.total_tokens} tokens` } : {};
}

function failureOf(thrown: unknown, connection: EndpointConnection, signal: AbortSignal): Failure {
  if (thrown instanceof EaselError) return thrown;
  if (signal.aborted || thrown instanceof APIUserAbortError) return cancelled();
  if (thrown instanceof APIError && typeof thrown.status === 'number') {
    const { status, error, headers } = thrown as APIError & { status: number };
    const wait = headers ? retryAfterSeconds(headers) : undefined;
    return connection.errorOfStatus(status, JSON.stringify(error ?? thrown.message), wait);
  }
  return connection.failed(thrown, signal);
}

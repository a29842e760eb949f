import Replicate, { type ApiError, type Prediction } from 'replicate';
import { nearestRatio, sizesOfRatios } from '../../core/endpoints/fixed-sizes';
import {
  INPUT_FIELDS,
  modelInputs,
  type InputField,
  type ModelInputs,
} from '../../core/endpoints/input-names';
import { EaselError } from '../../core/errors';
import { describeSeconds } from '../../core/quantities';
import { oneLine } from '../../core/shown-text';
import type { EndpointReport } from '../../protocol/endpoints';
import { retryAfterSeconds } from '../store/hub/hub-errors';
import { base64, readNumber, readTexts } from './answers';
import type { EndpointConnection } from './connection';
import { pollJob } from './poll-job';
import type { EndpointProtocol, RemoteDrawing, RemoteRequest } from './protocol';
import { whileDrawing } from './while-drawing';

/** Milliseconds between two questions how a prediction is. */
const POLL_MS = 700;

/** Replicate (replicate.com/docs/reference/http): each model has inputs of its own, which it describes. */
export const replicate: EndpointProtocol = {
  name: 'replicate',
  abilities: {
    fields: [
      ...(['negativePrompt', 'seed', 'steps', 'guidanceScale', 'width', 'height'] as const),
      ...(['scheduler', 'numImages', 'initImage', 'strength', 'mask'] as const),
    ],
    progress: false,
    previews: false,
    cancels: true,
  },
  usualPixels: 1024 * 1024,

  async report(connection, signal, asked): Promise<EndpointReport> {
    const model = asked ?? connection.endpoint.model;
    if (model === undefined) return { models: [], abilities: replicate.abilities };
    const { inputs } = await described(model, connection, signal);
    const { abilities, usualPixels } = replicate;
    const sizes = sizesOfRatios(ratiosOf(inputs), usualPixels);
    const fields = abilities.fields.filter(
      (field) => inputs.has(field as InputField) || (sizes.length > 0 && isSide(field)),
    );
    return {
      models: [model],
      abilities: { ...abilities, fields, ...(sizes.length > 0 && { sizes }) },
    };
  },

  async draw(connection, job): Promise<RemoteDrawing> {
    const { request, signal } = job;
    const { model } = request;
    if (model === undefined) {
      throw new EaselError(
        'bad-request',
        `Name a model of replicate.com: --model owner/name@${connection.endpoint.name}`,
        { field: 'model' },
      );
    }
    const client = clientOf(connection);
    const { inputs, version } = await described(model, connection, signal);
    const input = inputOf(request, inputs, model);
    const ask = <T>(asked: Promise<T>) =>
      asked.catch(async (thrown: unknown) => {
        throw await failureOf(thrown, connection, signal);
      });
    const started = await ask(
      client.predictions.create({
        input,
        ...(version === undefined ? { model } : { version }),
        signal,
      }),
    );
    const get = async () => {
      const prediction = await ask(client.predictions.get(started.id, { signal }));
      return isOpen(prediction) ? undefined : prediction;
    };
    const waiting = isOpen(started) ? pollJob(get, job, POLL_MS) : Promise.resolve(started);
    const ended = await whileDrawing(waiting, {
      signal,
      cancel: async (late) => {
        await client.predictions.cancel(started.id, { signal: late });
      },
    });
    if (ended.status !== 'succeeded') {
      const said = typeof ended.error === 'string' ? ended.error : ended.status;
      throw connection.refused(said);
    }
    const output: unknown = ended.output;
    const files = typeof output === 'string' ? [output] : readTexts(output);
    if (files.length === 0) throw connection.unexpected('a prediction without an image');
    for (const [at, url] of files.entries()) {
      const file = await connection.image(url, signal);
      const { seed } = request;
      await job.image({ file, ...(seed !== undefined && { seed: seed + at }) });
    }
    const computedSeconds = readNumber(ended.metrics?.predict_time);
    return {
      model,
      ...(computedSeconds !== undefined && {
        computedSeconds,
        cost: `${describeSeconds(Math.ceil(computedSeconds))} of computing`,
      }),
    };
  },
};

/** The ratios that a model takes instead of a width and a height. */
function ratiosOf(inputs: ModelInputs): readonly unknown[] {
  if (inputs.has('width') && inputs.has('height')) return [];
  return inputs.get('aspectRatio')?.values ?? [];
}

function isSide(field: string): boolean {
  return field === 'width' || field === 'height';
}

function isOpen({ status }: Prediction): boolean {
  return status === 'starting' || status === 'processing';
}

function clientOf(connection: EndpointConnection): Replicate {
  return new Replicate({
    ...(connection.key !== undefined && { auth: connection.key }),
    baseUrl: `${connection.base}${/\/v\d+$/.test(connection.base) ? '' : '/v1'}`,
    fetch: connection.libraryFetch,
    useFileOutput: false,
  });
}

interface DescribedModel {
  readonly inputs: ModelInputs;
  /** Absent for the models that Replicate runs by name. */
  readonly version: string | undefined;
}

function described(
  name: string,
  connection: EndpointConnection,
  signal: AbortSignal,
): Promise<DescribedModel> {
  return connection.once(name, () => describe(clientOf(connection), name, connection, signal));
}

/** What a model takes. @param name `owner/name`, or `owner/name:version` */
async function describe(
  client: Replicate,
  name: string,
  connection: EndpointConnection,
  signal: AbortSignal,
): Promise<DescribedModel> {
  const [model = '', version] = name.split(':');
  const [owner, own, ...more] = model.split('/');
  if (!owner || !own || more.length > 0) {
    throw new EaselError(
      'bad-request',
      `A model of Replicate is owner/name, not "${oneLine(name, 100)}".`,
      { field: 'model' },
    );
  }
  try {
    const found =
      version === undefined
        ? await client.models.get(owner, own, { signal })
        : { is_official: false, latest_version: await client.models.versions.get(owner, own, version, { signal }) }; // prettier-ignore
    const { is_official: byName, latest_version: latest } = found;
    return {
      inputs: modelInputs(latest?.openapi_schema),
      version: byName ? undefined : latest?.id,
    };
  } catch (thrown) {
    throw await failureOf(thrown, connection, signal);
  }
}

/**
 * The inputs of a prediction.
 * @throws EaselError `not-supported` for what this model does not take
 */
function inputOf(request: RemoteRequest, inputs: ModelInputs, model: string): object {
  const { numImages, initImage, mask, negativePrompt, width, height, ...others } = request;
  const ratios = ratiosOf(inputs);
  const sized = width !== undefined && height !== undefined;
  const size =
    ratios.length > 0
      ? { aspectRatio: sized ? nearestRatio(ratios, { width, height }) : undefined }
      : { width, height };
  const values: Readonly<Partial<Record<InputField, unknown>>> = {
    ...others,
    ...size,
    negativePrompt: negativePrompt === '' ? undefined : negativePrompt,
    numImages: numImages === 1 ? undefined : numImages,
    initImage: initImage && `data:image/png;base64,${base64(initImage)}`,
    mask: mask && `data:image/png;base64,${base64(mask)}`,
  };
  const given = INPUT_FIELDS.filter((field) => values[field] !== undefined).map((field) => {
    const value = values[field];
    const input = inputs.get(field);
    const refuse = (why: string) =>
      new EaselError('not-supported', `${oneLine(model, 100)} ${why}`, { fields: [field] });
    if (!input) throw refuse(`has no input for ${field}. Leave it out.`);
    if (input.values && !input.values.includes(value)) {
      throw refuse(`takes for ${field} only ${oneLine(input.values.map(String).join(', '), 300)}.`);
    }
    return [input.name, input.isList ? [value] : value] as const;
  });
  return Object.fromEntries(given);
}

/** An error of the library, which keeps the answer that it is about. */
async function failureOf(
  thrown: unknown,
  connection: EndpointConnection,
  signal: AbortSignal,
): Promise<EaselError> {
  if (thrown instanceof EaselError) return thrown;
  const response = thrown instanceof Error ? (thrown as Partial<ApiError>).response : undefined;
  if (!response || signal.aborted) return connection.failed(thrown, signal);
  // The library has read the body into its message.
  const text = await response.text().catch(() => (thrown as Error).message);
  return connection.errorOfStatus(response.status, text, retryAfterSeconds(response.headers));
}

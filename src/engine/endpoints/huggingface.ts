import {
  imageToImage,
  InferenceClientError,
  InferenceClientHubApiError,
  InferenceClientProviderApiError,
  textToImage,
  type Options,
} from '@huggingface/inference';
import { EaselError } from '../../core/errors';
import type { EndpointReport } from '../../protocol/endpoints';
import { DRAWING_MS, type EndpointConnection } from './connection';
import type { EndpointProtocol, RemoteDrawing } from './protocol';

/** The address of Hugging Face's providers; another one is a server of the user's own there. */
const ROUTER = 'router.huggingface.co';

/** Hugging Face's Inference Providers, and servers that a user has rented there (Inference Endpoints). */
export const huggingFace: EndpointProtocol = {
  name: 'huggingface',
  abilities: {
    fields: [
      ...(['negativePrompt', 'seed', 'steps', 'guidanceScale', 'width', 'height'] as const),
      ...(['initImage'] as const),
    ],
    progress: false,
    previews: false,
    cancels: false,
  },
  usualPixels: 1024 * 1024,

  // It does not list what it can draw; a model is chosen at huggingface.co.
  report: (connection): Promise<EndpointReport> => {
    const { model } = connection.endpoint;
    const models = model === undefined ? [] : [model];
    return Promise.resolve({ models, abilities: huggingFace.abilities });
  },

  async draw(connection, job): Promise<RemoteDrawing> {
    const { request, signal } = job;
    const { model, seed, initImage } = request;
    const isRouter = connection.host === ROUTER;
    if (model === undefined && isRouter) {
      throw new EaselError(
        'bad-request',
        `Name a model of huggingface.co: --model org/name@${connection.endpoint.name}`,
        { field: 'model' },
      );
    }
    const { provider } = connection.endpoint;
    const place = {
      ...(connection.key !== undefined && { accessToken: connection.key }),
      ...(model !== undefined && { model }),
      ...(isRouter
        ? { provider: (provider ?? 'auto') as 'auto' }
        : { endpointUrl: connection.base }),
    };
    const parameters = {
      ...(request.negativePrompt !== '' && { negative_prompt: request.negativePrompt }),
      ...(request.steps !== undefined && { num_inference_steps: request.steps }),
      ...(request.guidanceScale !== undefined && { guidance_scale: request.guidanceScale }),
      ...(seed !== undefined && { seed }),
    };
    const { width, height } = request;
    const size = width !== undefined && height !== undefined ? { width, height } : undefined;
    const options: Options = {
      // A second request may draw, and cost, a second time.
      retry_on_error: false,
      signal: AbortSignal.any([signal, AbortSignal.timeout(DRAWING_MS)]),
      fetch: connection.libraryFetch,
    };
    try {
      const image = initImage
        ? await imageToImage(
            {
              ...place,
              inputs: new Blob([Buffer.from(initImage)], { type: 'image/png' }),
              parameters: {
                prompt: request.prompt,
                ...parameters,
                ...(size && { target_size: size }),
              },
            },
            options,
          )
        : await textToImage(
            { ...place, inputs: request.prompt, parameters: { ...parameters, ...size } },
            { ...options, outputType: 'blob' },
          );
      const file = new Uint8Array(await image.arrayBuffer());
      await job.image({ file, ...(seed !== undefined && { seed }) });
    } catch (thrown) {
      throw failureOf(thrown, connection, signal);
    }
    return model === undefined ? {} : { model };
  },
};

function failureOf(
  thrown: unknown,
  connection: EndpointConnection,
  signal: AbortSignal,
): EaselError {
  if (thrown instanceof EaselError) return thrown;
  if (
    thrown instanceof InferenceClientProviderApiError ||
    thrown instanceof InferenceClientHubApiError
  ) {
    const { status, body } = thrown.httpResponse;
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return connection.errorOfStatus(status, text, undefined);
  }
  if (thrown instanceof InferenceClientError && !signal.aborted) {
    return connection.refused(thrown.message);
  }
  return connection.failed(thrown, signal);
}

import type { FastifyInstance, FastifyRequest } from 'fastify';
import {
  enlargementOf,
  ExtraImageSchema,
  ExtraImagesSchema,
  type ExtrasBody,
} from '../../core/serve/a1111-extras';
import { requireSizesWithinLimits } from '../../core/serve/limits';
import { checkBody } from '../../core/serve/openai';
import type { UpscaleEvent } from '../../protocol/engine';
import { drawingOf, publicError, type ServerContext } from '../context';
import type { Drawing } from '../jobs';
import { toBase64 } from '../openai/answers';
import { A1111ExtraImageSchema, A1111ExtraImagesSchema, described } from '../schemas';
import { answers, tags } from './described';
import { decodeFile } from '../base64-file';
import { EXTRAS, type JobTracker } from './tracker';

/** The routes of AUTOMATIC1111's API that make images larger. */
export function addA1111Extras(
  app: FastifyInstance,
  context: ServerContext,
  tracker: JobTracker,
): void {
  const enlarge = async (
    client: FastifyRequest,
    body: ExtrasBody,
    files: readonly Uint8Array[],
  ): Promise<string[]> => {
    const drawing = drawingOf(client);
    const onEvent = tracker.begin(drawing, EXTRAS, files.length);
    try {
      const images = await context.jobs.track({ api: 'a1111', drawing }, () =>
        enlargeImages(context, { body, files, drawing, onEvent }),
      );
      return images.map((image) => toBase64(image));
    } catch (thrown) {
      throw await publicError(context.models, thrown);
    } finally {
      tracker.end(drawing);
    }
  };
  app.post('/sdapi/v1/extra-single-image', {
    config: { draws: true },
    schema: {
      tags,
      summary: 'Makes an image larger.',
      body: described(ExtraImageSchema),
      response: answers('The image.', A1111ExtraImageSchema),
    },
    handler: async (client) => {
      const body = checkBody(ExtraImageSchema, client.body);
      const [image] = await enlarge(client, body, [decodeFile(body.image, 'image')]);
      return { html_info: '', image };
    },
  });
  app.post('/sdapi/v1/extra-batch-images', {
    config: { draws: true },
    schema: {
      tags,
      summary: 'Makes several images larger.',
      body: described(ExtraImagesSchema),
      response: answers('The images, in their order.', A1111ExtraImagesSchema),
    },
    handler: async (client) => {
      const body = checkBody(ExtraImagesSchema, client.body);
      const files = body.imageList.map(({ data }) => decodeFile(data, 'imageList'));
      return { html_info: '', images: await enlarge(client, body, files) };
    },
  });
}

/** The images one after the other; those that stay as they are come back as they came. */
async function enlargeImages(
  { options, models }: ServerContext,
  job: {
    readonly body: ExtrasBody;
    readonly files: readonly Uint8Array[];
    readonly drawing: Drawing;
    readonly onEvent: (event: UpscaleEvent) => void;
  },
): Promise<Uint8Array[]> {
  const { engine, limits } = options;
  const { body, files, drawing, onEvent } = job;
  const { signal } = drawing;
  const plan = enlargementOf(body, await models.upscalers());
  const sizes = await Promise.all(files.map((file) => engine.call('size', { file }, { signal })));
  const asked = sizes.map((size) => plan(size));
  // What is too large is said before anything is computed.
  const results = sizes.map(({ width, height }, k) => {
    const factor = asked[k]?.factor ?? 1;
    return asked[k]?.crop ?? { width: width * factor, height: height * factor };
  });
  requireSizesWithinLimits(results, limits);
  const { device } = options.defaults().request;
  const images: Uint8Array[] = [];
  for (const [image, file] of files.entries()) {
    const enlargement = asked[image];
    if (!enlargement) {
      images.push(file);
      continue;
    }
    const request = { file, ...enlargement, ...(device && { device }), format: 'png' } as const;
    const made = await engine.call('upscale', request, {
      signal,
      onEvent: (event) => onEvent(event.event === 'tile' ? { ...event, image } : event),
    });
    images.push(made.bytes);
  }
  return images;
}

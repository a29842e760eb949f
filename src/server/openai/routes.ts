import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { EaselError } from '../../core/errors';
import type { Size } from '../../core/image/resize';
import { readRecipe } from '../../core/recipe';
import { pickFields } from '../../core/request/fields';
import type { GenerationRequestInput } from '../../core/request/request';
import { requireWithinLimits } from '../../core/serve/limits';
import { findServedModel } from '../../core/serve/models';
import {
  EditBodySchema,
  editRequest,
  GenerationBodySchema,
  generationRequest,
  parseBody,
  sizeOf,
  VariationBodySchema,
  variationRequest,
  type EditBody,
  type EditFiles,
  type GenerationBody,
} from '../../core/serve/openai';
import type { ModelEntry } from '../../protocol/engine';
import { checkRequest, chooseModel, defaultsFor, drawFor, type ServerContext } from '../context';
import { HttpError } from '../http-error';
import type { ChosenModel } from '../models';
import {
  described,
  describedForm,
  ImagesAnswerSchema,
  ModelListSchema,
  ModelSchema,
  OpenAiErrorSchema,
} from '../schemas';
import { imagesAnswer, KEPT_PATH, type Body } from './answers';
import { withControls } from './controls';
import { onlyFile, readForm, type SentForm } from './form';
import { streamAnswer, type StreamName } from './stream';

const error = { description: 'An error.', ...described(OpenAiErrorSchema) };
const images = {
  200: { description: 'The images.', ...described(ImagesAnswerSchema) },
  '4xx': error,
  '5xx': error,
};
const tags = ['OpenAI'];
const draws = { draws: true } as const;

/** OpenAI's images API, and its list of models. */
export function addOpenAiRoutes(app: FastifyInstance, context: ServerContext): void {
  const { models, kept, options } = context;
  const { maxBodyBytes } = options.limits;

  app.post('/v1/images/generations', {
    config: draws,
    schema: {
      tags,
      summary: 'Draws images from a prompt.',
      body: described(GenerationBodySchema),
      response: images,
    },
    handler: async (client, reply) => {
      const body = parseBody(GenerationBodySchema, client.body);
      const model = await chooseModel(context, body.model);
      const plain = generationRequest(body, defaultsFor(context, model));
      const request = await withControls(context, { body, model, request: plain });
      return answer(client, reply, context, { body, model, request, name: 'image_generation' });
    },
  });

  app.post('/v1/images/edits', {
    config: draws,
    schema: {
      tags,
      summary: 'Draws an image again by a prompt; with a mask, a part of it.',
      consumes: ['multipart/form-data'],
      body: describedForm(
        EditBodySchema,
        {
          image: 'The image to change. image[] is the same.',
          mask: 'An image of the same shape: what is transparent in it is drawn anew. Default: all.',
          control_image: 'What a ControlNet follows.',
        },
        ['image'],
      ),
      response: images,
    },
    handler: async (client, reply) => {
      const form = await readForm(client, maxBodyBytes);
      const body = parseBody(EditBodySchema, form.fields);
      const model = await chooseModel(context, body.model);
      const files = await editFiles(form, body, model, context);
      const plain = editRequest(body, files, defaultsFor(context, model));
      const sent = { body, files: form.files.get('control_image') ?? [] };
      const request = await withControls(context, { ...sent, model, request: plain });
      return answer(client, reply, context, { body, model, request, name: 'image_edit' });
    },
  });

  app.post('/v1/images/variations', {
    config: draws,
    schema: {
      tags,
      summary: 'Draws variations of an image, by the prompt in its file where it has one.',
      consumes: ['multipart/form-data'],
      body: describedForm(VariationBodySchema, { image: 'The image to vary.' }, ['image']),
      response: images,
    },
    handler: async (client) => {
      const form = await readForm(client, maxBodyBytes);
      const body = parseBody(VariationBodySchema, form.fields);
      const model = await chooseModel(context, body.model);
      const files = await editFiles(form, body, model, context);
      const recipe = readRecipe(onlyFile(form, 'image') ?? new Uint8Array());
      const prompts = recipe && pickFields(recipe.request, ['prompt', 'negativePrompt']);
      const request = variationRequest(body, files, prompts, defaultsFor(context, model));
      checkRequest(context, request);
      const drawn = await drawFor(client, context, { api: 'openai', model, request });
      return imagesAnswer(client, drawn, { body, request, model, kept });
    },
  });

  app.get('/v1/models', {
    schema: {
      tags,
      summary: 'Lists the models that draw.',
      response: {
        200: { description: 'The models.', ...described(ModelListSchema) },
        '4xx': error,
        '5xx': error,
      },
    },
    handler: async () => {
      const list = await models.pipelines();
      return {
        object: 'list',
        data: list.map(({ name, stored }) => modelAnswer(name, stored)),
      };
    },
  });

  const findModel = async (name: string) => {
    const { stored } = findServedModel(await models.all(), name);
    return modelAnswer(name, stored);
  };
  app.get<{ Params: { model: string } }>('/v1/models/:model', {
    schema: {
      tags,
      summary: 'Describes one model.',
      params: {
        type: 'object',
        properties: { model: { type: 'string', description: 'Its id, with / as %2F.' } },
        required: ['model'],
      },
      response: {
        200: { description: 'The model.', ...described(ModelSchema) },
        '4xx': error,
        '5xx': error,
      },
    },
    handler: ({ params }) => findModel(params.model),
  });
  // Clients that do not encode the slash of an id.
  app.get<{ Params: { '*': string } }>('/v1/models/*', {
    schema: { hide: true },
    handler: ({ params }) => findModel(params['*']),
  });

  app.get<{ Params: { name: string } }>(`${KEPT_PATH}/:name`, {
    // Whoever opens a link has no token to send; the name cannot be guessed.
    config: { open: true },
    schema: {
      tags,
      summary: 'An image that was drawn with response_format url.',
      params: {
        type: 'object',
        properties: { name: { type: 'string' } },
        required: ['name'],
      },
      response: {
        200: { description: 'The file.', type: 'string', format: 'binary' },
        '4xx': error,
      },
    },
    handler: async ({ params }, reply) => {
      const image = kept.find(params.name);
      if (!image) throw new HttpError(404, 'not-found', 'This link has ended, or never was.');
      return reply
        .header('content-type', image.mimeType)
        .header('cache-control', 'private, max-age=600')
        .header('x-content-type-options', 'nosniff')
        .send(Buffer.from(image.bytes));
    },
  });
}

interface Job {
  readonly body: GenerationBody | EditBody;
  readonly model: ChosenModel;
  readonly request: GenerationRequestInput;
  readonly name: StreamName;
}

/** Draws, and answers at once or with a stream. */
async function answer(
  client: FastifyRequest,
  reply: FastifyReply,
  context: ServerContext,
  { name, ...job }: Job,
) {
  checkRequest(context, job.request);
  if (job.body.stream) return streamAnswer(client, reply, context, name, job);
  const { model, request } = job;
  const drawn = await drawFor(client, context, { api: 'openai', model, request });
  return imagesAnswer(client, drawn, { ...job, kept: context.kept });
}

function modelAnswer(id: string, { lastUsedMs, origin }: ModelEntry) {
  const owner = origin === 'cache' ? id.split('/')[0] : undefined;
  return {
    id,
    object: 'model',
    created: Math.floor(lastUsedMs / 1000),
    owned_by: owner ?? 'easel',
  };
}

/**
 * The files of an edit, in the shape of the image to draw, and with white where it is drawn anew.
 * @throws EaselError `bad-request`, `bad-file`
 */
async function editFiles(
  form: SentForm,
  body: Body,
  { entry }: ChosenModel,
  { options: { engine, limits } }: ServerContext,
): Promise<EditFiles> {
  const image = onlyFile(form, 'image');
  if (!image) {
    throw new EaselError('bad-request', 'image: is missing. Send it as a file of the form.', {
      field: 'image',
    });
  }
  const own = await engine.call('size', { file: image });
  const size = sizeOf(body) ?? own;
  requireWithinLimits({ prompt: '', fit: { width: size.width, height: size.height } }, limits);
  const cover = async (file: Uint8Array) => {
    if (isSameShape(own, size)) return file;
    const { width, height } = size;
    return (await engine.call('convert', { file, format: 'png', width, height })).bytes;
  };
  const sent = onlyFile(form, 'mask');
  const mask = sent && (await engine.call('mask', { file: sent, white: 'transparent' }));
  if (mask && !isSameShape(mask, own)) {
    throw new EaselError(
      'bad-request',
      `mask: has ${mask.width} × ${mask.height} pixels, and the image ${own.width} × ${own.height}. Send a mask of the same shape.`,
      { field: 'mask' },
    );
  }
  return {
    image: await cover(image),
    mask: mask && (await cover(mask.bytes)),
    size,
    drawn: entry?.defaults,
  };
}

function isSameShape(a: Size, b: Size): boolean {
  return a.width * b.height === b.width * a.height;
}

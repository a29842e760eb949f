import type { FastifyInstance } from 'fastify';
import { LIMITS } from '../../core/request/fields/limits';
import { detection, DetectSchema } from '../../core/serve/a1111-controlnet';
import { listControlModules, listControlTypes } from '../../core/serve/a1111-control-modules';
import { requireAreasWithinLimits } from '../../core/serve/limits';
import { checkBody } from '../../core/serve/openai';
import { drawingOf, publicError, type ServerContext } from '../context';
import { toBase64 } from '../openai/answers';
import { AnyObjectSchema, ControlModelsSchema, described, DetectedSchema } from '../schemas';
import { shorterSide } from './controls';
import { answers, tags } from './described';
import { decodeFile } from '../base64-file';

/** The version of the extension's API that these routes have. */
const API_VERSION = 3;

/** The routes of the extension sd-webui-controlnet: what units can name, and preprocessors by themselves. */
export function addControlNetRoutes(app: FastifyInstance, context: ServerContext): void {
  const { models } = context;
  const names = async () => (await models.controls()).map(({ name }) => name);
  app.get('/controlnet/model_list', {
    schema: {
      tags,
      summary: 'Lists the ControlNets, T2I-Adapters and IP-Adapters.',
      response: answers('Their names.', ControlModelsSchema),
    },
    handler: async () => ({ model_list: await names() }),
  });
  app.get<{ Querystring: { alias_names?: string } }>('/controlnet/module_list', {
    schema: {
      tags,
      summary: 'Lists the preprocessors.',
      querystring: {
        type: 'object',
        properties: {
          alias_names: { type: 'boolean', description: 'Their names as they are shown.' },
        },
      },
      response: answers('Their names, and their sliders.', AnyObjectSchema),
    },
    handler: ({ query }) => listControlModules(query.alias_names?.toLowerCase() === 'true'),
  });
  const objects: Readonly<Record<string, readonly [string, () => object | Promise<object>]>> = {
    version: ["The version of the extension's API.", () => ({ version: API_VERSION })],
    settings: ['How many units there are.', () => ({ control_net_unit_count: LIMITS.controlnets })],
    control_types: [
      'Lists preprocessors and models by what they follow.',
      async () => listControlTypes(await names()),
    ],
  };
  for (const [name, [summary, read]] of Object.entries(objects)) {
    app.get(`/controlnet/${name}`, {
      schema: { tags, summary, response: answers('The answer.', AnyObjectSchema) },
      handler: () => read(),
    });
  }
  addDetect(app, context);
}

function addDetect(app: FastifyInstance, { options, jobs, models }: ServerContext): void {
  const { engine, limits } = options;
  app.post('/controlnet/detect', {
    config: { draws: true },
    schema: {
      tags,
      summary: 'Makes of images what a ControlNet follows.',
      body: described(DetectSchema),
      response: answers('The control images.', DetectedSchema),
    },
    handler: async (client) => {
      const body = checkBody(DetectSchema, client.body);
      const { module, tuning, resolution } = detection(body);
      const field = 'controlnet_input_images';
      const files = body.controlnet_input_images.map((text) => decodeFile(text, field));
      const drawing = drawingOf(client);
      const { signal } = drawing;
      const detect = async () => {
        const sizes = [];
        for (const file of files) sizes.push(await engine.call('size', { file }, { signal }));
        const made = sizes.map((size) =>
          resolution === undefined ? size : shorterSide(size, resolution),
        );
        requireAreasWithinLimits('controlnet_processor_res', made, limits);
        const images = [];
        for (const [index, file] of files.entries()) {
          const map = await engine.call(
            'controlMap',
            {
              ...{ file, preprocess: module.preprocess, behind: '#ffffff', at: made[index] },
              ...(tuning && { tuning }),
            },
            { signal },
          );
          images.push(toBase64(map.bytes));
        }
        return { images, info: 'Success' };
      };
      try {
        return await jobs.track({ api: 'a1111', drawing }, detect);
      } catch (thrown) {
        throw await publicError(models, thrown);
      }
    },
  });
}

import type { FastifyInstance } from 'fastify';
import { UPSCALERS, type ServedDefaults } from '../../core/serve/a1111';
import { listedUpscalers } from '../../core/serve/a1111-extras';
import { listSamplers, SCHEDULES } from '../../core/serve/a1111-answers';
import type { ServerContext } from '../context';
import { A1111ModelsSchema, AnyObjectSchema, NamesSchema, SamplersSchema } from '../schemas';
import { answers, tags } from './described';

type Listed = readonly object[];

/** The lists that clients of AUTOMATIC1111's API read at their start: what a request can name. */
export function addA1111Lists(app: FastifyInstance, context: ServerContext): void {
  app.get('/sdapi/v1/cmd-flags', {
    schema: {
      tags,
      summary: 'The arguments of the server, as far as clients look for them.',
      response: answers('The arguments.', AnyObjectSchema),
    },
    handler: () => ({ api: true, nowebui: true, listen: false, api_auth: null }),
  });
  app.get('/sdapi/v1/sd-models', {
    schema: {
      tags,
      summary: 'Lists the models that draw.',
      response: answers('The models.', A1111ModelsSchema),
    },
    handler: async () => {
      const list = await context.models.pipelines();
      return list.map(({ name }) => ({
        title: name,
        model_name: name,
        hash: null,
        sha256: null,
        filename: name,
        config: null,
      }));
    },
  });
  app.get('/sdapi/v1/samplers', {
    schema: {
      tags,
      summary: 'Lists the samplers.',
      response: answers('The samplers.', SamplersSchema),
    },
    handler: () => listSamplers(),
  });
  app.get('/sdapi/v1/loras', {
    schema: {
      tags,
      summary: 'Lists the LoRAs, for tags such as <lora:name:0.8> in prompts.',
      response: answers('The LoRAs.', NamesSchema),
    },
    handler: async () => {
      const list = await context.models.all();
      return list
        .filter(({ stored }) => stored.kind === 'lora')
        .map(({ name }) => ({ name, alias: name, path: name, metadata: {} }));
    },
  });
  const names: Readonly<Record<string, () => Listed | Promise<Listed>>> = {
    schedulers: () => SCHEDULES,
    upscalers: async () => listedUpscalers(await context.models.upscalers()),
    'latent-upscale-modes': () => UPSCALERS.map(({ name }) => ({ name })),
    'prompt-styles': () => context.options.defaults().styles.map(styleAnswer),
    'sd-vae': () => [],
    hypernetworks: () => [],
    'face-restorers': () => [],
  };
  for (const [name, list] of Object.entries(names)) {
    app.get(`/sdapi/v1/${name}`, {
      schema: {
        tags,
        summary: 'A list that clients read at their start.',
        response: answers('The list.', NamesSchema),
      },
      handler: () => list(),
    });
  }
  const objects: Readonly<Record<string, object>> = {
    embeddings: { loaded: {}, skipped: {} },
    scripts: { txt2img: ['controlnet'], img2img: ['controlnet'] },
  };
  for (const [name, object] of Object.entries(objects)) {
    app.get(`/sdapi/v1/${name}`, {
      schema: {
        tags,
        summary: 'What clients read at their start.',
        response: answers('What there is.', AnyObjectSchema),
      },
      handler: () => object,
    });
  }
  app.post('/sdapi/v1/refresh-checkpoints', {
    schema: {
      tags,
      summary: 'Does nothing: the models are listed anew for each request.',
      response: answers('Done.', AnyObjectSchema),
    },
    handler: () => ({}),
  });
}

function styleAnswer({ name, prompt, negativePrompt = '' }: ServedDefaults['styles'][number]) {
  return { name, prompt, negative_prompt: negativePrompt };
}

import { strict as assert } from 'node:assert';
import { dereference, validate } from '@readme/openapi-parser';
import Ajv from 'ajv';
import { startTestServer, type TestServer } from '../support/serving';

interface Operation {
  readonly summary?: string;
  readonly requestBody?: { content: Record<string, { schema: object }> };
  readonly responses: Record<string, { content?: Record<string, { schema: object }> }>;
}
type Paths = Readonly<Record<string, Readonly<Record<string, Operation>>>>;

/** Every route that clients know. */
const ROUTES = [
  'GET /controlnet/control_types',
  'GET /controlnet/model_list',
  'GET /controlnet/module_list',
  'GET /controlnet/settings',
  'GET /controlnet/version',
  'GET /health',
  'GET /metrics',
  'GET /openapi.json',
  'GET /sdapi/v1/cmd-flags',
  'GET /sdapi/v1/embeddings',
  'GET /sdapi/v1/face-restorers',
  'GET /sdapi/v1/hypernetworks',
  'GET /sdapi/v1/latent-upscale-modes',
  'GET /sdapi/v1/loras',
  'GET /sdapi/v1/options',
  'GET /sdapi/v1/progress',
  'GET /sdapi/v1/prompt-styles',
  'GET /sdapi/v1/samplers',
  'GET /sdapi/v1/schedulers',
  'GET /sdapi/v1/scripts',
  'GET /sdapi/v1/sd-models',
  'GET /sdapi/v1/sd-vae',
  'GET /sdapi/v1/upscalers',
  'GET /v1/images/files/{name}',
  'GET /v1/models',
  'GET /v1/models/{model}',
  'POST /controlnet/detect',
  'POST /sdapi/v1/extra-batch-images',
  'POST /sdapi/v1/extra-single-image',
  'POST /sdapi/v1/img2img',
  'POST /sdapi/v1/interrupt',
  'POST /sdapi/v1/options',
  'POST /sdapi/v1/png-info',
  'POST /sdapi/v1/refresh-checkpoints',
  'POST /sdapi/v1/skip',
  'POST /sdapi/v1/txt2img',
  'POST /v1/images/edits',
  'POST /v1/images/generations',
  'POST /v1/images/variations',
];

describe('the OpenAPI description', () => {
  let server: TestServer;
  let paths: Paths;
  before(async () => {
    server = await startTestServer();
    const { body } = await server.call('/openapi.json');
    const whole: unknown = await dereference(structuredClone(body) as never);
    paths = (whole as { paths: Paths }).paths;
  });
  after(() => server.stop());

  it('is valid', async () => {
    const { body } = await server.call('/openapi.json');
    const result = await validate(structuredClone(body) as never);
    assert.ok(result.valid, JSON.stringify(result));
  });

  it('has every route, each with a summary and an answer', () => {
    const operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(
        ([method, operation]) => [`${method.toUpperCase()} ${path}`, operation] as const,
      ),
    );
    const described = operations.filter(([name]) => !name.startsWith('HEAD '));
    assert.deepEqual(described.map(([name]) => name).sort(), ROUTES);
    for (const [name, { summary, responses }] of described) {
      assert.ok(summary, name);
      assert.ok(responses['200'], name);
    }
  });

  it('describes what is sent: fields, limits and files', () => {
    const body = (path: string, type: string) =>
      JSON.stringify(paths[path]!.post!.requestBody!.content[type]!.schema);
    const generations = body('/v1/images/generations', 'application/json');
    for (const field of ['prompt', 'size', 'num_inference_steps', 'partial_images', 'seed']) {
      assert.ok(generations.includes(`"${field}":`), field);
    }
    assert.match(body('/v1/images/edits', 'multipart/form-data'), /"mask":\{[^}]*"binary"/);
    assert.match(body('/sdapi/v1/txt2img', 'application/json'), /"cfg_scale":/);
  });

  const requests: readonly (readonly [string, object?])[] = [
    ['/health'],
    ['/v1/models'],
    ['/v1/models/starter'],
    ['/v1/models/none'],
    ['/v1/images/generations', { prompt: 'a red apple', num_inference_steps: 1, size: '32x32' }],
    ['/v1/images/generations', { prompt: '' }],
    ['/sdapi/v1/txt2img', { prompt: 'a red apple', steps: 1, width: 32, height: 32 }],
    ['/sdapi/v1/txt2img', { steps: 0 }],
    ['/sdapi/v1/progress'],
    ['/sdapi/v1/options'],
    ['/sdapi/v1/sd-models'],
    ['/sdapi/v1/samplers'],
    ['/sdapi/v1/schedulers'],
    ['/sdapi/v1/prompt-styles'],
    ['/sdapi/v1/loras'],
    ['/sdapi/v1/interrupt', {}],
  ];
  for (const [path, sent] of requests) {
    it(`is what ${path} answers ${sent ? JSON.stringify(sent) : ''}`, async () => {
      const { status, body } = await server.call(path, sent);
      const template = path.replace(/(models)\/\w+$/, '$1/{model}');
      const { responses } = paths[template]![sent ? 'post' : 'get']!;
      const answer = responses[String(status)] ?? responses['4XX'];
      const schema = answer?.content?.['application/json']?.schema;
      assert.ok(schema, `${status} is not described`);
      const ajv = new Ajv({ strict: false });
      assert.ok(ajv.validate(schema, body), JSON.stringify(ajv.errors));
    });
  }
});

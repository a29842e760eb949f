import assert from 'node:assert/strict';
import { WebSocketServer } from 'ws';
import { readPixels } from '../../support/pictures';
import {
  EndpointServer,
  flatPng,
  flatPngText,
  TestEndpoints,
  type Routes,
} from '../../support/endpoint-server';
import { until } from '../../support/until';

describe('servers with jobs', () => {
  const endpoints = new TestEndpoints();
  let server: EndpointServer;
  afterEach(() => server.close());

  /** The server of stable-diffusion.cpp as its examples/server/api.md documents it. */
  function sdCpp(states: readonly object[]): Routes {
    let asked = 0;
    return {
      'GET /sdcpp/v1/capabilities': () => ({
        body: {
          model: {
            name: 'sd-v1-5.safetensors',
            stem: 'sd-v1-5',
            path: 'models/sd-v1-5.safetensors',
          },
          samplers: ['euler', 'euler_a', 'dpm++2m', 'lcm'],
          loras: [{ name: 'pixel', path: 'styles/pixel.safetensors' }],
          features_by_mode: { img_gen: { init_image: true, mask_image: true, lora: true } },
        },
      }),
      'POST /sdcpp/v1/img_gen': () => ({ status: 202, body: { id: 'job_1', status: 'queued' } }),
      'GET /sdcpp/v1/jobs/job_1': () => ({
        body: { id: 'job_1', ...states[Math.min(asked++, states.length - 1)] },
      }),
      'POST /sdcpp/v1/jobs/job_1/cancel': () => ({ body: { id: 'job_1', status: 'cancelled' } }),
    };
  }

  describe('an endpoint of stable-diffusion.cpp', () => {
    const start = async (name: string, routes: Routes) => {
      server = await EndpointServer.start(routes);
      return endpoints.add({ name, url: server.url, protocol: 'auto' });
    };

    it('tells the place in the queue, draws, and takes a LoRA by its name there', async () => {
      const image = await flatPngText(64, 64);
      const images = [{ index: 0, b64_json: image }];
      await start(
        'sd',
        sdCpp([
          { status: 'queued', queue_position: 2 },
          { status: 'generating', queue_position: 0 },
          { status: 'completed', started: 100, completed: 104, result: { images } },
        ]),
      );
      const drawn = await endpoints.draw('sd', {
        prompt: 'x [y]',
        ...{ seed: 4, steps: 8, scheduler: 'dpm++-karras', guidanceScale: 3, clipSkip: 1 },
        loras: [{ path: 'pixel', scale: 0.5 }],
      });
      const sent = server.to('POST /sdcpp/v1/img_gen')[0]!.json();
      assert.deepEqual(sent, {
        ...{ prompt: 'x \\[y\\]', negative_prompt: '', seed: 4, clip_skip: 2, batch_count: 1 },
        sample_params: {
          ...{ sample_steps: 8, sample_method: 'dpm++2m', scheduler: 'karras' },
          guidance: { txt_cfg: 3 },
        },
        lora: [{ path: 'styles/pixel.safetensors', multiplier: 0.5 }],
        output_format: 'png',
      });
      assert.ok(drawn.events.some((event) => event.event === 'queued' && event.ahead === 2));
      assert.equal(drawn.images[0]!.seed, 4);
      assert.equal(drawn.summary.model, 'sd-v1-5');
      assert.equal(drawn.summary.seconds.computed, 4);
    });

    it('lists the samplers and LoRAs that there are instead of others', async () => {
      await start('lists', sdCpp([]));
      await assert.rejects(endpoints.draw('lists', { prompt: 'x', scheduler: 'ddim' }), {
        code: 'unknown-scheduler',
        message: /It has euler, euler_a, dpm\+\+2m, lcm/,
      });
      await assert.rejects(
        endpoints.draw('lists', { prompt: 'x', loras: [{ path: 'none', scale: 1 }] }),
        { code: 'model-not-found', message: /It has pixel/ },
      );
    });

    it('asks again after a lost connection, without a second job, and cancels there', async () => {
      const routes = sdCpp([{ status: 'generating' }]);
      let lost = 0;
      await start('lost', {
        ...routes,
        'GET /sdcpp/v1/jobs/job_1': (request) => {
          if (lost++ === 0) server.server.closeAllConnections();
          return routes['GET /sdcpp/v1/jobs/job_1']!(request);
        },
      });
      const abort = new AbortController();
      const drawing = endpoints.draw('lost', { prompt: 'x' }, { signal: abort.signal });
      await until('another question', () => lost > 1);
      abort.abort();
      await assert.rejects(drawing, { code: 'cancelled' });
      assert.equal(server.to('POST /sdcpp/v1/img_gen').length, 1);
      assert.equal(server.to('POST /sdcpp/v1/jobs/job_1/cancel').length, 1);
    });

    it('says why a job failed', async () => {
      await start(
        'failed',
        sdCpp([
          { status: 'failed', error: { code: 'generation_failed', message: 'out of memory' } },
        ]),
      );
      await assert.rejects(endpoints.draw('failed', { prompt: 'x' }), {
        code: 'endpoint-failed',
        message: /did not draw the image\. It says: out of memory/,
      });
    });
  });

  /** ComfyUI's routes (server.py there). A graph ends when `finish` is called. */
  class Comfy {
    readonly history = new Map<string, object>();
    private started = 0;

    constructor(private readonly ends = true) {}

    get routes(): Routes {
      return {
        'GET /system_stats': () => ({
          body: { system: { comfyui_version: '0.3.60' }, devices: [] },
        }),
        'GET /object_info/CheckpointLoaderSimple': () => ({
          body: {
            CheckpointLoaderSimple: {
              input: { required: { ckpt_name: [['sdxl.safetensors', 'v1-5.ckpt'], {}] } },
            },
          },
        }),
        'GET /object_info/KSampler': () => ({
          body: {
            KSampler: {
              input: { required: { sampler_name: ['COMBO', { options: ['euler', 'dpmpp_2m'] }] } },
            },
          },
        }),
        'POST /upload/image': () => ({ body: { name: 'up.png', subfolder: '', type: 'temp' } }),
        'POST /prompt': () => {
          const id = `graph-${++this.started}`;
          if (this.ends) this.finish(id);
          return { body: { prompt_id: id, number: this.started, node_errors: {} } };
        },
        'GET /queue': () => ({
          body: { queue_running: [[1, `graph-${this.started}`, {}, {}, []]], queue_pending: [] },
        }),
        'GET /history/*': ({ path }) => {
          const id = path.split('/').at(-1)!;
          return { body: this.history.has(id) ? { [id]: this.history.get(id) } : {} };
        },
        'POST /interrupt': () => ({ body: {} }),
        'GET /view': async () => ({ body: await flatPng(64, 64, '#0000ff') }),
      };
    }

    finish(id: string, entry?: object): void {
      const image = { filename: `${id}.png`, subfolder: '', type: 'temp' };
      this.history.set(
        id,
        entry ?? {
          outputs: { '9': { images: [image] } },
          status: { status_str: 'success', completed: true, messages: [] },
        },
      );
    }
  }

  type Graph = Readonly<
    Record<string, { readonly class_type: string; readonly inputs: Record<string, unknown> }>
  >;

  describe('an endpoint of ComfyUI', () => {
    const start = async (name: string, comfy: Comfy, graph?: Record<string, unknown>) => {
      server = await EndpointServer.start(comfy.routes);
      return endpoints.add({ name, url: server.url, protocol: 'auto', ...(graph && { graph }) });
    };
    const graphOf = (nth = 0) => server.to('POST /prompt')[nth]!.json().prompt as Graph;
    const node = (graph: Graph, kind: string) =>
      Object.values(graph).find(({ class_type: type }) => type === kind)?.inputs;

    it('draws checkpoints by a graph of its own, each image with its seed', async () => {
      assert.equal((await start('comfy', new Comfy())).protocol, 'comfyui');
      assert.deepEqual((await endpoints.test('comfy')).models, ['sdxl.safetensors', 'v1-5.ckpt']);
      const { images, summary } = await endpoints.draw('comfy', {
        ...{ prompt: 'a fox', negativePrompt: 'blurry', model: 'v1-5', numImages: 2 },
        ...{ seed: 20, steps: 6, guidanceScale: 4, width: 64, height: 64 },
        scheduler: 'dpm++-karras',
        loras: [{ path: 'pixel.safetensors', scale: 0.7 }],
      });
      assert.deepEqual(
        images.map(({ seed }) => seed),
        [20, 21],
      );
      assert.equal(summary.model, 'v1-5.ckpt');
      assert.deepEqual([...(await readPixels(images[0]!.bytes)).data.slice(0, 3)], [0, 0, 255]);
      const graph = graphOf(1);
      assert.equal(node(graph, 'CheckpointLoaderSimple')?.ckpt_name, 'v1-5.ckpt');
      const sampler = node(graph, 'KSampler')!;
      const { seed, steps, cfg, sampler_name: name, scheduler, denoise } = sampler;
      assert.deepEqual(
        [seed, steps, cfg, name, scheduler, denoise],
        [21, 6, 4, 'dpmpp_2m', 'karras', 1],
      );
      assert.equal(node(graph, 'LoraLoader')?.strength_model, 0.7);
      const [positive] = sampler.positive as [string, number];
      assert.equal(graph[positive]?.inputs.text, 'a fox');
      // Every link leads to a node.
      for (const { inputs } of Object.values(graph)) {
        for (const link of Object.values(inputs)) {
          if (Array.isArray(link)) assert.ok(graph[String(link[0])], JSON.stringify(link));
        }
      }
    });

    it('uploads an image and a mask', async () => {
      await start('paint', new Comfy());
      const initImage = await flatPng(64, 64);
      await endpoints.draw('paint', { prompt: 'x', initImage, mask: initImage, strength: 0.5 });
      assert.equal(server.to('POST /upload/image').length, 2);
      const graph = graphOf();
      assert.equal(node(graph, 'LoadImage')?.image, 'up.png [temp]');
      assert.equal(node(graph, 'KSampler')?.denoise, 0.5);
      assert.ok(node(graph, 'SetLatentNoiseMask'));
    });

    it('fills the places of the graph of the user', async () => {
      const own = {
        a: { class_type: 'KSampler', inputs: { seed: '{{seed}}', cfg: 3, steps: '{{steps}}' } },
        b: { class_type: 'CLIPTextEncode', inputs: { text: 'best quality, {{prompt}}' } },
      };
      await start('own', new Comfy(), own);
      assert.deepEqual((await endpoints.test('own')).abilities.fields, [
        ...['seed', 'steps', 'numImages', 'promptSyntax'],
      ]);
      await endpoints.draw('own', { prompt: 'a "fox"', seed: 11, steps: 9 });
      assert.deepEqual(graphOf(), {
        a: { class_type: 'KSampler', inputs: { seed: 11, cfg: 3, steps: 9 } },
        b: { class_type: 'CLIPTextEncode', inputs: { text: 'best quality, a "fox"' } },
      });
    });

    it('tells the steps over the websocket, with previews', async () => {
      const comfy = new Comfy(false);
      await start('steps', comfy);
      const preview = await flatPng(16, 16);
      const sockets = new WebSocketServer({ server: server.server, path: '/ws' });
      sockets.on('connection', (socket) => {
        const tell = setInterval(() => {
          if (server.to('POST /prompt').length === 0) return;
          clearInterval(tell);
          const data = { value: 2, max: 8, prompt_id: 'graph-1' };
          socket.send(JSON.stringify({ type: 'progress', data }));
          const head = Buffer.alloc(8);
          head.writeUInt32BE(1, 0);
          head.writeUInt32BE(2, 4);
          socket.send(Buffer.concat([head, preview]));
          setTimeout(() => comfy.finish('graph-1'), 200);
        }, 20);
      });
      const { events } = await endpoints.draw('steps', { prompt: 'x', preview: true });
      const steps = events.filter((event) => event.event === 'step');
      assert.deepEqual(
        steps.map(({ index, total, preview: shown }) => [index, total, shown?.width]),
        [
          [2, 8, undefined],
          [2, 8, 16],
        ],
      );
      sockets.close();
    });

    it('interrupts its own graph, and says which node failed', async () => {
      const comfy = new Comfy(false);
      await start('stop', comfy);
      const abort = new AbortController();
      const drawing = endpoints.draw('stop', { prompt: 'x' }, { signal: abort.signal });
      await until('a question', () => server.to('GET /queue').length > 0);
      abort.abort();
      await assert.rejects(drawing, { code: 'cancelled' });
      assert.deepEqual(server.to('POST /interrupt')[0]!.json(), { prompt_id: 'graph-1' });
      server.close();

      const broken = new Comfy(false);
      await start('broken', broken);
      const data = { node_type: 'KSampler', exception_message: 'CUDA out of memory' };
      broken.finish('graph-1', {
        status: { status_str: 'error', messages: [['execution_error', data]] },
      });
      await assert.rejects(endpoints.draw('broken', { prompt: 'x' }), {
        code: 'endpoint-failed',
        message: /KSampler: CUDA out of memory/,
      });
    });
  });
});

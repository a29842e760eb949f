import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import sharp from 'sharp';
import { isRecord, type JsonObject } from '../../src/core/json';

export interface A1111Options {
  /** As the server was asked to want it; undefined: none. */
  readonly key?: string;
  readonly models?: readonly string[];
  /** The address that it listens on. Default: loopback alone. */
  readonly address?: string;
}

/** A drawing that runs. */
interface Task {
  readonly id: string;
  readonly steps: number;
  step: number;
  image: Buffer | undefined;
  isInterrupted: boolean;
}

/** What a request asked for. */
export interface Asked {
  readonly route: string;
  readonly body: JsonObject;
}

/**
 * A server that speaks the HTTP API of AUTOMATIC1111's web UI (its page `/docs`; `modules/api/api.py`) and draws a
 * disc in the colour of the prompt. With an image to start from, it draws over that, and only where a mask is white.
 */
export class A1111Server {
  /** What was drawn, in order. */
  readonly drawn: Asked[] = [];
  /** How often a drawing was interrupted. */
  interrupts = 0;
  /** The most drawings that were asked for at a time; like the web UI, it draws one after the other. */
  mostOpen = 0;
  private open = 0;
  private turn: Promise<void> = Promise.resolve();
  /** Milliseconds that a step takes. */
  stepMs = 5;
  /** The key that it wants now. */
  key: string | undefined;
  private task: Task | undefined;

  private constructor(
    private readonly server: Server,
    private readonly models: readonly string[],
  ) {}

  static async start({
    key,
    models = ['dreamy_v2', 'sketchy_v1'],
    address = '127.0.0.1',
  }: A1111Options = {}): Promise<A1111Server> {
    const server = createServer();
    const started = new A1111Server(server, models);
    started.key = key;
    server.on('request', (request, response) => void started.answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, address, resolve));
    server.unref();
    return started;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const send = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    };
    try {
      const text = (await buffer(request)).toString('utf8');
      const { pathname } = new URL(request.url ?? '', 'http://localhost');
      if (this.key !== undefined && request.headers.authorization !== `Bearer ${this.key}`) {
        send(401, { detail: 'Incorrect key' });
        return;
      }
      const body: unknown = text === '' ? {} : JSON.parse(text);
      const answer = await this.route(`${request.method} ${pathname}`, isRecord(body) ? body : {});
      if (answer === undefined) send(404, { detail: 'Not Found' });
      else send(200, answer);
    } catch (thrown) {
      send(500, { error: 'Exception', detail: String(thrown) });
    }
  }

  private route(route: string, body: JsonObject): unknown {
    switch (route) {
      case 'GET /sdapi/v1/sd-models':
        return this.models.map((name) => ({
          ...{ title: `${name}.safetensors [0123456789]`, model_name: name, hash: '0123456789' },
          ...{ sha256: null, filename: `/models/${name}.safetensors`, config: null },
        }));
      case 'GET /sdapi/v1/progress':
        return this.progress();
      case 'POST /sdapi/v1/interrupt':
        this.interrupts += 1;
        if (this.task) this.task.isInterrupted = true;
        return {};
      case 'POST /sdapi/v1/txt2img':
      case 'POST /sdapi/v1/img2img':
        return this.inTurn(() => this.draw(route, body));
      default:
        return undefined;
    }
  }

  private progress(): JsonObject {
    const { id = '', step = 0, steps = 0, image } = this.task ?? {};
    return {
      progress: steps === 0 ? 0 : step / steps,
      eta_relative: 0,
      state: { job: id, job_no: 0, job_count: 1, sampling_step: step, sampling_steps: steps },
      current_image: image?.toString('base64') ?? null,
      ...(this.task && { current_task: id }),
    };
  }

  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    this.open += 1;
    this.mostOpen = Math.max(this.mostOpen, this.open);
    const result = this.turn.then(work);
    this.turn = result.then(
      () => undefined,
      () => undefined,
    );
    try {
      return await result;
    } finally {
      this.open -= 1;
    }
  }

  private async draw(route: string, body: JsonObject): Promise<JsonObject> {
    this.drawn.push({ route, body });
    const { steps = 4, n_iter: count = 1, force_task_id: id = '' } = body;
    const seed = Number(body.seed) === -1 ? 4711 : Number(body.seed);
    const image = await picture(body);
    const task: Task = {
      ...{ id: String(id), steps: Number(steps), step: 0, image, isInterrupted: false },
    };
    this.task = task;
    while (task.step < task.steps && !task.isInterrupted) {
      await delay(this.stepMs);
      task.step += 1;
    }
    this.task = undefined;
    const images = Array.from({ length: Number(count) }, () => image.toString('base64'));
    const settings = isRecord(body.override_settings) ? body.override_settings : {};
    const model = settings.sd_model_checkpoint ?? this.models[0];
    const info = {
      ...{ prompt: body.prompt, seed, all_seeds: images.map((_, k) => seed + k) },
      ...{ sd_model_name: model, width: body.width, height: body.height },
    };
    return { images, parameters: body, info: JSON.stringify(info) };
  }
}

/** A PNG file: a disc in the first colour that the prompt names. */
async function picture(body: JsonObject): Promise<Buffer> {
  const [width, height] = [Number(body.width ?? 512), Number(body.height ?? 512)];
  const colour = /\b(red|green|blue|yellow|orange|purple)\b/.exec(String(body.prompt))?.[1];
  const radius = Math.min(width, height) * 0.35;
  const disc = Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><circle cx="${width / 2}" cy="${height / 2}" r="${radius}" fill="${colour ?? 'grey'}"/></svg>`,
  );
  const [init] = Array.isArray(body.init_images) ? (body.init_images as unknown[]) : [];
  const ground =
    typeof init === 'string'
      ? sharp(Buffer.from(init, 'base64')).resize(width, height)
      : sharp({ create: { width, height, channels: 3, background: '#f4f1ea' } });
  if (typeof body.mask !== 'string')
    return ground
      .composite([{ input: disc }])
      .png()
      .toBuffer();
  const mask = sharp(Buffer.from(body.mask, 'base64')).resize(width, height).toColourspace('b-w');
  const masked = await sharp(disc)
    .removeAlpha()
    .joinChannel(await mask.extractChannel(0).toBuffer())
    .png()
    .toBuffer();
  return ground
    .composite([{ input: masked }])
    .png()
    .toBuffer();
}

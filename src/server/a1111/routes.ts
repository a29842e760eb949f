import type { FastifyInstance, FastifyRequest } from 'fastify';
import { EaselError, toEaselError } from '../../core/errors';
import { isRecord } from '../../core/json';
import { parseInfotext } from '../../core/recipe/infotext';
import { multipleWithin, type Size } from '../../core/image/resize';
import type { GenerationRequestInput } from '../../core/request/request';
import {
  hasSecondPass,
  ImageToImageSchema,
  imageToImageRequest,
  PngInfoSchema,
  isMaskInverted,
  refinerOf,
  TextToImageSchema,
  textToImageRequest,
  type ImageToImageBody,
  type ServedDefaults,
  type TextToImageBody,
} from '../../core/serve/a1111';
import { inA1111Words } from '../../core/serve/a1111-errors';
import { controlUnits } from '../../core/serve/a1111-controlnet';
import { refuseControlFields, unusedFields } from '../../core/serve/a1111-left-out';
import { drawnInfo, progressAnswer } from '../../core/serve/a1111-answers';
import { requireSizesWithinLimits } from '../../core/serve/limits';
import { findServedLora, withoutHash } from '../../core/serve/models';
import { checkBody } from '../../core/serve/openai';
import { oneLine } from '../../core/shown-text';
import { checkRequest, defaultsFor, drawFor, drawingOf, type ServerContext } from '../context';
import type { Drawing, DrawnJob } from '../jobs';
import { HttpError } from '../http-error';
import type { ChosenModel } from '../models';
import { toBase64 } from '../openai/answers';
import { infotextIn, publicFile } from '../public-file';
import { A1111ImagesSchema, AnyObjectSchema, described, ProgressSchema } from '../schemas';
import { addControlNetRoutes } from './controlnet';
import { prepareControls } from './controls';
import { answers, tags } from './described';
import { addA1111Extras } from './extras';
import { decodeFile } from '../base64-file';
import { sentSize } from '../control-images';
import { addA1111Lists } from './lists';
import { JobTracker } from './tracker';

/** AUTOMATIC1111's API: what its clients call. */
export function addA1111Routes(app: FastifyInstance, context: ServerContext): void {
  const tracker = new JobTracker();
  new A1111Api(context, tracker).addTo(app);
  addA1111Extras(app, context, tracker);
  addA1111Lists(app, context);
  addControlNetRoutes(app, context);
}

/** What a client asks for. */
interface ReadJob {
  readonly body: TextToImageBody | ImageToImageBody;
  readonly model: ChosenModel;
  readonly request: GenerationRequestInput;
}

/** @throws EaselError whose message names a field of the body */
async function inOwnWords<T>(body: ReadJob['body'], run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (thrown) {
    throw thrown instanceof HttpError ? thrown : inA1111Words(toEaselError(thrown), body);
  }
}

class A1111Api {
  /** What a client has set with POST options, by its name; empty for the server's own. */
  private chosen = '';

  constructor(
    private readonly context: ServerContext,
    private readonly tracker: JobTracker,
  ) {}

  addTo(app: FastifyInstance): void {
    this.addDrawing(app);
    this.addInfo(app);
    this.addControl(app);
    this.addOptions(app);
  }

  private addDrawing(app: FastifyInstance): void {
    app.post('/sdapi/v1/txt2img', {
      config: { draws: true },
      schema: {
        tags,
        summary: 'Draws images from a prompt.',
        body: described(TextToImageSchema),
        response: answers('The images.', A1111ImagesSchema),
      },
      handler: (client) => {
        refuseControlFields(client.body);
        const body = checkBody(TextToImageSchema, client.body);
        return inOwnWords(body, async () => {
          const model = await this.chooseModel(body);
          const request = textToImageRequest(body, await this.defaultsFor(model, body));
          return this.draw(client, 'txt2img', await this.controlled({ body, model, request }));
        });
      },
    });
    app.post('/sdapi/v1/img2img', {
      config: { draws: true },
      schema: {
        tags,
        summary: 'Draws an image again by a prompt; with a mask, a part of it.',
        body: described(ImageToImageSchema),
        response: answers('The images.', A1111ImagesSchema),
      },
      handler: (client) => {
        refuseControlFields(client.body);
        const body = checkBody(ImageToImageSchema, client.body);
        return inOwnWords(body, async () => {
          const model = await this.chooseModel(body);
          const files = await this.readFiles(body);
          const request = imageToImageRequest(body, files, await this.defaultsFor(model, body));
          return this.draw(client, 'img2img', await this.controlled({ body, model, request }));
        });
      },
    });
  }

  private addInfo(app: FastifyInstance): void {
    app.post('/sdapi/v1/png-info', {
      schema: {
        tags,
        summary: 'Reads how an image was made.',
        body: described(PngInfoSchema),
        response: answers('What its file says; empty where it says nothing.', AnyObjectSchema),
      },
      handler: ({ body }) => {
        const info = infotextIn(decodeFile(checkBody(PngInfoSchema, body).image, 'image'));
        const { prompt, negativePrompt, settings } = parseInfotext(info);
        const parameters = {
          Prompt: prompt,
          'Negative prompt': negativePrompt,
          ...Object.fromEntries(settings),
        };
        return {
          info,
          items: info ? { parameters: info } : {},
          parameters: info ? parameters : {},
        };
      },
    });
  }

  private addControl(app: FastifyInstance): void {
    app.get<{ Querystring: { skip_current_image?: string } }>('/sdapi/v1/progress', {
      schema: {
        tags,
        summary: 'How far the job of this API is that draws.',
        querystring: {
          type: 'object',
          properties: {
            skip_current_image: { type: 'boolean', description: 'Leave out the unfinished image.' },
          },
        },
        response: answers('The progress.', ProgressSchema),
      },
      handler: ({ query }) => {
        const { preview } = this.tracker;
        const isShown = preview && query.skip_current_image?.toLowerCase() !== 'true';
        return progressAnswer(this.tracker.state, isShown ? toBase64(preview) : null);
      },
    });
    for (const name of ['interrupt', 'skip']) {
      app.post(`/sdapi/v1/${name}`, {
        schema: {
          tags,
          summary:
            'Cancels the job of this API that draws. It ends with the images that are there.',
          response: answers('Done.', AnyObjectSchema),
        },
        handler: () => {
          this.tracker.interrupt();
          return {};
        },
      });
    }
  }

  private addOptions(app: FastifyInstance): void {
    app.get('/sdapi/v1/options', {
      schema: {
        tags,
        summary: 'The options: the model that draws where a request names none.',
        response: answers('The options.', AnyObjectSchema),
      },
      handler: () => this.options(),
    });
    app.post('/sdapi/v1/options', {
      schema: {
        tags,
        summary: 'Chooses the model for requests of this API that name none.',
        body: {
          type: 'object',
          properties: { sd_model_checkpoint: { type: 'string' } },
          additionalProperties: true,
        },
        response: answers('Done.', AnyObjectSchema),
      },
      handler: async ({ body }) => {
        await this.setOptions(body);
        return {};
      },
    });
  }

  private async options() {
    return {
      sd_model_checkpoint: (await this.choose(this.chosen)).name,
      samples_format: 'png',
      CLIP_stop_at_last_layers: 1,
    };
  }

  /**
   * Clients send back all options that they read, so those that are as they were are taken.
   * @throws EaselError `bad-request`, `model-not-found`
   */
  private async setOptions(body: unknown): Promise<void> {
    if (!isRecord(body)) throw new EaselError('bad-request', 'body: must be an object.');
    const { sd_model_checkpoint: model, ...others } = body;
    const known = new Map<string, unknown>(Object.entries(await this.options()));
    const changed = Object.keys(others).find((name) => others[name] !== known.get(name));
    if (changed !== undefined) {
      throw new EaselError(
        'bad-request',
        `${oneLine(changed, 60)}: this option cannot be set here. sd_model_checkpoint can.`,
        { field: changed },
      );
    }
    if (model === undefined || model === null) return;
    if (typeof model !== 'string') {
      throw new EaselError('bad-request', 'sd_model_checkpoint: must be a text.', {
        field: 'sd_model_checkpoint',
      });
    }
    this.chosen = (await this.choose(model)).name;
  }

  private chooseModel({ override_settings: settings }: TextToImageBody | ImageToImageBody) {
    return this.choose(
      settings?.sd_model_checkpoint ?? this.chosen,
      'override_settings.sd_model_checkpoint',
    );
  }

  /** A name as its lists have it, also with a hash behind it, as AUTOMATIC1111 writes titles. */
  private choose(name: string, field = 'sd_model_checkpoint'): Promise<ChosenModel> {
    const { models, options } = this.context;
    return models.choose(withoutHash(name), options.defaults().model, {
      field,
      list: 'GET /sdapi/v1/sd-models',
    });
  }

  /** The list of upscalers is read only where the body may name one. */
  private async defaultsFor(
    model: ChosenModel,
    body: TextToImageBody | ImageToImageBody,
  ): Promise<ServedDefaults> {
    const { models, options } = this.context;
    const all = await models.all();
    const refiner = refinerOf(body);
    return {
      ...defaultsFor(this.context, model),
      styles: options.defaults().styles,
      upscalers: hasSecondPass(body) ? await models.upscalers() : [],
      lora: (name) => findServedLora(all, name).stored.id,
      ...(refiner !== undefined && {
        refiner: (await this.choose(refiner, 'refiner_checkpoint')).id,
      }),
    };
  }

  private async readFiles(body: ImageToImageBody) {
    const [first = '', ...more] = body.init_images;
    if (more.length > 0) {
      throw new EaselError('bad-request', 'init_images: Easel takes one image, not several.', {
        field: 'init_images',
      });
    }
    const image = decodeFile(first, 'init_images');
    if (!body.mask) return { image };
    const mask = decodeFile(body.mask, 'mask');
    if (!isMaskInverted(body)) return { image, mask };
    const { engine } = this.context.options;
    return { image, mask: (await engine.call('mask', { file: mask, white: 'dark' })).bytes };
  }

  /** A job with the ControlNets and IP-Adapters of its body. @throws EaselError as `prepareControls` */
  private async controlled(job: ReadJob): Promise<ReadJob & { readonly warnings: string[] }> {
    const { body, model, request } = job;
    const size = await this.drawnSize(model, request);
    if (size && request.initImage) {
      requireSizesWithinLimits([size], this.context.options.limits);
    }
    const units = controlUnits(body.alwayson_scripts, hasSecondPass(body));
    const { fields, warnings } = await prepareControls(this.context, units, request, size);
    // Without a size of its own, an image would have that of what it follows.
    const sized = units.length > 0 && !request.initImage ? size : undefined;
    return { ...job, request: { ...request, ...sized, ...fields }, warnings: [...warnings] };
  }

  /** The size that is drawn, in pixels; undefined where only the engine knows. */
  private async drawnSize(
    { entry }: ChosenModel,
    { width, height, initImage }: GenerationRequestInput,
  ): Promise<Size | undefined> {
    if (width && height) return { width, height };
    const { defaults } = entry ?? {};
    const { multiple = 1, upscales = 1 } = defaults ?? {};
    const own = initImage ? await sentSize(this.context, initImage) : defaults;
    if (!own) return undefined;
    const side = (length: number) => multipleWithin(length, multiple) * upscales;
    return { width: width ?? side(own.width), height: height ?? side(own.height) };
  }

  private async draw(
    client: FastifyRequest,
    task: string,
    job: ReadJob & { readonly warnings: readonly string[] },
  ) {
    const { body, model, request } = job;
    checkRequest(this.context, request);
    const drawing = drawingOf(client);
    const receive = this.tracker.begin(drawing, task, request.numImages ?? 1);
    const begun: DrawnJob['images'][number][] = [];
    let drawn: Pick<DrawnJob, 'images' | 'warnings'> & Partial<DrawnJob>;
    try {
      drawn = await drawFor(client, this.context, {
        ...{ api: 'a1111', model, request },
        onEvent: (event) => {
          receive(event);
          if (event.event === 'image') begun.push(event);
        },
      });
    } catch (thrown) {
      if (!isInterrupted(drawing)) throw thrown;
      drawn = { images: begun, warnings: [] };
    } finally {
      this.tracker.end(drawing);
    }
    const files = drawn.images.map((image) => ({
      ...image,
      bytes: publicFile(image.bytes, model, request),
    }));
    const info = drawnInfo({
      request,
      ...(drawn.summary && { settings: drawn.summary.settings }),
      modelName: model.name,
      images: files.map((file) => ({ ...file, infotext: infotextIn(file.bytes) })),
      warnings: [...notUsed(client.body), ...job.warnings, ...drawn.warnings],
      interrupted: isInterrupted(drawing),
      nowMs: Date.now(),
    });
    // What was sent without its images, which would come back twice as large.
    const sent = { init_images: undefined, mask: undefined, alwayson_scripts: undefined };
    const parameters = { ...body, ...sent };
    return {
      images: body.send_images === false ? [] : files.map(({ bytes }) => toBase64(bytes)),
      parameters,
      info: JSON.stringify(info),
    };
  }
}

/** A warning of the fields of a body that do nothing here. */
function notUsed(body: unknown): string[] {
  const unused = unusedFields(body);
  return unused.length > 0 ? [`Not used here: ${unused.join(', ')}.`] : [];
}

function isInterrupted({ cancelledBy }: Drawing): boolean {
  return cancelledBy === 'interrupted';
}

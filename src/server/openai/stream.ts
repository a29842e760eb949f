import { PassThrough } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Size } from '../../core/image/resize';
import {
  formatOf,
  partialImages,
  type EditBody,
  type GenerationBody,
} from '../../core/serve/openai';
import type { GenerationRequestInput } from '../../core/request/request';
import type { GenerationEvent, PreviewImage } from '../../protocol/engine';
import { drawFor, type ServerContext } from '../context';
import { answeredError, openAiError } from '../http-error';
import type { ChosenModel } from '../models';
import { publicFile } from '../public-file';
import { imageAnswer, NO_TOKENS, nowSeconds, sizeText, toBase64 } from './answers';

/** The first part of the names of a stream's events. */
export type StreamName = 'image_generation' | 'image_edit';

interface StreamedJob {
  readonly body: GenerationBody | EditBody;
  readonly request: GenerationRequestInput;
  readonly model: ChosenModel;
}

/**
 * Answers a checked request with server-sent events: unfinished images, and each image when it is there. An error
 * is an event too, because the status was sent before.
 */
export async function streamAnswer(
  client: FastifyRequest,
  reply: FastifyReply,
  context: ServerContext,
  name: StreamName,
  job: StreamedJob,
): Promise<FastifyReply> {
  const stream = new PassThrough();
  const send = (event: string, data: object) => {
    if (!stream.writableEnded) stream.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  };
  void reply
    .header('content-type', 'text/event-stream; charset=utf-8')
    .header('cache-control', 'no-cache')
    .send(stream);
  const events = new StreamEvents(context, name, job, send);
  try {
    await drawFor(client, context, {
      ...{ api: 'openai', model: job.model, request: job.request },
      onEvent: (event) => {
        // Proxies and clients close connections on which nothing comes.
        if (event.event === 'queued') stream.write(`: ${event.ahead} before this one\n\n`);
        events.receive(event);
      },
    });
    await events.sent();
  } catch (thrown) {
    await events.sent();
    const error = answeredError(thrown);
    if (error.isInternal) client.log.error({ err: thrown }, 'internal error');
    send('error', { type: 'error', ...openAiError(error) });
  }
  stream.end();
  return reply;
}

/** Turns the events of a job into those of a stream, one after another. */
class StreamEvents {
  private last: Promise<void> = Promise.resolve();
  /** Of each image. */
  private readonly partials = new Map<number, number>();

  constructor(
    private readonly context: ServerContext,
    private readonly name: StreamName,
    private readonly job: StreamedJob,
    private readonly send: (event: string, data: object) => void,
  ) {}

  receive(event: GenerationEvent): void {
    if (event.event === 'image') {
      this.then(() => this.sendImage(event));
    } else if (event.event === 'step' && event.preview) {
      const { image, index, total, preview } = event;
      const sent = this.partials.get(image) ?? 0;
      const wanted = partialImages(this.job.body);
      // Evenly over the steps.
      if (sent >= wanted || index < Math.floor((total * (sent + 1)) / (wanted + 1))) return;
      this.partials.set(image, sent + 1);
      this.then(() => this.sendPartial(preview, sent));
    }
  }

  /** Resolves when everything that was received is sent. */
  sent(): Promise<void> {
    return this.last;
  }

  private then(work: () => void | Promise<void>): void {
    // A preview that cannot be converted is no reason to lose the image.
    this.last = this.last.then(work).catch(() => undefined);
  }

  private sendImage(event: Extract<GenerationEvent, { event: 'image' }>): void {
    const { model, request, body } = this.job;
    const type = `${this.name}.completed`;
    this.send(type, {
      type,
      b64_json: toBase64(publicFile(event.bytes, model, request)),
      created_at: nowSeconds(),
      size: sizeText(event),
      ...imageAnswer(body, request),
      usage: NO_TOKENS,
      seed: event.seed,
    });
  }

  private async sendPartial({ png, ...own }: PreviewImage, index: number): Promise<void> {
    const { body, request } = this.job;
    const size = this.sizeOfImage() ?? own;
    const { width, height } = size;
    const format = formatOf(body);
    const shown = await this.context.options.engine.call('convert', {
      ...{ file: png, format, width, height },
    });
    const type = `${this.name}.partial_image`;
    this.send(type, {
      type,
      b64_json: toBase64(shown.bytes),
      created_at: nowSeconds(),
      size: sizeText(shown),
      ...imageAnswer(body, request),
      partial_image_index: index,
    });
  }

  /** The size that the finished image will have; undefined where the model decides, and nobody knows. */
  private sizeOfImage(): Size | undefined {
    const { request, model } = this.job;
    return request.fit ?? model.entry?.defaults;
  }
}

import type { FastifyRequest } from 'fastify';
import type { ServeDefaults } from '../core/serve/openai';
import { requireWithinLimits } from '../core/serve/limits';
import { toEaselError } from '../core/errors';
import { parseRequest, type GenerationRequestInput } from '../core/request/request';
import type { GenerationEvent } from '../protocol/engine';
import { HttpError } from './http-error';
import type { Drawing, DrawnJob, Jobs } from './jobs';
import type { KeptImages } from './kept-images';
import type { Api, Metrics } from './metrics';
import type { ChosenModel, ServedModels } from './models';
import type { ServerOptions } from './options';

/** What all routes use. */
export interface ServerContext {
  readonly options: ServerOptions;
  readonly jobs: Jobs;
  readonly models: ServedModels;
  readonly kept: KeptImages;
  readonly metrics: Metrics;
}

/** What the log has of a request that draws. */
export interface DrawingNotes {
  model?: string;
  images?: number;
  seconds?: number;
  prompt?: string;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route draws: it takes a place in the queue, and ends with its client. */
    readonly draws?: true;
    /** The route needs no token. */
    readonly open?: true;
  }
  interface FastifyRequest {
    /** Of a route that draws. */
    drawing: Drawing | null;
    notes: DrawingNotes | null;
  }
}

/** The defaults of a request for a model. */
export function defaultsFor({ options }: ServerContext, { id }: ChosenModel): ServeDefaults {
  return { request: options.defaults().request, model: id };
}

/** The model that a client names. @throws EaselError `model-not-found`, `unsupported-model` */
export function chooseModel(
  { options, models }: ServerContext,
  name: string | null | undefined,
): Promise<ChosenModel> {
  return models.choose(name, options.defaults().model);
}

/** The drawing of a request to a route that draws. */
export function drawingOf({ drawing }: FastifyRequest): Drawing {
  if (!drawing) throw new Error('A route that draws is not marked so.');
  return drawing;
}

/**
 * Checks a request as the engine does, and the server's limits: before a stream begins, and before it waits.
 * @throws EaselError
 */
export function checkRequest({ options }: ServerContext, request: GenerationRequestInput): void {
  requireWithinLimits(request, options.limits);
  parseRequest(request);
}

/**
 * Draws a checked request for a client. Its warnings are without paths of this machine.
 * @throws EaselError, without paths too
 */
export async function drawFor(
  client: FastifyRequest,
  context: ServerContext,
  job: {
    readonly api: Api;
    readonly model: ChosenModel;
    readonly request: GenerationRequestInput;
    readonly onEvent?: (event: GenerationEvent) => void;
  },
): Promise<DrawnJob> {
  const { jobs, models, options } = context;
  const { api, model, request, onEvent } = job;
  const notes: DrawingNotes = { model: model.name };
  client.notes = notes;
  if (options.logPrompts) notes.prompt = request.prompt;
  try {
    const drawing = drawingOf(client);
    const drawn = await jobs.draw(request, { api, drawing, ...(onEvent && { onEvent }) });
    notes.images = drawn.images.length;
    notes.seconds = drawn.summary.seconds.total;
    const { warnings } = drawn;
    return {
      ...drawn,
      warnings: await Promise.all(warnings.map((text) => models.hidePathsIn(text))),
    };
  } catch (thrown) {
    throw await publicError(models, thrown);
  }
}

/** An error for a client: without paths of this machine. */
export async function publicError(models: ServedModels, thrown: unknown): Promise<Error> {
  return thrown instanceof HttpError ? thrown : models.hidePaths(toEaselError(thrown));
}

import cors from '@fastify/cors';
import multipart from '@fastify/multipart';
import swagger from '@fastify/swagger';
import Fastify, {
  LogController,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import type { AddressInfo } from 'node:net';
import { EaselError } from '../core/errors';
import { describeSystemError, systemErrorCode } from '../core/system-error';
import { CLIENT_CLOSED } from '../core/serve/http-status';
import { VERSION } from '../core/version';
import { addA1111Routes } from './a1111/routes';
import { requireKnownHost, requireKnownOrigin, requireSafeAddress, requireToken } from './access';
import type { ServerContext } from './context';
import { a1111Error, answeredError, HttpError, openAiError } from './http-error';
import { Jobs } from './jobs';
import { KeptImages } from './kept-images';
import { Metrics } from './metrics';
import { ServedModels } from './models';
import { addOpenAiRoutes } from './openai/routes';
import type { ServerOptions } from './options';
import { described, HealthSchema, OpenAiErrorSchema } from './schemas';

export type { RequestDefaults, ServedEngine, ServerOptions } from './options';

/** A server that takes requests. */
export interface RunningServer {
  /** Such as `http://127.0.0.1:7860`. */
  readonly address: string;
  /** Cancels what draws, answers what is open, and ends. */
  stop(): Promise<void>;
}

/** Seconds in which a client must have sent its whole request. */
const REQUEST_SECONDS = 120;

/**
 * Serves images by OpenAI's and AUTOMATIC1111's APIs.
 * @throws EaselError `bad-request` for an address that is taken or not of this machine, or that others reach without
 *   a token
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  requireSafeAddress(options);
  const { app, context } = await createApp(options);
  try {
    await app.listen({ host: options.host, port: options.port });
  } catch (thrown) {
    await app.close();
    throw notListening(thrown, options);
  }
  const address = addressOf(app, options.host);
  app.log.info({ address }, 'serving');
  return {
    address,
    stop: async () => {
      await context.jobs.stop();
      await app.close();
      app.log.info('stopped');
    },
  };
}

async function createApp(
  options: ServerOptions,
): Promise<{ readonly app: FastifyInstance; readonly context: ServerContext }> {
  const { limits, engine } = options;
  const app = Fastify({
    bodyLimit: limits.maxBodyBytes,
    frameworkErrors: (error, request, reply) => sendError(error, request, reply),
    // What is open was answered before it closes.
    forceCloseConnections: true,
    requestTimeout: REQUEST_SECONDS * 1000,
    logController: new LogController({ disableRequestLogging: true }),
    routerOptions: { maxParamLength: 500 },
    logger: {
      level: 'info',
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      stream: { write: options.log },
    },
  });
  const metrics = new Metrics();
  const context: ServerContext = {
    options,
    metrics,
    jobs: new Jobs(engine, limits.maxQueue, metrics),
    models: new ServedModels(options.listModels, options.listUpscalers),
    kept: new KeptImages(),
  };
  // Bodies are checked by the schemas of the core, whose errors name the field, and answers are not cut to schemas.
  app.setValidatorCompiler(() => () => true);
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  // Web pages can send it without asking, and it is never JSON.
  app.removeContentTypeParser('text/plain');
  app.setErrorHandler(sendError);
  app.setNotFoundHandler(({ method, url }) => {
    const [path = ''] = url.split('?');
    throw new HttpError(
      404,
      'not-found',
      `There is no ${method} ${path.slice(0, 200)}. GET /openapi.json describes what there is.`,
    );
  });
  await addGuards(app, context);
  await app.register(multipart, {
    limits: { fileSize: limits.maxBodyBytes, fieldSize: FIELD_BYTES, fields: 50, files: 20 },
  });
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Easel',
        version: VERSION,
        description: "Draws images on this machine, by OpenAI's and AUTOMATIC1111's APIs.",
      },
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
      security: options.token === undefined ? [] : [{ token: [] }],
    },
  });
  // In a plugin of their own, so that the description knows of them.
  await app.register((routes, _options, done) => {
    addServiceRoutes(routes, context);
    addOpenAiRoutes(routes, context);
    addA1111Routes(routes, context);
    done();
  });
  return { app, context };
}

/** Bytes of a field of a form: the longest prompt, and not an image. */
const FIELD_BYTES = 64 * 1024;

/** What every request passes, before its body is read. */
async function addGuards(app: FastifyInstance, context: ServerContext): Promise<void> {
  const { options, jobs, metrics } = context;
  const { allowOrigins = [] } = options;
  app.decorateRequest('drawing', null);
  app.decorateRequest('notes', null);
  app.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id);
    // Also where the client goes away, and no response is finished.
    reply.raw.once('close', () => {
      if (request.drawing) jobs.release(request.drawing);
      logRequest(request, reply, metrics);
    });
    requireKnownHost(request.headers, options);
    done();
  });
  if (allowOrigins.length > 0) await app.register(cors, { origin: [...allowOrigins] });
  app.addHook('onRequest', (request, _reply, done) => {
    requireKnownOrigin(request.headers, options);
    const { open, draws } = request.routeOptions.config;
    if (!open) requireToken(request.headers, options);
    if (draws) request.drawing = jobs.admit();
    done();
  });
}

function logRequest(request: FastifyRequest, reply: FastifyReply, metrics: Metrics): void {
  const status = reply.raw.writableFinished ? reply.statusCode : CLIENT_CLOSED;
  const route = request.routeOptions.url ?? 'unknown';
  const { method } = request;
  metrics.requests.inc({ route, method, status });
  const ms = Math.round(reply.elapsedTime);
  request.log.info({ method, route, status, ms, ...request.notes }, 'request');
}

function sendError(thrown: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const error = answeredError(thrown);
  if (error.isInternal) request.log.error({ err: thrown }, 'internal error');
  const isA1111 = /^\/(?:sdapi|controlnet)\//.test(request.url);
  const body = isA1111 ? a1111Error(error) : openAiError(error);
  void reply.code(error.status).headers(error.headers).send(body);
}

function addServiceRoutes(app: FastifyInstance, { metrics }: ServerContext): void {
  const tags = ['Service'];
  const error = { description: 'An error.', ...described(OpenAiErrorSchema) };
  app.get('/health', {
    config: { open: true },
    schema: {
      tags,
      summary: 'Whether the server runs. Needs no token.',
      security: [],
      response: { 200: { description: 'It runs.', ...described(HealthSchema) } },
    },
    handler: () => ({ status: 'ok' }),
  });
  app.get('/metrics', {
    schema: {
      tags,
      summary: 'Numbers for Prometheus.',
      produces: ['text/plain'],
      response: { 200: { description: 'The numbers.', type: 'string' }, '4xx': error },
    },
    handler: async (_request, reply) =>
      reply
        .header('content-type', metrics.registry.contentType)
        .send(await metrics.registry.metrics()),
  });
  app.get('/openapi.json', {
    schema: {
      tags,
      summary: 'This description.',
      response: {
        200: { description: 'OpenAPI.', type: 'object', additionalProperties: true },
        '4xx': error,
      },
    },
    handler: () => app.swagger(),
  });
}

function addressOf(app: FastifyInstance, host: string): string {
  const { port } = app.server.address() as AddressInfo;
  const name = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
  return `http://${name}:${port}`;
}

function notListening(thrown: unknown, { host, port }: ServerOptions): EaselError {
  const code = systemErrorCode(thrown);
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: `Port ${port} is in use: another server may run. Choose another port with --port, or 0 for any.`,
    EACCES: `Port ${port} may not be used by this user. Choose one from 1024 on.`,
    EADDRNOTAVAIL: `${host} is not an address of this machine.`,
    ENOTFOUND: `${host} is not an address of this machine.`,
  };
  const reason = code === undefined ? undefined : reasons[code];
  const message = reason ?? `The server could not start: ${describeSystemError(thrown)}.`;
  return new EaselError('bad-request', message, { code }, { cause: thrown });
}

import { EaselError } from '../../core/errors';
import { isRecord, type JsonObject } from '../../core/json';
import { oneLine } from '../../core/shown-text';
import type { EndpointReport } from '../../protocol/endpoints';
import { base64, imageOf, readNumber, readText, readTexts, withoutWeights } from './answers';
import type { EndpointConnection } from './connection';
import { oneStrength } from './lora-strengths';
import { pollJob, queueTeller } from './poll-job';
import {
  DIFFUSION_FIELDS,
  type EndpointProtocol,
  type RemoteDrawing,
  type RemoteJob,
  type RemoteRequest,
} from './protocol';
import { chooseSampler } from './remote-samplers';
import { whileDrawing } from './while-drawing';

/** The server of stable-diffusion.cpp: its own API with jobs (examples/server/api.md there). */
export const sdcpp: EndpointProtocol = {
  name: 'sdcpp',
  abilities: {
    fields: DIFFUSION_FIELDS,
    progress: false,
    previews: false,
    cancels: true,
  },
  usualPixels: 512 * 512,

  async speaks(connection, signal) {
    return isRecord(await connection.json('/sdcpp/v1/capabilities', { signal }));
  },

  async report(connection, signal): Promise<EndpointReport> {
    const { model, features, loras } = await readCapabilities(connection, signal);
    const { abilities } = sdcpp;
    const lacks = new Set([
      ...(features.init_image === false ? ['initImage', 'strength'] : []),
      ...(features.mask_image === false ? ['mask'] : []),
      ...(features.lora === false || loras.length === 0 ? ['loras'] : []),
    ]);
    return {
      models: model === undefined ? [] : [model],
      abilities: {
        ...abilities,
        // A job that waits can be cancelled; one that draws goes on in most versions.
        cancels: features.cancel_generating === true,
        fields: abilities.fields.filter((field) => !lacks.has(field)),
      },
    };
  },

  async draw(connection, job): Promise<RemoteDrawing> {
    const { request, signal } = job;
    const capabilities = await readCapabilities(connection, signal);
    const started = await connection.json('/sdcpp/v1/img_gen', {
      json: bodyOf(request, capabilities),
      signal,
      drawing: true,
    });
    const id = isRecord(started) ? readText(started.id) : undefined;
    if (id === undefined) throw connection.unexpected('an answer without the id of a job');
    const path = `/sdcpp/v1/jobs/${encodeURIComponent(id)}`;
    const ended = await whileDrawing(waitFor(connection, path, job), {
      signal,
      cancel: async (late) => {
        await connection.bytes(`${path}/cancel`, { method: 'POST', json: {}, signal: late });
      },
    });
    const images = isRecord(ended.result) ? ended.result.images : undefined;
    if (!Array.isArray(images)) throw connection.unexpected('a finished job without images');
    for (const [at, image] of (images as unknown[]).entries()) {
      const encoded = isRecord(image) ? image.b64_json : undefined;
      const { seed } = request;
      await job.image({
        file: imageOf(encoded, connection),
        ...(seed !== undefined && { seed: seed + at }),
      });
    }
    const [begun, done] = [readNumber(ended.started), readNumber(ended.completed)];
    return {
      ...(capabilities.model !== undefined && { model: capabilities.model }),
      ...(begun !== undefined && done !== undefined && { computedSeconds: done - begun }),
    };
  },
};

interface Capabilities {
  readonly model: string | undefined;
  readonly samplers: readonly string[];
  readonly loras: readonly { readonly name: string; readonly path: string }[];
  readonly features: JsonObject;
}

async function readCapabilities(
  connection: EndpointConnection,
  signal: AbortSignal,
): Promise<Capabilities> {
  const path = '/sdcpp/v1/capabilities';
  const answer = await connection.once(path, () => connection.json(path, { signal }));
  if (!isRecord(answer)) throw connection.unexpected('no capabilities');
  const { model, loras, features, features_by_mode: byMode } = answer;
  const ofImages = isRecord(byMode) ? byMode.img_gen : features;
  return {
    model: isRecord(model) ? (readText(model.stem) ?? readText(model.name)) : undefined,
    samplers: readTexts(answer.samplers),
    loras: (Array.isArray(loras) ? loras : []).flatMap((one: unknown) => {
      if (!isRecord(one)) return [];
      const path = readText(one.path);
      return path === undefined ? [] : [{ name: readText(one.name) ?? path, path }];
    }),
    features: isRecord(ofImages) ? ofImages : {},
  };
}

function bodyOf(request: RemoteRequest, server: Capabilities): JsonObject {
  const { seed, steps, guidanceScale, scheduler, clipSkip, initImage, mask, strength } = request;
  const sampler = scheduler === undefined ? undefined : chooseSampler(scheduler, server.samplers);
  return {
    prompt: withoutWeights(request.prompt, request),
    negative_prompt: withoutWeights(request.negativePrompt, request),
    seed: seed ?? -1,
    ...(request.width !== undefined && { width: request.width }),
    ...(request.height !== undefined && { height: request.height }),
    // There, 1 leaves out none.
    ...(clipSkip > 0 && { clip_skip: clipSkip + 1 }),
    batch_count: request.numImages,
    sample_params: {
      ...(steps !== undefined && { sample_steps: steps }),
      ...(sampler && { sample_method: sampler.sampler }),
      ...(sampler?.karras && { scheduler: 'karras' }),
      ...(guidanceScale !== undefined && { guidance: { txt_cfg: guidanceScale } }),
    },
    ...(initImage && { init_image: base64(initImage), strength: strength ?? 0.8 }),
    ...(mask && { mask_image: base64(mask) }),
    lora: request.loras.map((lora) => ({
      path: loraPath(lora.path, server.loras),
      multiplier: oneStrength(lora),
    })),
    output_format: 'png',
  };
}

/** @throws EaselError `model-not-found`, listing the server's */
function loraPath(name: string, loras: Capabilities['loras']): string {
  const found = loras.find((one) => one.path === name || one.name === name);
  if (found) return found.path;
  throw new EaselError(
    'model-not-found',
    `The endpoint has no LoRA "${oneLine(name, 100)}". It has ${oneLine(loras.map((one) => one.name).join(', ') || 'none', 500)}.`,
  );
}

/** Waits until a job is completed. @throws EaselError */
function waitFor(
  connection: EndpointConnection,
  path: string,
  remote: RemoteJob,
): Promise<JsonObject> {
  const { signal } = remote;
  const tellQueue = queueTeller(remote);
  return pollJob(async () => {
    const job = await connection.json(path, { signal });
    if (!isRecord(job)) return undefined;
    if (job.status === 'completed') return job;
    if (job.status === 'failed' || job.status === 'cancelled') {
      const said = isRecord(job.error) ? readText(job.error.message) : undefined;
      throw connection.refused(said ?? job.status);
    }
    tellQueue(job.status === 'queued' ? (readNumber(job.queue_position) ?? 0) : 0);
    return undefined;
  }, remote);
}

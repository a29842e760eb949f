import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { isRecord, parseRecord } from '../../core/json';
import { writeLoraTag } from '../../core/recipe/lora-tags';
import { samplerLabel } from '../../core/recipe/samplers';
import type { EndpointReport } from '../../protocol/endpoints';
import { base64, imageOf, readNumber, readText, withoutWeights } from './answers';
import type { EndpointConnection } from './connection';
import { twoStrengths } from './lora-strengths';
import { whileDrawing } from './while-drawing';
import {
  DIFFUSION_FIELDS,
  type EndpointProtocol,
  type RemoteDrawing,
  type RemoteJob,
  type RemoteRequest,
} from './protocol';

/** Milliseconds between two questions how far a job is. */
const POLL_MS = 500;

/**
 * The HTTP API of AUTOMATIC1111's web UI (modules/api/api.py and models.py there), which Forge, SD.Next, sd-server,
 * KoboldCpp and Easel itself speak too.
 */
export const a1111: EndpointProtocol = {
  name: 'a1111',
  abilities: {
    fields: [
      ...DIFFUSION_FIELDS,
      ...(['variationSeed', 'variationStrength', 'imageGuidanceScale'] as const),
    ],
    progress: true,
    previews: true,
    cancels: true,
  },
  usualPixels: 512 * 512,

  async speaks(connection, signal) {
    return Array.isArray(await connection.json('/sdapi/v1/sd-models', { signal }));
  },

  async report(connection, signal): Promise<EndpointReport> {
    const listed = await connection.json('/sdapi/v1/sd-models', { signal });
    const models = (Array.isArray(listed) ? listed : []).flatMap((one: unknown) =>
      isRecord(one) ? (readText(one.model_name) ?? readText(one.title) ?? []) : [],
    );
    // Some servers of this kind tell nothing of a running job, and cannot end it.
    const tells = await readProgress(connection, false, signal).then(
      () => true,
      () => false,
    );
    const { abilities } = a1111;
    return {
      models,
      abilities: { ...abilities, progress: tells, previews: tells, cancels: tells },
    };
  },

  async draw(connection, job): Promise<RemoteDrawing> {
    const { request, signal } = job;
    const task = randomUUID();
    const route = request.initImage ? 'img2img' : 'txt2img';
    const answer = await whileDrawing(
      connection.json(`/sdapi/v1/${route}`, {
        json: { ...bodyOf(request), force_task_id: task },
        signal,
        drawing: true,
      }),
      {
        signal,
        watch: (ended) => watch(connection, task, job, ended),
        cancel: (late) => interrupt(connection, task, late),
      },
    );
    if (!isRecord(answer) || !Array.isArray(answer.images)) {
      throw connection.unexpected('an answer without a list of images');
    }
    const info = parseRecord(readText(answer.info)) ?? {};
    const seeds = Array.isArray(info.all_seeds) ? (info.all_seeds as unknown[]) : [info.seed];
    // What comes after the images asked for is a grid, or a map of a control network.
    for (const [at, image] of answer.images.slice(0, request.numImages).entries()) {
      const seed = readNumber(seeds[at]);
      await job.image({
        file: imageOf(image, connection),
        ...(seed !== undefined && { seed }),
      });
    }
    const model = readText(info.sd_model_name);
    return model === undefined ? {} : { model };
  },
};

/** The body of txt2img and img2img. Absent values are the server's. */
function bodyOf(request: RemoteRequest): Record<string, unknown> {
  const { model, seed, scheduler, clipSkip, initImage, mask, strength, imageGuidanceScale } =
    request;
  const sampler = scheduler === undefined ? undefined : samplerLabel(scheduler);
  const settings = {
    ...(model !== undefined && { sd_model_checkpoint: model }),
    // There, 1 leaves out none.
    ...(clipSkip > 0 && { CLIP_stop_at_last_layers: clipSkip + 1 }),
  };
  return {
    prompt: promptOf(request),
    negative_prompt: withoutWeights(request.negativePrompt, request),
    seed: seed ?? -1,
    ...(request.steps !== undefined && { steps: request.steps }),
    ...(request.guidanceScale !== undefined && { cfg_scale: request.guidanceScale }),
    ...(request.width !== undefined && { width: request.width }),
    ...(request.height !== undefined && { height: request.height }),
    ...(sampler && { sampler_name: sampler.sampler, scheduler: sampler.schedule ?? 'Automatic' }),
    ...(request.variationStrength > 0 && {
      subseed: request.variationSeed ?? -1,
      subseed_strength: request.variationStrength,
    }),
    batch_size: 1,
    n_iter: request.numImages,
    ...(Object.keys(settings).length > 0 && {
      override_settings: settings,
      override_settings_restore_afterwards: true,
    }),
    send_images: true,
    save_images: false,
    ...(initImage && {
      init_images: [base64(initImage)],
      denoising_strength: strength ?? 0.8,
      ...(imageGuidanceScale !== undefined && { image_cfg_scale: imageGuidanceScale }),
    }),
    ...(mask && {
      mask: base64(mask),
      // White is drawn, starting from what was there.
      inpainting_mask_invert: 0,
      inpainting_fill: 1,
      inpaint_full_res: false,
    }),
  };
}

function promptOf(request: RemoteRequest): string {
  const tags = request.loras.map((lora) => {
    twoStrengths(lora);
    return writeLoraTag(lora.path, lora);
  });
  return [withoutWeights(request.prompt, request), ...tags].join(' ');
}

interface Progress {
  readonly step: number;
  readonly steps: number;
  readonly image: number;
  /** Whose job runs. Absent: the server does not tell. */
  readonly task: string | undefined;
  readonly preview: unknown;
}

async function readProgress(
  connection: EndpointConnection,
  preview: boolean,
  signal: AbortSignal,
): Promise<Progress> {
  const path = `/sdapi/v1/progress?skip_current_image=${!preview}`;
  const answer = await connection.json(path, { signal });
  if (!isRecord(answer) || !isRecord(answer.state)) {
    throw connection.unexpected('an answer without a state');
  }
  const { state } = answer;
  return {
    step: readNumber(state.sampling_step) ?? 0,
    steps: readNumber(state.sampling_steps) ?? 0,
    image: readNumber(state.job_no) ?? 0,
    task: readText(answer.current_task),
    preview: answer.current_image,
  };
}

/** Tells of the steps until the job has ended. What cannot be read of them does not matter to the image. */
async function watch(
  connection: EndpointConnection,
  task: string,
  { request, step }: RemoteJob,
  ended: AbortSignal,
): Promise<void> {
  let told = '';
  while (!ended.aborted) {
    await delay(POLL_MS, undefined, { signal: ended });
    const progress = await readProgress(connection, request.preview, ended);
    const { step: index, steps: total, image, preview } = progress;
    const isOurs = progress.task === undefined || progress.task === task;
    const at = `${image} ${index}`;
    if (!isOurs || index < 1 || total < 1 || at === told) continue;
    told = at;
    step({
      ...{ index: Math.min(index, total), total },
      image: Math.min(image, request.numImages - 1),
      preview: typeof preview === 'string' ? imageOf(preview, connection) : undefined,
    });
  }
}

/** Ends the job that runs there, unless it is known to be another one. */
async function interrupt(
  connection: EndpointConnection,
  task: string,
  signal: AbortSignal,
): Promise<void> {
  const { task: running } = await readProgress(connection, false, signal);
  if (running !== undefined && running !== task) return;
  await connection.bytes('/sdapi/v1/interrupt', { method: 'POST', signal });
}

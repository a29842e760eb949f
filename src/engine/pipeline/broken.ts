import type { BrokenPlace } from '../../core/diffusion/finite';
import { EaselError } from '../../core/errors';
import type { JobPlan } from './plan';

/** Whether a job failed because a network or the scheduler gave NaN or infinity. */
export function isNotFinite(thrown: unknown): thrown is EaselError {
  return thrown instanceof EaselError && thrown.code === 'not-finite';
}

/** The error of `requireFinite` with the model's name, and with what may help. */
export function explainNotFinite(error: EaselError, { model, request }: JobPlan): EaselError {
  const { place } = error.data as BrokenPlace;
  const advice = [...adviceFor(place, request.vae), 'draw with another model'];
  if (request.loras.length > 0 || request.embeddings.length > 0) {
    advice.unshift('draw without the LoRAs and embeddings');
  }
  if (request.controlnets.length > 0) advice.unshift('draw without the ControlNets');
  if (request.ipAdapters.length > 0) advice.unshift('draw without the IP-Adapters');
  const last = advice.pop()!;
  return new EaselError(
    'not-finite',
    `${model.id}: ${error.message} Check its files with "easel models verify", ${advice.join(', ')}, or ${last}.`,
    { ...error.data, model: model.id },
    { cause: error },
  );
}

function adviceFor(place: BrokenPlace['place'], vae: JobPlan['request']['vae']): string[] {
  switch (place) {
    case 'decoder':
    case 'encoder':
      return [`decode with --vae ${vae === 'tiny' ? 'full' : 'tiny'}`];
    case 'scheduler':
      return ['choose another scheduler with --scheduler euler', 'lower the guidance'];
    case 'denoiser':
    case 'text encoder':
    case 'image encoder':
    case 'safety checker':
      return ['download it again'];
  }
}

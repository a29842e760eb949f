import path from 'node:path';
import { DEVICE_CHOICES, type DeviceChoice } from '../core/devices';
import { EaselError } from '../core/errors';
import { REQUEST_FIELDS } from '../core/request/fields';
import { SAFETY_CHOICES, type SafetyChoice } from '../core/request/safety';
import { MAX_IDLE_MINUTES } from './idle-processes';
import type { ParsedOptions } from './parse-options';
import { expandHome } from './paths';

/** What `easel mcp` and `easel serve` have in common. */
export interface ServingOptions {
  /** For calls that name no model: an id, or the absolute path of a folder or file. */
  readonly model: string;
  readonly device: DeviceChoice;
  readonly safetyChecker: SafetyChoice;
  /** Milliseconds without a call after which the models leave the memory. */
  readonly idleMs: number;
}

const IDLE_MINUTES = 5;

/** @throws EaselError `bad-request` naming the option */
export function readServingOptions({
  model,
  device = 'auto',
  'idle-minutes': idle = String(IDLE_MINUTES),
  'safety-checker': safety = REQUEST_FIELDS.safetyChecker.default,
}: ParsedOptions['values']): ServingOptions {
  const known = DEVICE_CHOICES.find((choice) => choice === String(device).toLowerCase());
  if (!known) {
    throw new EaselError('bad-request', `--device must be ${DEVICE_CHOICES.join(', ')}.`);
  }
  const safetyChecker = SAFETY_CHOICES.find((choice) => choice === String(safety).toLowerCase());
  if (!safetyChecker) {
    throw new EaselError('bad-request', `--safety-checker must be ${SAFETY_CHOICES.join(', ')}.`);
  }
  const minutes = Number(idle);
  if (!(minutes > 0 && minutes <= MAX_IDLE_MINUTES)) {
    throw new EaselError(
      'bad-request',
      `--idle-minutes must be a number above 0, up to ${MAX_IDLE_MINUTES}.`,
    );
  }
  return {
    model: typeof model === 'string' && model !== '' ? chosenModel(model) : 'starter',
    device: known,
    safetyChecker,
    idleMs: minutes * 60_000,
  };
}

/**
 * A path only where it looks like one: `org/name` names a model of the cache, also where the working folder, which
 * may be anyone's project, has a folder of that name.
 */
function chosenModel(model: string): string {
  const isPath = /^[./\\~]|^[a-z]:|\\|\.(safetensors|gguf|ckpt)$/i.test(model);
  return isPath ? path.resolve(expandHome(model)) : model;
}

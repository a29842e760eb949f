import { EaselError } from '../../../../core/errors';
import type { JsonObject } from '../../../../core/json';
import type { UNetConfig } from '../../../graph/unet-config';
import type { TensorRef } from '../../../weights/source';

/** What a network that controls is to be added to. */
export interface ControlBase {
  /** The model's id. */
  readonly id: string;
  readonly unet: UNetConfig;
  /** Pixels for each cell of the latents, in a row. */
  readonly factor: number;
}

/** A folder as diffusers saves a component. */
export interface ControlFolder {
  /** What the user calls it. */
  readonly id: string;
  readonly folder: string;
  /** Its config.json, and where that is. */
  readonly json: JsonObject;
  readonly where: string;
}

/** A file of weights, which has no config. */
export interface ControlFile {
  /** What the user calls it. */
  readonly id: string;
  readonly file: string;
  readonly tensors: ReadonlyMap<string, TensorRef>;
}

/** The error for a network that is something else than what the model can take. @param what ends the sentence */
export function unsupportedControl(id: string, what: string): EaselError {
  return new EaselError('unsupported-model', `${id} is ${what}.`, {
    field: 'controlnets',
    controlnet: id,
  });
}

/** How many numbers from 0 on are there. */
export function countOf(isThere: (index: number) => boolean): number {
  let count = 0;
  while (isThere(count)) count += 1;
  return count;
}

import path from 'node:path';
import { EaselError } from '../../../../core/errors';
import { imageFactor } from '../../../graph/controlnet';
import { parseControlNetConfig, type ControlNetConfig } from '../../../graph/controlnet-config';
import type { UNetConfig } from '../../../graph/unet-config';
import { isFile } from '../../../store/hub-cache';
import { isClassName, readJsonObject } from '../../../store/model-folder';
import { resolveControlNet } from '../../../store/resolve-adapter';
import { openComponentWeights, type WeightSource } from '../../../weights/source';
import { readWeightTensors } from '../../../weights/weight-file';
import { unetFamily } from '../unet/unet';
import { readControlFile } from './control-file';

/** A ControlNetModel. The weights are not loaded yet. */
export interface ControlNet {
  /** What the user calls it. */
  readonly id: string;
  readonly config: ControlNetConfig;
  readonly weights: WeightSource;
}

/** What a ControlNet is to be added to. */
export interface ControlBase {
  /** The model's id. */
  readonly id: string;
  readonly unet: UNetConfig;
  /** Pixels for each cell of the latents, in a row. */
  readonly factor: number;
}

/**
 * Opens a ControlNet for a model: a folder or repository as diffusers saves it, or one file in diffusers' or the
 * original layout. No weights are loaded.
 * @throws EaselError see `Model.withControlNets`
 */
export async function openControlNet(id: string, base: ControlBase): Promise<ControlNet> {
  const file = await resolveControlNet(id);
  const folder = path.dirname(file);
  const isComponent =
    path.basename(file).startsWith('diffusion_pytorch_model') &&
    (await isFile(path.join(folder, 'config.json')));
  const found = isComponent ? await readComponent(id, folder) : await readFile(id, file, base);
  requireFit({ id, ...found }, base);
  return { id, ...found };
}

type Opened = Omit<ControlNet, 'id'>;

async function readComponent(id: string, folder: string): Promise<Opened> {
  const where = path.join(folder, 'config.json');
  const json = await readJsonObject(where, folder);
  const { _class_name: found } = json;
  if (found !== 'ControlNetModel') {
    const what = isClassName(found) ? `a ${found}` : 'no ControlNetModel';
    throw unsupported(id, `${what}, which Easel does not support as a ControlNet`);
  }
  const config = parseControlNetConfig(json, where);
  return { config, weights: await openComponentWeights(folder) };
}

async function readFile(id: string, file: string, base: ControlBase): Promise<Opened> {
  const { family, textWidth, config, weights } = readControlFile({
    ...{ id, file, unet: base.unet },
    tensors: await readWeightTensors(file),
  });
  // Before the shapes of all levels are compared: the family says more.
  requireFamily(id, { family, textWidth }, base);
  return { config: config(), weights };
}

/** @throws EaselError `unsupported-model` where what the ControlNet adds has no place in the UNet */
function requireFit({ id, config }: Omit<ControlNet, 'weights'>, base: ControlBase): void {
  const { unet, factor } = base;
  const own = { family: unetFamily(config), textWidth: config.crossAttentionDim };
  requireFamily(id, own, base);
  const shapeOf = ({ down }: UNetConfig) =>
    down.map(({ channels, resnets }) => `${resnets} × ${channels}`).join(', ');
  if (shapeOf(config) !== shapeOf(unet)) {
    throw unsupported(
      id,
      `a ControlNet for other blocks (${shapeOf(config)}) than those of ${base.id} (${shapeOf(unet)}). It cannot be used with this model`,
    );
  }
  if (config.inChannels > unet.inChannels || imageFactor(config) !== factor) {
    const cells = `${config.inChannels} latent channels and ${imageFactor(config)} pixels for each cell`;
    throw unsupported(
      id,
      `a ControlNet for ${cells}, and ${base.id} has others. It cannot be used with this model`,
    );
  }
}

export interface ControlFamily {
  /** Such as `SD 1.x`; empty if it has no name. */
  readonly family: string;
  /** Of the text features that it reads; undefined if it reads none. */
  readonly textWidth: number | undefined;
}

/** @throws EaselError `unsupported-model` with both families */
function requireFamily(id: string, own: ControlFamily, { id: model, unet }: ControlBase): void {
  const theirs = { family: unetFamily(unet), textWidth: unet.crossAttentionDim };
  const sameWidth = own.textWidth === undefined || own.textWidth === theirs.textWidth;
  if (own.family === theirs.family && sameWidth) return;
  const named = ({ family, textWidth }: ControlFamily) =>
    family === '' ? `text features ${textWidth ?? 0} wide` : family;
  throw unsupported(
    id,
    `a ControlNet for ${named(own)}, and ${model} is a model for ${named(theirs)}. Choose a ControlNet for ${named(theirs)}, or another model`,
  );
}

function unsupported(id: string, what: string): EaselError {
  return new EaselError('unsupported-model', `${id} is ${what}.`, {
    field: 'controlnets',
    controlnet: id,
  });
}

import { imageFactor } from '../../../graph/controlnet';
import { parseControlNetConfig, type ControlNetConfig } from '../../../graph/controlnet-config';
import type { UNetConfig } from '../../../graph/unet-config';
import { isClassName } from '../../../store/model-folder';
import { openComponentWeights, type WeightSource } from '../../../weights/source';
import {
  unsupportedControl,
  type ControlBase,
  type ControlFile,
  type ControlFolder,
} from '../control/base';
import { describeFamily, unetFamily } from '../unet/unet';
import { readControlFile } from './control-file';

/** A ControlNetModel. The weights are not loaded yet. */
export interface ControlNet {
  readonly kind: 'controlnet';
  /** What the user calls it. */
  readonly id: string;
  readonly config: ControlNetConfig;
  readonly weights: WeightSource;
}

/**
 * Opens a ControlNet that diffusers has saved, for a model.
 * @throws EaselError see `Model.withControlNets`
 */
export async function controlNetOfFolder(
  { id, folder, json, where }: ControlFolder,
  base: ControlBase,
): Promise<ControlNet> {
  const { _class_name: found } = json;
  if (found !== 'ControlNetModel') {
    const what = isClassName(found) ? `a ${found}` : 'no ControlNetModel';
    throw unsupportedControl(id, `${what}, which Easel does not support as a ControlNet`);
  }
  if (json.num_control_type !== undefined) {
    throw unsupportedControl(id, 'a ControlNet Union, which Easel does not support');
  }
  const config = parseControlNetConfig(json, where);
  const opened = { id, config, weights: await openComponentWeights(folder) };
  requireFit(opened, base);
  return { kind: 'controlnet', ...opened };
}

/**
 * Opens a ControlNet in one file, for a model.
 * @throws EaselError see `Model.withControlNets`
 */
export function controlNetOfFile(from: ControlFile, base: ControlBase): ControlNet {
  const { id } = from;
  const { family, textWidth, config, weights } = readControlFile({ ...from, unet: base.unet });
  // Before the shapes of all levels are compared: the family says more.
  requireFamily(id, { family, textWidth }, base);
  const opened = { id, config: config(), weights };
  requireFit(opened, base);
  return { kind: 'controlnet', ...opened };
}

/** @throws EaselError `unsupported-model` where what the ControlNet adds has no place in the UNet */
function requireFit({ id, config }: Omit<ControlNet, 'kind' | 'weights'>, base: ControlBase): void {
  const { unet, factor } = base;
  const own = { family: unetFamily(config), textWidth: config.crossAttentionDim };
  requireFamily(id, own, base);
  const shapeOf = ({ down }: UNetConfig) =>
    down.map(({ channels, resnets }) => `${resnets} × ${channels}`).join(', ');
  if (shapeOf(config) !== shapeOf(unet)) {
    throw unsupportedControl(
      id,
      `a ControlNet for other blocks (${shapeOf(config)}) than those of ${base.id} (${shapeOf(unet)}). It cannot be used with this model`,
    );
  }
  if (config.inChannels > unet.inChannels || imageFactor(config) !== factor) {
    const cells = `${config.inChannels} latent channels and ${imageFactor(config)} pixels for each cell`;
    throw unsupportedControl(
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
  const named = ({ family, textWidth }: ControlFamily) => describeFamily(family, textWidth);
  throw unsupportedControl(
    id,
    `a ControlNet for ${named(own)}, and ${model} is a model for ${named(theirs)}. Choose a ControlNet for ${named(theirs)}, or another model`,
  );
}

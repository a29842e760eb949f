import type { TensorRef } from '../../../weights/source';
import { knownAdapter, knownPart, unsupported } from '../../../weights/known-files';
import { DRAWS, familyOfTensors } from '../../other-families';

type Tensors = ReadonlyMap<string, TensorRef>;

const ADAPTER_ADVICE =
  'To draw images like another one, use an IP-Adapter with another model: --ip-adapter MODEL --ip-adapter-image FILE';

/** Checkpoints whose UNet has the first layer of Stable Diffusion's, and takes other inputs. */
const OTHER_WHOLES: readonly (readonly [RegExp, string])[] = [
  [/\.(time_stack|time_mixer)\./, unsupported('Stable Video Diffusion')],
  [/motion_modules?\./, unsupported('a model with a motion module (AnimateDiff)')],
  [
    /^depth_model\./,
    `${unsupported('a depth-to-image model')}. To keep the depths of an image, use a ControlNet or a T2I-Adapter for depth with another model: --controlnet MODEL --control-image FILE`,
  ],
  [
    /^(noise_augmentor|embedder)\./,
    `${unsupported('a model for image variations (Stable unCLIP)')}. ${ADAPTER_ADVICE}`,
  ],
  // Its CLIP reads images; those that read text are stored without that half.
  [
    /^cond_stage_model\.model\.visual\./,
    `${unsupported('a model for image variations')}. ${ADAPTER_ADVICE}`,
  ],
  [/^model\.diffusion_model\.encoder_hid_proj\.weight$/, `${unsupported('Kolors')}. ${DRAWS}`],
];

/** What a checkpoint is that looks like one of Stable Diffusion, and is none; undefined if nothing says it. */
export function otherWholeModel(tensors: Tensors): string | undefined {
  const names = [...tensors.keys()];
  return OTHER_WHOLES.find(([pattern]) => names.some((name) => pattern.test(name)))?.[1];
}

/** What a file is that is no whole model of a supported family; undefined if no pattern says it. */
export function partOfModel(tensors: Tensors): string | undefined {
  if (isWholeModel(tensors)) return undefined;
  const names = [...tensors.keys()];
  const family = familyOfTensors(names);
  return knownAdapter(names) ?? (family && `${unsupported(family)}. ${DRAWS}`) ?? knownPart(names);
}

/** Whether a checkpoint has the UNet of Stable Diffusion 1, 2 or XL, or its moving average. */
export function isWholeModel(tensors: Tensors): boolean {
  if (tensors.has('model.diffusion_model.input_blocks.0.0.weight')) return true;
  return [...tensors.keys()].some((name) => name.startsWith('model_ema.diffusion_model'));
}

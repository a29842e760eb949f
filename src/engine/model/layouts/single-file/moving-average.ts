import type { TensorRef } from '../../../weights/source';

type Tensors = ReadonlyMap<string, TensorRef>;

const UNET = 'model.diffusion_model.';
/** LitEma of CompVis/latent-diffusion keeps `model.` outside, and removes all dots (ldm/modules/ema.py). */
const AVERAGE = 'model_ema.diffusion_model';

/**
 * The tensors of a checkpoint that has only the moving average (EMA) of the UNet's weights: these become the UNet,
 * as diffusers' `extract_ema` does it. Other checkpoints are returned as they are: where both are there, the
 * UNet's own weights are used, as in `from_single_file`.
 */
export function withAveragedUNet(tensors: Tensors): Tensors {
  const names = [...tensors.keys()];
  if (names.some((name) => name.startsWith(UNET))) return tensors;
  if (!names.some((name) => name.startsWith(AVERAGE))) return tensors;
  const originals = unetNames();
  const renamed = new Map<string, TensorRef>();
  for (const [name, tensor] of tensors) {
    const original = originals.get(name.slice(AVERAGE.length).replaceAll('.', ''));
    const own = name.startsWith(AVERAGE) && original !== undefined ? UNET + original : name;
    renamed.set(own, { ...tensor, name: own });
  }
  return renamed;
}

/** More than the blocks and the transformers of one block in Stable Diffusion 1, 2 and XL. */
const BLOCKS = 12;
const TRANSFORMERS = 10;

/**
 * The names of the original UNet's weights (openaimodel.py) without dots → with dots. The dots cannot be put back
 * by a rule: only the names say where they belong.
 */
function unetNames(): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const add = (module: string): void => {
    for (const parameter of ['weight', 'bias']) {
      const name = `${module}.${parameter}`;
      names.set(name.replaceAll('.', ''), name);
    }
  };
  for (const module of ['time_embed.0', 'time_embed.2', 'out.0', 'out.2']) add(module);
  for (const module of ['label_emb.0.0', 'label_emb.0.2', 'input_blocks.0.0']) add(module);
  const places = [0, 1, 2].flatMap((member) => [
    `middle_block.${member}`,
    ...Array.from({ length: BLOCKS }, (_, block) => `input_blocks.${block}.${member}`),
    ...Array.from({ length: BLOCKS }, (_, block) => `output_blocks.${block}.${member}`),
  ]);
  // A table of classes has a weight alone.
  names.set('label_embweight', 'label_emb.weight');
  for (const place of places) for (const member of MEMBERS) add(`${place}.${member}`);
  return names;
}

const ATTENTION = ['to_q', 'to_k', 'to_v', 'to_out.0'];
const TRANSFORMER = [
  ...ATTENTION.map((layer) => `attn1.${layer}`),
  ...ATTENTION.map((layer) => `attn2.${layer}`),
  ...['ff.net.0.proj', 'ff.net.2', 'norm1', 'norm2', 'norm3'],
];
/** Of a ResNet, a resampler and a transformer. */
const MEMBERS = [
  ...['in_layers.0', 'in_layers.2', 'emb_layers.1', 'out_layers.0', 'out_layers.3'],
  ...['skip_connection', 'op', 'conv', 'norm', 'proj_in', 'proj_out'],
  ...Array.from({ length: TRANSFORMERS }, (_, index) => index).flatMap((index) =>
    TRANSFORMER.map((layer) => `transformer_blocks.${index}.${layer}`),
  ),
];

import { RE2JS, RE2JSSyntaxException } from 're2js';
import type { Builder } from './builder';
import type { Value } from './graph';
import { concat, splitRows } from './ops/shape';
import type { UNetConfig } from './unet-config';
import type { UNetLevel } from './unet-levels';

/** Regular expressions for names of layers, as diffusers' `pag_applied_layers` takes them. */
export type PerturbedLayers = readonly string[];

/**
 * Whether a self-attention is one of the layers: some part of its path matches one of them (diffusers,
 * PAGMixin._set_pag_attn_processor). What that says of names that end with a number holds for transformers alone: those
 * of a UNet end with `attn1`.
 */
export function isPerturbed(module: string, layers: PerturbedLayers): boolean {
  return layers.some((layer) => layerMatcher(layer)(module));
}

/** Whether a self-attention is one of a layer, which is read once for all of them. */
export function layerMatcher(layer: string): (module: string) => boolean {
  const pattern = RE2JS.compile(layer);
  return (module) => pattern.matcher(module).find();
}

/**
 * Why a text is no regular expression; undefined where it is one. Python's are read as RE2 has them: its time grows with
 * the length alone, so that no pattern can hang, and it has no backreferences and does not look ahead or behind.
 */
export function layerFault(layer: string): string | undefined {
  try {
    RE2JS.compile(layer);
    return undefined;
  } catch (thrown) {
    if (!(thrown instanceof RE2JSSyntaxException)) throw thrown;
    return `${thrown.getDescription()}: ${thrown.getPattern()}`;
  }
}

/**
 * Self-attention of which each token of the last row attends to itself alone: perturbed-attention guidance
 * (arXiv:2403.17377; diffusers, PAGCFGIdentitySelfAttnProcessor2_0 and PAGIdentitySelfAttnProcessor2_0).
 * @param mixed what each token attends to, before the last layer: [B, T, C]
 * @param values of all tokens, [B, T, C]
 */
export function withLastPerturbed(b: Builder, mixed: Value, values: Value): Value {
  const rows = (x: Value) => splitRows(b, x, x.shape[0]!);
  return concat(b, [...rows(mixed).slice(0, -1), rows(values).at(-1)!], 0);
}

/** The modules of a UNet with self-attention, such as `mid_block.attentions.0.transformer_blocks.0.attn1`. */
export function selfAttentions({ down, up, mid }: UNetConfig): readonly string[] {
  const within = (block: string, transformers: UNetLevel['transformers']) =>
    transformers && !transformers.onlyCrossAttention
      ? transformers.layers.flatMap((count, index) =>
          Array.from(
            { length: count },
            (_, layer) => `${block}.attentions.${index}.transformer_blocks.${layer}.attn1`,
          ),
        )
      : [];
  return [
    ...down.flatMap(({ transformers }, index) => within(`down_blocks.${index}`, transformers)),
    ...within('mid_block', mid?.transformers),
    ...up.flatMap(({ transformers }, index) => within(`up_blocks.${index}`, transformers)),
  ];
}

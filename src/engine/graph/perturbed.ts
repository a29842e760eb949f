import type { Builder } from './builder';
import type { Value } from './graph';
import { concat, splitRows } from './ops/shape';
import type { UNetConfig } from './unet-config';
import type { UNetLevel } from './unet-levels';

/** Names of layers, as diffusers' `pag_applied_layers` takes them. */
export type PerturbedLayers = readonly string[];

/** Whether a module is one of the layers: its path has one of their names in it, where a dot is any character. */
export function isPerturbed(module: string, layers: PerturbedLayers): boolean {
  return layers.some((layer) => new RegExp(layer).test(module));
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

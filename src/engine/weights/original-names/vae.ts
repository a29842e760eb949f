const MEMBERS: Readonly<Record<string, string>> = {
  norm_out: 'conv_norm_out',
  nin_shortcut: 'conv_shortcut',
};

/** The members of the attention block. Its linear layers are stored as 1 × 1 convolutions. */
const ATTENTION: Readonly<Record<string, string>> = {
  norm: 'group_norm',
  q: 'to_q',
  k: 'to_k',
  v: 'to_v',
  proj_out: 'to_out.0',
};

/**
 * Converts a parameter's name of the original autoencoder (CompVis/taming-transformers, model.py) to
 * diffusers' name, like `convert_ldm_vae_checkpoint` (diffusers, loaders/single_file_utils.py).
 *
 * @param name without `first_stage_model.`
 * @param levels number of resolutions. The original numbers the up blocks from the highest resolution,
 *   diffusers from the lowest
 */
export function diffusersVaeName(name: string, levels: number): string {
  const attention = /^(encoder|decoder)\.mid\.attn_1\.(\w+)\.(.*)$/.exec(name);
  if (attention !== null) {
    const [, coder, member, parameter] = attention;
    return `${coder!}.mid_block.attentions.0.${ATTENTION[member!] ?? member!}.${parameter!}`;
  }
  return name
    .replace(/\bmid\.block_([12])\b/, (_, block) => `mid_block.resnets.${Number(block) - 1}`)
    .replace(/\bdown\.(\d+)\.block\.(\d+)/, 'down_blocks.$1.resnets.$2')
    .replace(/\bdown\.(\d+)\.downsample\b/, 'down_blocks.$1.downsamplers.0')
    .replace(
      /\bup\.(\d+)\.block\.(\d+)/,
      (_, level, block) => `${up(level, levels)}.resnets.${String(block)}`,
    )
    .replace(/\bup\.(\d+)\.upsample\b/, (_, level) => `${up(level, levels)}.upsamplers.0`)
    .replace(/\b(norm_out|nin_shortcut)\b/, (member) => MEMBERS[member]!);
}

function up(level: unknown, levels: number): string {
  return `up_blocks.${levels - 1 - Number(level)}`;
}

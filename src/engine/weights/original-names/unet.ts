/**
 * Converts a parameter's or module's name of the original UNet (openaimodel.py of CompVis/latent-diffusion) to
 * diffusers' name, like `convert_ldm_unet_checkpoint` (diffusers, loaders/single_file_utils.py).
 *
 * @param name without `model.diffusion_model.`
 * @param layersPerBlock ResNet blocks in each down block
 * @param separator between the parts of the name; LoRA files use `_`
 * @returns undefined for a name of another layout
 */
export function diffusersUNetName(
  name: string,
  layersPerBlock: number,
  separator: '.' | '_' = '.',
): string | undefined {
  const dotted = separator === '.' ? name : separateStart(name);
  const [kind = '', first, second, ...rest] = dotted.split('.');
  const join = (...parts: string[]): string => parts.join('.').replaceAll('.', separator);
  switch (kind) {
    case 'time_embed':
      return join(`time_embedding.linear_${layer(first)}`, ...tail(second, rest));
    case 'label_emb':
      return join(`add_embedding.linear_${layer(second)}`, ...rest);
    case 'out':
      return join(first === '0' ? 'conv_norm_out' : 'conv_out', ...tail(second, rest));
    case 'input_blocks':
      return prefixed(inputBlock(Number(first), second, rest, layersPerBlock), join);
    case 'middle_block':
      return prefixed(middleBlock(first, tail(second, rest)), join);
    case 'output_blocks':
      return prefixed(outputBlock(Number(first), second, rest, layersPerBlock), join);
    default:
      return undefined;
  }
}

/** A Sequential's members 0 and 2 are its first and second linear layer. */
function layer(index: string | undefined): string {
  return index === '0' ? '1' : '2';
}

function tail(second: string | undefined, rest: readonly string[]): readonly string[] {
  return second === undefined ? rest : [second, ...rest];
}

function prefixed(
  parts: readonly string[] | undefined,
  join: (...parts: string[]) => string,
): string | undefined {
  return parts === undefined ? undefined : join(...parts);
}

function inputBlock(
  index: number,
  member: string | undefined,
  rest: readonly string[],
  layersPerBlock: number,
): readonly string[] | undefined {
  if (index === 0) return ['conv_in', ...rest];
  const block = Math.floor((index - 1) / (layersPerBlock + 1));
  const place = (index - 1) % (layersPerBlock + 1);
  const down = `down_blocks.${block}`;
  if (member === '1') return [`${down}.attentions.${place}`, ...rest];
  if (rest[0] === 'op') return [`${down}.downsamplers.0.conv`, ...rest.slice(1)];
  return [`${down}.resnets.${place}`, ...resnetMember(rest)];
}

function middleBlock(
  member: string | undefined,
  rest: readonly string[],
): readonly string[] | undefined {
  if (member === '1') return ['mid_block.attentions.0', ...rest];
  return [`mid_block.resnets.${member === '0' ? 0 : 1}`, ...resnetMember(rest)];
}

function outputBlock(
  index: number,
  member: string | undefined,
  rest: readonly string[],
  layersPerBlock: number,
): readonly string[] | undefined {
  const block = Math.floor(index / (layersPerBlock + 1));
  const up = `up_blocks.${block}`;
  const place = index % (layersPerBlock + 1);
  if (member === '0') return [`${up}.resnets.${place}`, ...resnetMember(rest)];
  // The upsampler is the last member. It is the second one if the level has no attention.
  if (rest[0] === 'conv') return [`${up}.upsamplers.0.conv`, ...rest.slice(1)];
  return [`${up}.attentions.${place}`, ...rest];
}

const RESNET_MEMBERS: Readonly<Record<string, string>> = {
  'in_layers.0': 'norm1',
  'in_layers.2': 'conv1',
  'out_layers.0': 'norm2',
  'out_layers.3': 'conv2',
  'emb_layers.1': 'time_emb_proj',
};

function resnetMember([name = '', index, ...rest]: readonly string[]): readonly string[] {
  if (name === 'skip_connection') return ['conv_shortcut', ...tail(index, rest)];
  const member = RESNET_MEMBERS[`${name}.${index ?? ''}`];
  return member === undefined ? [name, ...tail(index, rest)] : [member, ...rest];
}

/** Replaces underscores by dots between the parts that are converted. The rest of the name is not changed. */
function separateStart(name: string): string {
  const blocks = /^(input_blocks|output_blocks)_(\d+)_(\d+)_?(.*)$/.exec(name);
  if (blocks !== null) return blockParts([blocks[1]!, blocks[2]!, blocks[3]!], blocks[4]!);
  const middle = /^(middle_block)_(\d+)_?(.*)$/.exec(name);
  if (middle !== null) return blockParts([middle[1]!, middle[2]!], middle[3]!);
  const other = /^(time_embed|label_emb_0|out)_(\d+)$/.exec(name);
  return other === null ? name : `${other[1]!.replace('label_emb_0', 'label_emb.0')}.${other[2]!}`;
}

function blockParts(start: readonly string[], rest: string): string {
  const member = rest.replace(/^(in_layers|out_layers|emb_layers)_(\d)/, '$1.$2');
  return [...start, ...(member === '' ? [] : [member])].join('.');
}

import { EaselError } from '../../core/errors';
import type { OtherKind } from './lora-names';

/** The modules of each kind in a file. */
export type KindCounts = Map<OtherKind, Set<string>>;

/** Files that are given as a LoRA and are something else, by a name that only they have. */
const OTHER_FILES: readonly (readonly [RegExp, string])[] = [
  [/^lora_controlnet$/, 'a Control-LoRA, which is a ControlNet. Easel does not support these'],
  [
    /^(?:control_model|controlnet_|controlnet)|^input_hint_block\./,
    'a ControlNet. Give it with --controlnet',
  ],
  [/^lllite_/, 'a ControlNet-LLLite. Easel does not support these'],
  [/^(?:adapter\.)?body\.\d/, 'a T2I-Adapter. Give it with --controlnet'],
  [
    /^(?:image_proj|ip_adapter)\.|\.to_k_ip\.|^adapter\.\d/,
    'an IP-Adapter. Give it with --ip-adapter',
  ],
  [
    /^(?:emb_params|string_to_param|string_to_token|clip_[lg]|text_encoders_[01])$|^<[^<>]+>$/,
    'a textual inversion. Give it with --embedding',
  ],
  [
    /^model\.diffusion_model\.|^first_stage_model\.|^cond_stage_model\.|^conditioner\./,
    'a whole model. Give it with --model',
  ],
  [
    /^(?:encoder|decoder)\.(?:conv_in|mid|down|up)/,
    'an autoencoder (VAE). Easel reads it as a part of a model',
  ],
  [
    /^(?:down_blocks|mid_block|up_blocks|text_model)\.|^conv_in\.weight$/,
    'a part of a model (a UNet or a text encoder). Give the whole model with --model',
  ],
  [/motion_modules/, 'a motion module for videos. Easel does not support these'],
  [
    /(?:^|\.)(?:\d+)\.linear\.\d|^(?:768|320|640|1280)$/,
    'a hypernetwork. Easel does not support these',
  ],
];

/** The error for a file without any module of a LoRA; it says what the file is, if that is known. */
export function noLora(path: string, names: readonly string[]): EaselError {
  for (const [pattern, what] of OTHER_FILES) {
    if (names.some((name) => pattern.test(name))) {
      const message = `${path} is not a LoRA. It is ${what}.`;
      return new EaselError('unsupported-model', message, { path });
    }
  }
  const example = names[0]?.slice(0, 120);
  const message =
    `${path} is not a LoRA in a supported format. Supported: files of diffusers, kohya's scripts, LyCORIS, ` +
    'ComfyUI and OneTrainer.' +
    (example === undefined
      ? ' It has no tensors.'
      : ` It has a tensor ${JSON.stringify(example)}.`);
  return new EaselError('unsupported-model', message, { path });
}

/**
 * The error for a file of other kinds of adapters. Such a file is refused as a whole, because drawing with a part
 * of it would look like an image of the whole.
 * @param counts the modules of each kind
 * @param loras the number of plain LoRA modules beside them
 */
export function otherKinds(path: string, counts: KindCounts, loras: number): EaselError {
  const kinds = [...counts.keys()];
  const names = kinds.join(', ');
  const parts = [
    ...[...counts].map(([kind, modules]) => `${modules.size} ${kind}`),
    ...(loras > 0 ? [`${loras} LoRA`] : []),
  ];
  const list = ` (modules: ${parts.join(', ')})`;
  const message =
    `${path} is no LoRA but another kind of adapter: ${names}${list}. ` +
    `${kinds.length > 1 ? 'These kinds are' : `${names} is`} not supported. ` +
    'Use a LoRA, LoCon, LoHa, LoKr, GLoRA, (IA)^3 or DoRA, or a model that the file was merged into.';
  return new EaselError('unsupported-model', message, { path, kinds });
}

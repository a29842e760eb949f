/** The networks that a LoRA can change, by diffusers' names. */
export type LoraComponent = 'unet' | 'text_encoder' | 'text_encoder_2';

/** The role of a tensor in a LoRA file. `ignored` has no effect on the image. */
export type LoraRole = 'down' | 'up' | 'mid' | 'alpha' | 'ignored' | 'unsupported';

/** The parsed name of a tensor in a LoRA file. */
export interface LoraKey {
  readonly component: LoraComponent;
  /** Path of the changed module, with underscores instead of dots, because files differ in their dots. */
  readonly module: string;
  readonly role: LoraRole;
}

const ROLES: readonly (readonly [RegExp, LoraRole])[] = [
  // diffusers with PEFT, diffusers before PEFT, kohya's scripts.
  [/\.lora_A(?:\.\w+)?\.weight$/, 'down'],
  [/\.lora_B(?:\.\w+)?\.weight$/, 'up'],
  [/[._]lora\.down\.weight$/, 'down'],
  [/[._]lora\.up\.weight$/, 'up'],
  [/\.lora_linear_layer\.down\.weight$/, 'down'],
  [/\.lora_linear_layer\.up\.weight$/, 'up'],
  [/\.lora_down\.weight$/, 'down'],
  [/\.lora_up\.weight$/, 'up'],
  [/\.lora_mid\.weight$/, 'mid'],
  [/\.alpha$/, 'alpha'],
  // diffusers also ignores kohya's DoRA scales.
  [/\.dora_scale$/, 'ignored'],
];

const PREFIXES: readonly (readonly [RegExp, LoraComponent])[] = [
  [/^lora_unet_/, 'unet'],
  [/^lora_te1?_/, 'text_encoder'],
  [/^lora_te2_/, 'text_encoder_2'],
  [/^(?:base_model\.model\.)?unet\./, 'unet'],
  [/^(?:base_model\.model\.)?text_encoder\./, 'text_encoder'],
  [/^(?:base_model\.model\.)?text_encoder_2\./, 'text_encoder_2'],
  [/^(?:base_model\.model\.)?(?=text_model\.)/, 'text_encoder'],
  [/^(?:base_model\.model\.)?(?:diffusion_model\.)?/, 'unet'],
];

/** Names of diffusers' old attention processors (`UNET_TO_DIFFUSERS`, utils/state_dict_utils.py) → module names. */
const PROCESSORS: Readonly<Record<'unet' | 'text', Readonly<Record<string, string>>>> = {
  unet: { to_out: 'to_out.0' },
  text: { to_q: 'q_proj', to_k: 'k_proj', to_v: 'v_proj', to_out: 'out_proj' },
};

/** Parses a tensor name of a LoRA file, in diffusers' formats (PEFT or older) or kohya's. */
export function parseLoraKey(name: string): LoraKey {
  const { stem, role } = splitRole(name);
  const [prefix, component] = PREFIXES.find(([pattern]) => pattern.test(stem))!;
  const path = stem.replace(prefix, '').replaceAll('.processor', '');
  const processor = /_lora\.(?:down|up)\.weight$/.test(name);
  const named = processor ? renameProcessor(path, component) : path;
  return { component, role, module: moduleKey(named) };
}

/** A normalised module name, to compare the modules of files and models. */
export function moduleKey(path: string): string {
  return path.replaceAll('.', '_').replace(/^text_model_/, '');
}

function splitRole(name: string): { readonly stem: string; readonly role: LoraRole } {
  for (const [pattern, role] of ROLES) {
    const match = pattern.exec(name);
    if (match !== null) return { stem: name.slice(0, match.index), role };
  }
  // LoHa, LoKr, full differences and similar: the module is the part before the last dot.
  return { stem: name.replace(/\.[^.]*(?:\.weight)?$/, ''), role: 'unsupported' };
}

function renameProcessor(path: string, component: LoraComponent): string {
  const names = component === 'unet' ? PROCESSORS.unet : PROCESSORS.text;
  const at = path.lastIndexOf('.') + 1;
  const own = path.slice(at);
  return path.slice(0, at) + (Object.hasOwn(names, own) ? names[own]! : own);
}

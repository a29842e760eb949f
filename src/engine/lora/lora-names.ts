/** The networks that a LoRA can change, by diffusers' names. */
export type LoraComponent = 'unet' | 'text_encoder' | 'text_encoder_2';

/** The role of a tensor in a module of an adapter. */
export type LoraRole =
  | 'down'
  | 'up'
  | 'mid'
  | 'alpha'
  /** A number that the change is multiplied by (LyCORIS, `use_scalar`). */
  | 'scalar'
  /** What is added to the module's bias, scaled as the matrices are (PEFT, `lora_bias`). */
  | 'bias'
  /** What is added to the whole weight, or to the whole bias (LyCORIS, ComfyUI). */
  | 'difference'
  | 'bias-difference'
  /** LoHa: the matrices of the two products, and the kernels between them. */
  | `hada-${'w1_a' | 'w1_b' | 'w2_a' | 'w2_b' | 't1' | 't2'}`
  /** LoKr: both factors, each whole or as a product. */
  | `lokr-${'w1' | 'w1_a' | 'w1_b' | 'w2' | 'w2_a' | 'w2_b' | 't2'}`
  /** GLoRA: the matrices of the products. */
  | `glora-${'a1' | 'a2' | 'b1' | 'b2' | 'bm'}`
  /** (IA)³ of LyCORIS: the vector, and whether it scales the inputs or the outputs. */
  | 'ia3-vector'
  | 'ia3-on-input'
  /** (IA)³ of PEFT. */
  | 'ia3-factors'
  /** DoRA: the lengths of the weight's rows or columns (LyCORIS), or of its rows (PEFT). */
  | 'dora-scale'
  | 'dora-rows';

/** Kinds of adapters that are no change of a single weight. Easel does not compute them. */
export type OtherKind =
  | 'OFT'
  | 'BOFT'
  | 'AdaLoRA'
  | 'VeRA'
  | 'FourierFT'
  | 'HRA'
  | 'T-LoRA'
  | 'RandLoRA'
  | 'VB-LoRA'
  | 'GraLoRA'
  | 'SHiRA'
  | 'C3A'
  | 'WaveFT'
  | 'Bone'
  | 'MiSS'
  | 'LoRA for embedding layers'
  | 'replacement of weights';

/** The parsed name of a tensor in a LoRA file. */
export interface LoraKey {
  readonly component: LoraComponent;
  /** Path of the changed module, with underscores instead of dots, because files differ in their dots. */
  readonly module: string;
  /** Undefined for a tensor of an unknown role, or of another kind of adapter. */
  readonly role: LoraRole | undefined;
  /** The kind of adapter that alone has such a tensor. */
  readonly kind: OtherKind | undefined;
}

/** Endings of names, after the module's path. `_lora` comes from diffusers' attention processors. */
const ROLES: readonly (readonly [RegExp, LoraRole])[] = [
  // diffusers with PEFT, diffusers before PEFT, kohya's scripts and LyCORIS.
  [/\.lora_A(?:\.\w+)?\.weight$|\.lora_A$/, 'down'],
  [/\.lora_B(?:\.\w+)?\.weight$|\.lora_B$/, 'up'],
  [/\.lora_B(?:\.\w+)?\.bias$/, 'bias'],
  [/[._]lora\.down\.weight$/, 'down'],
  [/[._]lora\.up\.weight$/, 'up'],
  [/\.lora_linear_layer\.down\.weight$/, 'down'],
  [/\.lora_linear_layer\.up\.weight$/, 'up'],
  [/\.lora_down\.weight$/, 'down'],
  [/\.lora_up\.weight$/, 'up'],
  [/\.lora_mid\.weight$/, 'mid'],
  [/(?:[._]lora(?:_linear_layer)?\.(?:down|up)\.weight)?\.alpha$/, 'alpha'],
  [/\.scalar$/, 'scalar'],
  [/\.(?:diff|w_norm)$/, 'difference'],
  [/\.(?:diff_b|b_norm)$/, 'bias-difference'],
  [/[._](?:lora\.|lora_linear_layer\.)?lora_magnitude_vector(?:\.\w+)*$/, 'dora-rows'],
  [/[._](?:lora\.|lora_linear_layer\.)?dora_scale$/, 'dora-scale'],
  [/\.on_input$/, 'ia3-on-input'],
  [/\.ia3_l(?:\.\w+)?$/, 'ia3-factors'],
];

/** Names of LyCORIS' tensors (lycoris/modules) that PEFT takes over: its adapter's name may follow. */
const NUMBERED: readonly (readonly [RegExp, 'hada' | 'lokr' | 'glora'])[] = [
  [/\.hada_(w[12]_[ab]|t[12])(?:\.\w+)?$/, 'hada'],
  [/\.lokr_(w[12](?:_[ab])?|t2)(?:\.\w+)?$/, 'lokr'],
  [/\.([ab][12]|bm)\.weight$/, 'glora'],
];

/** Names that only one kind has: LyCORIS' modules (lycoris/modules), and PEFT's tuners (peft/tuners). */
const KINDS: readonly (readonly [RegExp, OtherKind])[] = [
  [/\.boft_[RsPm](?:\.\w+)*$/, 'BOFT'],
  [/\.(?:oft_(?:blocks|diag|R|s|r)|rescale)(?:\.\w+)*$/, 'OFT'],
  [/\.(?:lora_E|ranknum)(?:\.\w+)*$/, 'AdaLoRA'],
  [/(?:\.|^)vera_(?:lambda_[bd]|[AB])(?:\.\w+)*$/, 'VeRA'],
  [/\.fourierft_spectrum(?:\.\w+)*$/, 'FourierFT'],
  [/\.hra_u(?:\.\w+)*$/, 'HRA'],
  [/\.(?:[pq]_layer\.weight|lambda_layer)$/, 'T-LoRA'],
  [/(?:\.|^)randlora_\w+(?:\.\w+)*$/, 'RandLoRA'],
  [/(?:\.|^)vblora_\w+(?:\.\w+)*$/, 'VB-LoRA'],
  [/\.gralora_\w+(?:\.\w+)*$/, 'GraLoRA'],
  [/\.shira_\w+(?:\.\w+)*$/, 'SHiRA'],
  [/\.c3a_kernel(?:\.\w+)*$/, 'C3A'],
  [/\.waveft_\w+(?:\.\w+)*$/, 'WaveFT'],
  [/\.bone_\w+(?:\.\w+)*$/, 'Bone'],
  [/\.miss_\w+(?:\.\w+)*$/, 'MiSS'],
  [/\.lora_embedding_[AB](?:\.\w+)*$/, 'LoRA for embedding layers'],
  [/\.(?:set_weight|reshape_weight)$/, 'replacement of weights'],
];

/** Read last, for it is the end of many names: (IA)³'s vector, where the module has `on_input` too. */
const VECTOR = '.weight';

/** PEFT's wrapper around a model. */
const WRAPPER = /^(?:base_model\.model\.)+/;

/**
 * Beginnings of names: kohya's scripts (with underscores or dots), diffusers, ComfyUI (`text_encoders.clip_l.…`),
 * OneTrainer (`clip_l.…`), LyCORIS and SimpleTuner (`lycoris_…`), and the original checkpoints. Stable Diffusion 2's
 * text encoder is `clip_h` in ComfyUI.
 */
const PREFIXES: readonly (readonly [RegExp, LoraComponent])[] = [
  [/^lora_unet[._]/, 'unet'],
  [/^lora_te1?[._]/, 'text_encoder'],
  [/^lora_te2[._]/, 'text_encoder_2'],
  [/^unet\./, 'unet'],
  [/^text_encoder(?:_1)?\./, 'text_encoder'],
  [/^text_encoder_2\./, 'text_encoder_2'],
  [/^(?:text_encoders\.)?clip_[lh]\./, 'text_encoder'],
  [/^(?:text_encoders\.)?clip_g\./, 'text_encoder_2'],
  [/^(?:cond_stage_model|conditioner\.embedders\.0)\./, 'text_encoder'],
  [/^conditioner\.embedders\.1\.(?:model\.)?/, 'text_encoder_2'],
  [/^(?:lycoris_)?(?=text_model[._])/, 'text_encoder'],
  [/^lycoris_/, 'unet'],
  [/^(?:model\.)?(?:diffusion_model\.)?/, 'unet'],
];

/** Names of diffusers' old attention processors (`UNET_TO_DIFFUSERS`, utils/state_dict_utils.py) → module names. */
const PROCESSORS: Readonly<Record<'unet' | 'text', Readonly<Record<string, string>>>> = {
  unet: { to_out: 'to_out.0' },
  text: { to_q: 'q_proj', to_k: 'k_proj', to_v: 'v_proj', to_out: 'out_proj' },
};

/** Parses a tensor name of a LoRA file, in the formats of diffusers, kohya, LyCORIS, ComfyUI or OneTrainer. */
export function parseLoraKey(name: string): LoraKey {
  const { stem, role, kind } = splitRole(name);
  const unwrapped = stem.replace(WRAPPER, '');
  const [prefix, component] = PREFIXES.find(([pattern]) => pattern.test(unwrapped))!;
  const path = unwrapped.replace(prefix, '').replace(WRAPPER, '').replaceAll('.processor', '');
  const inner = component === 'unet' ? path : path.replace(/^transformer\./, '');
  const processor = /_lora\.(?:down|up)\.weight(?:\.alpha)?$/.test(name);
  const named = processor ? renameProcessor(inner, component) : inner;
  return { component, role, kind, module: moduleKey(named) };
}

/** A normalised module name, to compare the modules of files and models. */
export function moduleKey(path: string): string {
  return path.replaceAll('.', '_').replace(/^text_model_/, '');
}

function splitRole(name: string): Pick<LoraKey, 'role' | 'kind'> & { readonly stem: string } {
  for (const [pattern, role] of ROLES) {
    const match = pattern.exec(name);
    if (match !== null) return { stem: name.slice(0, match.index), role, kind: undefined };
  }
  for (const [pattern, kind] of NUMBERED) {
    const match = pattern.exec(name);
    if (match === null) continue;
    const role = `${kind}-${match[1]!}` as LoraRole;
    return { stem: name.slice(0, match.index), role, kind: undefined };
  }
  for (const [pattern, kind] of KINDS) {
    const match = pattern.exec(name);
    if (match !== null) return { stem: name.slice(0, match.index), role: undefined, kind };
  }
  const stem = name.replace(/\.[^.]*$/, '');
  return { stem, role: name.endsWith(VECTOR) ? 'ia3-vector' : undefined, kind: undefined };
}

function renameProcessor(path: string, component: LoraComponent): string {
  const names = component === 'unet' ? PROCESSORS.unet : PROCESSORS.text;
  const at = path.lastIndexOf('.') + 1;
  const own = path.slice(at);
  return path.slice(0, at) + (Object.hasOwn(names, own) ? names[own]! : own);
}

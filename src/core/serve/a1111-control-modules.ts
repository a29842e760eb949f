import type { ControlPreprocessor, ControlTuning } from '../image/control/names';
import { oneLine } from '../shown-text';
import { bad } from './a1111-fields';

/** A slider of a preprocessor, as clients show it (`module_detail` of the extension). */
interface Slider {
  readonly name: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
}

/** Pixels of the shorter side at which a preprocessor works where it is not asked for the size that is drawn. */
export const RESOLUTION: Slider = {
  name: 'Preprocessor Resolution',
  value: 512,
  min: 64,
  max: 2048,
};

/** A preprocessor of the extension sd-webui-controlnet, and what Easel does for it. */
export interface ControlModule {
  readonly name: string;
  /** What the extension shows, where that is another text. */
  readonly label?: string;
  /** Names that it had in older versions. */
  readonly aliases?: readonly string[];
  readonly preprocess: ControlPreprocessor;
  /** Whether it works at a resolution of its own, and not on the image as it is. */
  readonly hasResolution?: true;
  /** Its first and second threshold. */
  readonly sliders?: readonly Slider[];
  /** Reads the thresholds, which are within their sliders. */
  readonly tune?: (a: number | undefined, b: number | undefined) => ControlTuning;
  /** What Easel does instead, where the extension has a network. */
  readonly instead?: string;
}

const scribble = {
  preprocess: 'scribble',
  hasResolution: true,
  instead: 'the strokes of scribble_xdog',
} as const;
const softEdges = {
  preprocess: 'softedge',
  hasResolution: true,
  instead: 'soft edges that need no network',
} as const;

/** All that Easel has. What is not here needs a network that Easel does not have, or does something else. */
export const CONTROL_MODULES: readonly ControlModule[] = [
  { name: 'none', preprocess: 'none' },
  {
    name: 'invert',
    label: 'invert (from white bg & black line)',
    preprocess: 'invert',
  },
  {
    name: 'canny',
    preprocess: 'canny',
    hasResolution: true,
    sliders: [
      { name: 'Canny Low Threshold', value: 100, min: 1, max: 255 },
      { name: 'Canny High Threshold', value: 200, min: 1, max: 255 },
    ],
    // As OpenCV, which takes the lower one of two as the lower one.
    tune: (a = 100, b = 200) => ({ canny: { low: Math.min(a, b), high: Math.max(a, b) } }),
  },
  {
    name: 'lineart_standard',
    label: 'lineart_standard (from white bg & black line)',
    preprocess: 'lineart',
    hasResolution: true,
  },
  {
    name: 'scribble_xdog',
    preprocess: 'scribble',
    hasResolution: true,
    sliders: [{ name: 'XDoG Threshold', value: 32, min: 1, max: 64 }],
    // `2 * (255 - dog) > thr_a` in scripts/processor.py.
    tune: (a = 32) => ({ stroke: a / 2 }),
  },
  { name: 'scribble_hed', aliases: ['fake_scribble'], ...scribble },
  { name: 'scribble_pidinet', aliases: ['pidinet_scribble'], ...scribble },
  { name: 'softedge_hed', aliases: ['hed'], ...softEdges },
  { name: 'softedge_hedsafe', aliases: ['hed_safe'], ...softEdges },
  { name: 'softedge_pidinet', aliases: ['pidinet'], ...softEdges },
  { name: 'softedge_pidisafe', aliases: ['pidinet_safe'], ...softEdges },
  { name: 'softedge_teed', ...softEdges },
  {
    name: 'tile_resample',
    preprocess: 'tile',
    sliders: [{ name: 'Down Sampling Rate', value: 4, min: 1, max: 8 }],
    tune: (a = 4) => ({ tile: a }),
  },
  { name: 'inpaint_only', preprocess: 'inpaint' },
  { name: 'inpaint_global_harmonious', aliases: ['inpaint'], preprocess: 'inpaint' },
  { name: 't2ia_color_grid', aliases: ['color'], preprocess: 'color' },
  // Easel's own.
  { name: 'qr', preprocess: 'qr' },
];

/** Names of the extension, and of Forge, for the image encoders of IP-Adapters. Easel finds the one that fits. */
const IP_ADAPTER_MODULES = [
  'ip-adapter-auto',
  'ip-adapter_clip_sd15',
  'ip-adapter_clip_sdxl',
  'ip-adapter_clip_sdxl_plus_vith',
] as const;
const IP_ADAPTER_MODULE =
  /^(?:ip-adapter-auto|ip-adapter_clip(?:_[\w-]+)?|clip-vit-(?:h|bigg|g) \(ipadapter\)|clip-(?:h|g) \(ipadapter\))$/i;

/** Whether the name of a preprocessor asks for an IP-Adapter. */
export function isIpAdapterModule(name: string): boolean {
  return IP_ADAPTER_MODULE.test(name.trim());
}

/** What to use instead of some that Easel does not have. */
const HINTS: readonly (readonly [RegExp, string])[] = [
  [/^lineart/i, ' lineart_standard needs no network.'],
  [/^inpaint/i, ' inpaint_only is here.'],
  [/^tile/i, ' tile_resample is here.'],
  [/^ip-adapter|^instant/i, ' Of IP-Adapters, those that need no faces are here.'],
];

/**
 * The preprocessor of a name, of a label of the extension, or of an older name.
 * @param field for the error
 * @throws EaselError `bad-request` for one that Easel does not have
 */
export function findControlModule(field: string, name: string | null | undefined): ControlModule {
  const asked = (name ?? '').trim().toLowerCase() || 'none';
  const found = CONTROL_MODULES.find((one) =>
    [one.name, one.label ?? '', ...(one.aliases ?? [])].includes(asked),
  );
  if (found) return found;
  const hint = HINTS.find(([pattern]) => pattern.test(asked))?.[1] ?? '';
  throw bad(
    field,
    `Easel has no preprocessor "${oneLine(asked, 60)}".${hint} GET /controlnet/module_list lists those that there are. With "none", the finished control image can be sent.`,
  );
}

/** GET /controlnet/module_list. @param hasLabels whether names are as the extension shows them */
export function listControlModules(hasLabels: boolean) {
  const named = CONTROL_MODULES.map((one) => ({ ...one, shown: shownName(one, hasLabels) }));
  const detail = named.map(({ shown, hasResolution, sliders = [] }) => [
    shown,
    {
      model_free: false,
      // The first slider is that of the resolution.
      sliders: hasResolution
        ? [RESOLUTION, ...sliders]
        : sliders.length > 0
          ? [null, ...sliders]
          : [],
    },
  ]);
  const adapters = IP_ADAPTER_MODULES.map((name) => [name, { model_free: false, sliders: [] }]);
  return {
    module_list: [...named.map(({ shown }) => shown), ...IP_ADAPTER_MODULES],
    module_detail: Object.fromEntries([...detail, ...adapters]) as Record<string, unknown>,
  };
}

function shownName({ name, label }: ControlModule, hasLabels: boolean): string {
  return hasLabels ? (label ?? name) : name;
}

interface ControlType {
  readonly name: string;
  /** Words in the names of models of this type. */
  readonly words: RegExp;
  readonly modules: readonly string[];
}

const linesOf = (...modules: readonly string[]) => [...modules, 'invert'];

/** Types of control, as clients offer them (`Preprocessor.get_all_preprocessor_tags` of the extension). */
const CONTROL_TYPES: readonly ControlType[] = [
  { name: 'Canny', words: /canny/i, modules: linesOf('canny') },
  { name: 'Depth', words: /depth/i, modules: [] },
  { name: 'IP-Adapter', words: /ip[-_]?adapter/i, modules: IP_ADAPTER_MODULES },
  { name: 'Inpaint', words: /inpaint/i, modules: ['inpaint_only', 'inpaint_global_harmonious'] },
  { name: 'Lineart', words: /line_?-?art/i, modules: linesOf('lineart_standard') },
  { name: 'MLSD', words: /mlsd/i, modules: linesOf() },
  { name: 'NormalMap', words: /normal/i, modules: [] },
  { name: 'OpenPose', words: /pose/i, modules: [] },
  {
    name: 'Scribble',
    words: /scribble|sketch/i,
    modules: linesOf('scribble_xdog', 'scribble_hed', 'scribble_pidinet'),
  },
  { name: 'Segmentation', words: /seg/i, modules: [] },
  {
    name: 'SoftEdge',
    words: /soft_?-?edge|hed|pidi/i,
    modules: CONTROL_MODULES.filter(({ preprocess }) => preprocess === 'softedge').map(
      ({ name }) => name,
    ),
  },
  { name: 'T2I-Adapter', words: /t2i_?-?adapter|t2iadapter/i, modules: ['t2ia_color_grid'] },
  { name: 'Tile', words: /tile/i, modules: ['tile_resample'] },
];

/** GET /controlnet/control_types. @param models the names of all control models */
export function listControlTypes(models: readonly string[]) {
  const typeOf = (modules: readonly string[], own: readonly string[]) => ({
    module_list: ['none', ...modules],
    model_list: ['None', ...own],
    default_option: modules[0] ?? 'none',
    default_model: own[0] ?? 'None',
  });
  const all = [...CONTROL_MODULES.slice(1).map(({ name }) => name), ...IP_ADAPTER_MODULES];
  const types = CONTROL_TYPES.map(({ name, words, modules }): [string, object] => [
    name,
    typeOf(
      modules,
      models.filter((model) => words.test(model)),
    ),
  ]);
  const every = { ...typeOf(all, models), default_option: 'none', default_model: 'None' };
  return {
    control_types: Object.fromEntries([['All', every], ...types]) as Record<string, object>,
  };
}

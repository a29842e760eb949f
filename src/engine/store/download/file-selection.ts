import { findInCatalogue } from '../../../core/catalogue/catalogue';
import { EaselError } from '../../../core/errors';
import { describeBytes } from '../../../core/quantities';
import { WEIGHTS } from '../../../core/repository-id';
import type { HubFile } from '../hub/hub-client';
import { imageEncoderOf, usualIpAdapter } from '../ip-adapter-repository';
import { EXPORT_PREFIX } from '../model-folder';
import { isUpscalerName } from '../upscaler-names';

/** A network of 0.6 to 1.2 GB that looks at finished images. Without it they are drawn, and not checked. */
const SAFETY_CHECKER = 'safety_checker';

/** The files of a repository that are downloaded. */
export interface Selection {
  readonly files: readonly HubFile[];
  /** The infix of the weight files that were taken, `fp16`; empty where they have none. */
  readonly variant: string;
  readonly warnings: readonly string[];
  /** Components that diffusers' pipeline would load and that are left out. */
  readonly skipped: readonly string[];
}

/** Components that a model draws without. */
const OPTIONAL = new Set([SAFETY_CHECKER, 'image_encoder', 'watermarker']);
/** Small files of a component: configs and what tokenizers are made of. */
const SMALL_FILES =
  /^(config|scheduler_config|preprocessor_config|tokenizer|tokenizer_config|special_tokens_map|added_tokens|vocab)\.json$|^merges\.txt$|^spiece\.model$/;
/** Components that are useless without weights. */
const NEEDS_WEIGHTS = /^(unet|transformer|vae|vae_decoder|vae_encoder|text_encoder(_\d)?)$/;

/**
 * Chooses what to download of a repository: for a pipeline the components of its model_index.json, each
 * with its smallest usable weights; for a part or a single-file model the file itself. Never the whole
 * repository.
 * @param index model_index.json, undefined where the repository has none
 * @throws EaselError `unsupported-model` where it holds no weights that Easel reads
 */
export function selectFiles(
  repoId: string,
  files: readonly HubFile[],
  index: Readonly<Record<string, unknown>> | undefined,
  options: SelectOptions = {},
): Selection {
  const { again = [] } = options;
  // Of several IP-Adapters, those are fetched again that were here.
  if (!index && again.length > 0 && isIpAdapters(files)) return { ...NOTHING, files: again };
  const selection = index
    ? selectPipeline(repoId, files, index, options)
    : selectPart(repoId, files);
  return withFiles(selection, again);
}

const NOTHING: Selection = { files: [], variant: '', warnings: [], skipped: [] };

function isIpAdapters(files: readonly HubFile[]): boolean {
  return usualIpAdapter(files.map(({ path }) => path)) !== undefined;
}

/** A selection with more files. */
export function withFiles(selection: Selection, more: readonly HubFile[]): Selection {
  return { ...selection, files: [...new Set([...selection.files, ...more])] };
}

export interface SelectOptions {
  /** Whether the components are taken that a model draws without. Default: no. */
  readonly complete?: boolean | undefined;
  /** Those of them that are on this machine already, perhaps in part: they are taken, too. Default: none. */
  readonly has?: (component: string) => boolean;
  /** Files that were here and are incomplete, because a repair has deleted what was damaged. Default: none. */
  readonly again?: readonly HubFile[];
}

function selectPipeline(
  repoId: string,
  files: readonly HubFile[],
  index: Readonly<Record<string, unknown>>,
  { complete = false, has = () => false }: SelectOptions,
): Selection {
  const chosen: HubFile[] = files.filter(({ path }) => path === 'model_index.json');
  const choices: WeightChoice[] = [];
  const skipped: string[] = [];
  let leftOut: readonly HubFile[] = [];
  const wantsOnnx = typeof index._class_name === 'string' && EXPORT_PREFIX.test(index._class_name);
  for (const component of componentsOf(index, files)) {
    const own = inFolder(files, component);
    if (OPTIONAL.has(component) && !complete && !has(component)) {
      if (own.length > 0) skipped.push(component);
      if (component === SAFETY_CHECKER) leftOut = chooseWeights(own, wantsOnnx)?.files ?? [];
      continue;
    }
    chosen.push(...own.filter(({ path }) => SMALL_FILES.test(nameOf(path))));
    const weights = chooseWeights(own, wantsOnnx);
    if (weights) {
      chosen.push(...weights.files);
      choices.push(weights);
    } else if (NEEDS_WEIGHTS.test(component)) {
      throw new EaselError(
        'unsupported-model',
        `${repoId} publishes no weights of its ${component} that Easel reads (safetensors or ONNX).`,
        { repoId, component },
      );
    }
  }
  const variant = choices.find((choice) => choice.variant)?.variant ?? '';
  const warnings = [...warningsOf(choices), ...unchecked(leftOut)];
  return { files: chosen, variant, warnings, skipped };
}

/** @param leftOut the weights of the safety checker; empty where there is none, or where it is downloaded */
function unchecked(leftOut: readonly HubFile[]): readonly string[] {
  if (leftOut.length === 0) return [];
  const size = describeBytes(leftOut.reduce((sum, { bytes }) => sum + bytes, 0));
  return [`The safety checker (${size}) is left out: images are not checked. --complete gets it.`];
}

/** Components of model_index.json; ONNX exports have the autoencoder's two halves in folders of their own. */
function componentsOf(
  index: Readonly<Record<string, unknown>>,
  files: readonly HubFile[],
): Set<string> {
  const named = Object.entries(index).filter(
    ([name, value]) => !name.startsWith('_') && Array.isArray(value) && value[0] !== null,
  );
  const components = new Set(named.map(([name]) => name));
  if (components.has('vae') && inFolder(files, 'vae').length === 0) {
    components.delete('vae');
    components.add('vae_decoder').add('vae_encoder');
  }
  return components;
}

/** diffusers' names of a textual inversion (`TEXT_INVERSION_NAME`), the best first. */
const LEARNED = ['learned_embeds.safetensors', 'learned_embeds.bin'];

/** A repository without model_index.json: an autoencoder, a LoRA, an IP-Adapter, a textual inversion, or a model in one file. */
function selectPart(repoId: string, files: readonly HubFile[]): Selection {
  const root = files.filter(({ path }) => !path.includes('/'));
  const config = root.filter(({ path }) => path === 'config.json');
  const weights = config.length > 0 ? chooseWeights(root, false) : undefined;
  const small = { variant: weights?.variant ?? '', skipped: [] };
  if (weights)
    return { ...small, files: [...config, ...weights.files], warnings: warningsOf([weights]) };
  const safe = root.filter(({ path }) => path.endsWith('.safetensors'));
  const usual = findInCatalogue(repoId)?.file;
  const best =
    safe.find(({ path }) => path === usual) ??
    safe.find(({ path }) => path === LEARNED[0]) ??
    smallest(safe.filter(({ path }) => /lora/i.test(path))) ??
    smallest(safe);
  if (best) return { ...small, files: [best], warnings: [] };
  const learned = LEARNED.flatMap((name) => root.filter(({ path }) => path === name))[0];
  if (learned) return { ...small, files: [learned], warnings: [] };
  const ipAdapter = usualIpAdapter(files.map(({ path }) => path));
  if (ipAdapter !== undefined) return selectFile(repoId, files, ipAdapter);
  const upscalers = root.filter(({ path }) => isUpscalerName(path));
  if (upscalers.length > 0) {
    return { ...small, files: upscalers, warnings: warningsOf([pickled(upscalers)]) };
  }
  const pickles = root.some(({ path }) => /\.(ckpt|bin|pt|pth)$/.test(path));
  throw new EaselError(
    'unsupported-model',
    pickles
      ? `${repoId} publishes its weights only as pickles, which can run code; choose a repository with safetensors.`
      : `${repoId} holds no image model that Easel reads.`,
    { repoId },
  );
}

/**
 * Chooses one file of weights of a repository; with an IP-Adapter of the authors' layout, the image encoder that it was
 * taught with too.
 * @throws EaselError `model-not-found` where the repository has no such file
 */
export function selectFile(repoId: string, files: readonly HubFile[], path: string): Selection {
  const file = files.find((one) => one.path === path);
  if (!file) {
    const others = files.flatMap((one) => (WEIGHTS.test(one.path) ? [one.path] : []));
    const shown = others.slice(0, 12).join(', ') + (others.length > 12 ? ' and others' : '');
    throw new EaselError(
      'model-not-found',
      `${repoId} has no file ${path}. Its files of weights: ${shown || 'none'}.`,
      { repoId, file: path },
    );
  }
  const format = path.endsWith('.safetensors') ? 'safetensors' : 'pickle';
  const choices: WeightChoice[] = [{ format, variant: '', files: [file] }];
  const folder = imageEncoderOf(path);
  const encoder = folder === undefined ? [] : inFolder(files, folder);
  const config = encoder.filter((one) => nameOf(one.path) === 'config.json');
  const weights = chooseWeights(encoder, false);
  if (config.length > 0 && weights) choices.push(weights);
  const needed = choices.length > 1 ? config : [];
  return {
    files: [...choices.flatMap((choice) => choice.files), ...needed],
    variant: '',
    warnings: warningsOf(choices),
    skipped: [],
  };
}

function pickled(files: readonly HubFile[]): Pick<WeightChoice, 'format' | 'files'> {
  return { format: 'pickle', files };
}

function warningsOf(choices: readonly Pick<WeightChoice, 'format' | 'files'>[]): string[] {
  const pickles = choices.filter(({ format }) => format === 'pickle').flatMap(({ files }) => files);
  if (pickles.length === 0) return [];
  const names = pickles.map(({ path }) => path).join(', ');
  return [
    `Only pickles are published of ${names}. They are read as plain weights, or refused if they hold more.`,
  ];
}

function smallest(files: readonly HubFile[]): HubFile | undefined {
  return files.reduce<HubFile | undefined>((a, b) => (a && a.bytes <= b.bytes ? a : b), undefined);
}

function inFolder(files: readonly HubFile[], folder: string): HubFile[] {
  const start = `${folder}/`;
  return files.filter(
    ({ path }) => path.startsWith(start) && !path.slice(start.length).includes('/'),
  );
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The files that hold one component's weights. */
export interface WeightChoice {
  readonly format: 'safetensors' | 'onnx' | 'pickle';
  readonly variant: string;
  readonly files: readonly HubFile[];
}

/** Variants of the same weights, in order of preference: float16 suffices, at half the size. */
const VARIANTS = ['fp16', '', 'bf16', 'fp32'];
const BASES = ['diffusion_pytorch_model', 'model'];
const PICKLE_BASES = ['diffusion_pytorch_model', 'pytorch_model'];
/** Where ONNX models keep their weights beside the graph: optimum, diffusers' old exporter, Olive. */
const ONNX_DATA = ['model.onnx_data', 'weights.pb', 'model.onnx.data'];

/**
 * Chooses among a component's weight files: safetensors, then ONNX, then pickles; within a format the
 * half-precision variant, then the plain one. Shards are taken together with their index.
 */
function chooseWeights(files: readonly HubFile[], preferOnnx: boolean): WeightChoice | undefined {
  const byName = new Map(
    files.map((file) => [file.path.slice(file.path.lastIndexOf('/') + 1), file]),
  );
  const safetensors = () => chooseVariant(byName, BASES, 'safetensors');
  const choose = preferOnnx
    ? (chooseOnnx(byName) ?? safetensors())
    : (safetensors() ?? chooseOnnx(byName));
  return choose ?? chooseVariant(byName, PICKLE_BASES, 'bin');
}

function chooseVariant(
  byName: ReadonlyMap<string, HubFile>,
  bases: readonly string[],
  ending: 'safetensors' | 'bin',
): WeightChoice | undefined {
  const format = ending === 'bin' ? 'pickle' : 'safetensors';
  for (const variant of VARIANTS) {
    const infix = variant && `.${variant}`;
    for (const base of bases) {
      const single = byName.get(`${base}${infix}.${ending}`);
      if (single) return { format, variant, files: [single] };
      const index =
        byName.get(`${base}.${ending}.index${infix}.json`) ??
        byName.get(`${base}${infix}.${ending}.index.json`);
      const shards = [...byName].filter(([name]) => isShard(name, base, variant, ending));
      if (index && shards.length > 0) {
        return { format, variant, files: [index, ...shards.map(([, file]) => file)] };
      }
    }
  }
  return undefined;
}

/** `base.fp16-00001-of-00002.safetensors`, or with the variant after the number. */
function isShard(name: string, base: string, variant: string, ending: string): boolean {
  const infix = variant && `\\.${variant}`;
  const number = '-\\d{5}-of-\\d{5}';
  const pattern = `^${base}(${infix}${number}|${number}${infix})\\.${ending}$`;
  return new RegExp(pattern).test(name);
}

function chooseOnnx(byName: ReadonlyMap<string, HubFile>): WeightChoice | undefined {
  const graph = byName.get('model.onnx');
  if (!graph) return undefined;
  const data = ONNX_DATA.flatMap((name) => byName.get(name) ?? []);
  return { format: 'onnx', variant: '', files: [graph, ...data] };
}

import { existsSync } from 'node:fs';
import path from 'node:path';
import { EaselError } from '../../core/errors';
import type { ClipTokenizer } from '../../core/tokenizer/index';
import { parseClipTextConfig, type ClipTextConfig } from '../graph/clip-text-config';
import { parseTinyVaeConfig, type TinyVaeConfig } from '../graph/tiny-vae-config';
import { parseUNetConfig, type UNetConfig } from '../graph/unet-config';
import { parseVaeConfig, type VaeConfig } from '../graph/vae-config';
import type { WrapWeights } from '../graph/weights';
import { isOnnxFolder, openOnnxModel } from './exported-model';
import type { OnnxComponent } from '../exported/component';
import type { JsonObject } from '../../core/json';
import { readJsonObject, readModelIndex } from '../store/model-folder';
import type { ModelLocation } from '../store/resolve';
import { loadTokenizer } from './tokenizer';
import { openComponentWeights, openWeightFile, type WeightSource } from '../weights/source';
import { readDefaults, type ModelDefaults } from './defaults';
import { familyOf, type Family } from './families';
import { makeScheduler } from './scheduler-config';
import { openSingleFileModel } from './single-file/model';

/** A network's config and where its weights lie. */
export interface Component<C> {
  readonly config: C;
  readonly weights: WeightSource;
  /** The finished graph, where the model came as one. */
  readonly onnx?: OnnxComponent;
  /** What LoRAs and textual inversions add to the weights. */
  readonly wrapWeights?: WrapWeights | undefined;
  /** Names of the weights that LoRAs change, which are computed while the graph is loaded. */
  readonly merged?: ReadonlySet<string>;
}

export type Vae =
  | {
      readonly kind: 'full';
      readonly config: VaeConfig;
      readonly weights: WeightSource;
      readonly onnx?: {
        readonly decoder: OnnxComponent;
        readonly encoder?: OnnxComponent | undefined;
      };
    }
  | ({
      readonly kind: 'tiny';
      /** The filter that reads a picture's opacity, where the model has learned it. */
      readonly opacity?: WeightSource | undefined;
    } & Component<TinyVaeConfig>);

export interface TextEncoder extends Component<ClipTextConfig> {
  readonly tokenizer: ClipTokenizer;
}

/** A model, read but not loaded: configs, tokenizers, and headers of weight files. */
export interface Model {
  readonly id: string;
  /** Tells loaded sessions of different models apart. */
  readonly folder: string;
  readonly family: Family;
  /** One, or SDXL's two. */
  readonly textEncoders: readonly TextEncoder[];
  readonly unet: Component<UNetConfig>;
  readonly vae: Vae;
  /** SDXL: an absent negative prompt is all zeros and not the encoding of nothing. */
  readonly zeroEmptyNegative: boolean;
  readonly schedulerConfig: JsonObject;
  readonly defaults: ModelDefaults;
}

/**
 * Reads a diffusers folder, or a checkpoint in a single file.
 * @throws EaselError `model-incomplete`, `bad-file`, `unsafe-file`, `unsupported-model` or
 *   `unsupported-config`, each naming the file or field
 */
export async function openModel({ id, folder, file }: ModelLocation): Promise<Model> {
  if (file !== undefined) return openSingleFileModel({ id, folder, file });
  const index = await readModelIndex(folder);
  const family = familyOf(id, index);
  if (await isOnnxFolder(folder)) return openOnnxModel({ id, folder }, index, family);
  const classOf = (component: string, known: readonly string[]) => {
    const name = index.components[component];
    if (name === undefined) {
      throw new EaselError('model-incomplete', `${id}: model_index.json names no ${component}.`);
    }
    expectClass(id, component, name, known);
    return name;
  };
  const component = async <C>(name: string, parse: (json: JsonObject, where: string) => C) => {
    const where = path.join(folder, name, 'config.json');
    const config = parse(await readJsonObject(where), where);
    return { config, weights: await openComponentWeights(path.join(folder, name)) };
  };
  const textEncoder = async (suffix: string): Promise<TextEncoder> => {
    const projected = classOf(`text_encoder${suffix}`, TEXT_ENCODERS) !== 'CLIPTextModel';
    classOf(`tokenizer${suffix}`, ['CLIPTokenizer', 'CLIPTokenizerFast']);
    return {
      ...(await component(`text_encoder${suffix}`, (json, where) =>
        parseClipTextConfig(json, where, projected),
      )),
      tokenizer: await loadTokenizer(path.join(folder, `tokenizer${suffix}`)),
    };
  };
  classOf('unet', ['UNet2DConditionModel']);
  const schedulerConfig = await readJsonObject(
    path.join(folder, 'scheduler', 'scheduler_config.json'),
  );
  // A scheduler that is not understood is refused before gigabytes are read.
  makeScheduler({ family, schedulerConfig });
  const vaeClass = classOf('vae', ['AutoencoderKL', 'AutoencoderTiny']);
  const textEncoders = [await textEncoder('')];
  if (family.textEncoders === 2) textEncoders.push(await textEncoder('_2'));
  return {
    id,
    folder,
    family,
    textEncoders,
    unet: await component('unet', parseDrawnUNetConfig),
    vae:
      vaeClass === 'AutoencoderTiny'
        ? {
            kind: 'tiny',
            ...(await component('vae', parseTinyVaeConfig)),
            opacity: await openOpacity(path.join(folder, 'vae')),
          }
        : { kind: 'full', ...(await component('vae', parseVaeConfig)) },
    zeroEmptyNegative: index.raw.force_zeros_for_empty_prompt !== false,
    schedulerConfig,
    defaults: await readDefaults(folder, family.defaults),
  };
}

/**
 * Easel's own addition to a diffusers folder: `weight` [1, channels, 3, 3] and `bias` [1] of a filter for
 * opacity beside an AutoencoderTiny's last layer. diffusers does not look at the file.
 */
async function openOpacity(folder: string): Promise<WeightSource | undefined> {
  const file = path.join(folder, 'opacity.safetensors');
  return existsSync(file) ? openWeightFile(file) : undefined;
}

const TEXT_ENCODERS = ['CLIPTextModel', 'CLIPTextModelWithProjection'];

/**
 * A UNet's config with the sample size that diffusers draws at: before 0.9.0, training scripts saved sizes
 * under 64 that were wrong (StableDiffusionPipeline's constructor, "sample_size<64").
 */
function parseDrawnUNetConfig(json: JsonObject, where: string): UNetConfig {
  const config = parseUNetConfig(json, where);
  const version = /^0\.(\d+)\./.exec(String(json._diffusers_version));
  const old = version !== null && Number(version[1]) < 9;
  const small = typeof json.sample_size === 'number' && json.sample_size < 64;
  return old && small ? { ...config, sampleSize: [64, 64] } : config;
}

/**
 * Whether classifier-free guidance runs: not at a scale of 1 or less, and not in models that take the
 * scale as an input (diffusers: `do_classifier_free_guidance`).
 */
export function isGuided(model: Model, guidanceScale: number): boolean {
  return guidanceScale > 1 && model.unet.config.timeEmbedding.condProjDim === undefined;
}

function expectClass(id: string, component: string, found: string, known: readonly string[]): void {
  if (known.includes(found)) return;
  throw new EaselError(
    'unsupported-model',
    `${id} has a ${found} as its ${component}; understood: ${known.join(', ')}.`,
    { component, found },
  );
}

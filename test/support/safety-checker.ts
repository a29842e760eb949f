import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { GenerationRequestInput } from '../../src/core/request/request';
import type { SafetyScores } from '../../src/engine/model/components/safety-checker/verdict';
import { materialise, pictureBytes, type PipelineCall } from './fixture';
import { FIXTURES } from './paths';
import { encodeFloats, randomTensors, type TensorShapes, type WeightDType } from './random-weights';
import { writeSafetensors } from './safetensors-file';

const FOLDER = path.join(FIXTURES, 'safety-checker');

/** A call of diffusers' pipelines with a safety checker. */
interface SafetyRun extends PipelineCall {
  /** A case of pipelines/. */
  readonly model: string;
  readonly numImages: number;
  readonly initImage?: string;
  readonly mask?: string;
  readonly strength?: number;
  /** What diffusers says of each image. */
  readonly flagged: readonly boolean[];
  readonly scores: readonly SafetyScores[];
}

/** What diffusers decides of cosines near thresholds. */
interface VerdictCase {
  readonly special: { readonly cosines: number[]; readonly thresholds: number[] };
  readonly concepts: { readonly cosines: number[]; readonly thresholds: number[] };
  readonly scores: SafetyScores;
  readonly flagged: boolean;
}

const read = (name: string): unknown => JSON.parse(readFileSync(path.join(FOLDER, name), 'utf8'));

const NETWORK = read('network.json') as {
  readonly config: Readonly<Record<string, unknown>>;
  readonly preprocessor: Readonly<Record<string, unknown>>;
  readonly tensors: TensorShapes;
  readonly thresholds: Readonly<Record<string, number[]>>;
};
export const SAFETY_RUNS = read('runs.json') as Readonly<Record<string, SafetyRun>>;
export const VERDICTS = read('verdicts.json') as readonly VerdictCase[];

/** The image that diffusers returned: black where it was flagged. */
export function safetyPicture(run: string, image: number): string {
  return path.join(FOLDER, `${run}-${image}.png`);
}

export interface CheckerOptions {
  readonly config?: Readonly<Record<string, unknown>>;
  /** Changes of preprocessor_config.json; null: there is none. */
  readonly preprocessor?: Readonly<Record<string, unknown>> | null;
  /** The class that model_index.json names. */
  readonly className?: string;
  /** Names as transformers 4 wrote them, and all published files have them. Default: yes. */
  readonly asPublished?: boolean;
  readonly dtype?: WeightDType;
  /** Whether the folder of the checker is left out. Default: no. */
  readonly isMissing?: boolean;
}

/** A model folder of pipelines/ with the safety checker, as diffusers saves it. */
export function materialiseChecked(model: string, options: CheckerOptions = {}): string {
  const folder = materialise(model);
  addSafetyChecker(folder, options);
  return folder;
}

function addSafetyChecker(folder: string, options: CheckerOptions = {}): void {
  const { className = 'StableDiffusionSafetyChecker', isMissing = false } = options;
  const indexFile = path.join(folder, 'model_index.json');
  const index = JSON.parse(readFileSync(indexFile, 'utf8')) as Record<string, unknown>;
  index.safety_checker = ['stable_diffusion', className];
  index.feature_extractor = ['transformers', 'CLIPImageProcessor'];
  writeFileSync(indexFile, JSON.stringify(index));
  if (isMissing) return;
  const { preprocessor = {} } = options;
  if (preprocessor !== null) {
    const processor = { ...NETWORK.preprocessor, ...preprocessor };
    writeJson(path.join(folder, 'feature_extractor', 'preprocessor_config.json'), processor);
  }
  const own = path.join(folder, 'safety_checker');
  writeJson(path.join(own, 'config.json'), { ...NETWORK.config, ...options.config });
  writeSafetensors(path.join(own, 'model.safetensors'), checkerTensors(options));
}

function checkerTensors({ asPublished = true, dtype = 'F32' }: CheckerOptions) {
  return randomTensors(NETWORK.tensors, dtype, 'checker.').map((tensor) => {
    const { [tensor.name]: thresholds } = NETWORK.thresholds;
    if (thresholds) {
      return { ...tensor, bytes: encodeFloats(Float32Array.from(thresholds), dtype) };
    }
    const name = asPublished
      ? tensor.name.replace(/^vision_model\./, '$&vision_model.')
      : tensor.name;
    return { ...tensor, name };
  });
}

function writeJson(file: string, value: unknown): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(value));
}

/** The request that asks for a run, but for its model. */
export function safetyRequest(run: SafetyRun): GenerationRequestInput {
  const { prompt, negativePrompt, seed, steps, guidanceScale, width, height, numImages } = run;
  return {
    ...{ prompt, negativePrompt, seed, steps, guidanceScale, width, height, numImages },
    ...(run.strength !== undefined && { strength: run.strength }),
    ...(run.initImage !== undefined && { initImage: pictureBytes(run.initImage) }),
    ...(run.mask !== undefined && { mask: pictureBytes(run.mask) }),
  };
}

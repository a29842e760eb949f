import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { TorchGenerator } from '../../src/core/diffusion/random';
import type { FreeU } from '../../src/core/request/free-u';
import type { SeamlessAxes } from '../../src/core/request/seamless';
import type { GenerationRequestInput } from '../../src/core/request/request';
import { copyInto, type ModelLayout, newModelFolder, writeWeights } from './model-folder';
import { type TensorShapes, type WeightDType } from './random-weights';
import { FIXTURES } from './paths';

const PIPELINES = join(FIXTURES, 'pipelines');

/** What every call of diffusers' pipelines was given. */
export interface PipelineCall {
  readonly prompt: string;
  readonly negativePrompt: string;
  readonly seed: number;
  readonly steps: number;
  readonly guidanceScale: number;
  readonly width: number;
  readonly height: number;
}

/** One call of diffusers' pipeline, in the terms of a request. */
export interface ReferenceRun extends PipelineCall {
  readonly guidanceRescale: number;
  readonly guidanceInterval?: { readonly start: number; readonly end: number };
  readonly numImages: number;
  /** A scheduler class made by `from_config` of the model's own; absent: the model's own. */
  readonly scheduler?: string;
  readonly eta?: number;
  readonly clipSkip?: number;
  /** What SDXL's second text encoder reads. */
  readonly prompt2?: string;
  readonly negativePrompt2?: string;
  /** What SDXL is told of the image. */
  readonly originalSize?: { readonly width: number; readonly height: number };
  readonly targetSize?: { readonly width: number; readonly height: number };
  readonly cropTopLeft?: { readonly left: number; readonly top: number };
  readonly negativeOriginalSize?: { readonly width: number; readonly height: number };
  readonly negativeTargetSize?: { readonly width: number; readonly height: number };
  readonly negativeCropTopLeft?: { readonly left: number; readonly top: number };
  /** The model that draws before that of the case, which is then the refiner. */
  readonly base?: { readonly case: string };
  readonly denoisingStart?: number;
  readonly denoisingEnd?: number;
  readonly aestheticScore?: number;
  readonly negativeAestheticScore?: number;
  /** Those of a call, in the place of as many steps of the schedule. */
  readonly timesteps?: readonly number[];
  readonly variationSeed?: number;
  readonly variationStrength?: number;
  /** Fields changed in that config. */
  readonly schedulerConfig?: Readonly<Record<string, unknown>>;
  /** Fields changed in other JSON files of the model folder, by file. */
  readonly changes?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** File under test/fixtures/pictures to start from. */
  readonly initImage?: string;
  readonly strength?: number;
  /** With a pipeline that edits by words. */
  readonly imageGuidanceScale?: number;
  /** A pipeline made the picture larger. */
  readonly isUpscaled?: true;
  /** Of the noise that was added to it first. */
  readonly noiseLevel?: number;
  /** The size was asked for, and the picture resized to it; else it comes of the picture's own. */
  readonly resize?: boolean;
  /** File under test/fixtures/pictures: white where the picture is drawn anew. */
  readonly mask?: string;
  readonly vaeTiling?: boolean;
  /** Along which axes the edges of the image meet. */
  readonly seamless?: SeamlessAxes;
  readonly freeu?: FreeU;
  /** A second pass, made larger. */
  readonly hires?: GenerationRequestInput['hires'];
  /** Margins in pixels around the picture, which are drawn. */
  readonly outpaint?: Readonly<Record<'left' | 'top' | 'right' | 'bottom', number>>;
}

/** What a run does, by what it starts from. */
export type Task =
  'text-to-image' | 'image-to-image' | 'inpainting' | 'editing' | 'upscaling' | 'refining';

/** A value that diffusers computed, or the input it computed it from. */
export interface ReferenceArray {
  readonly shape: readonly number[];
  readonly data: Float32Array | Float64Array | Int32Array;
}

interface ArrayPlace {
  readonly dtype: 'float32' | 'float64' | 'int32';
  readonly shape: readonly number[];
  readonly offset?: number;
  readonly seed?: number;
}

export interface CaseFile {
  readonly dtype: WeightDType;
  readonly tokenizers: Readonly<Record<string, string>>;
  /** Component → SHA-256 of its values in the order of tensors.json. */
  readonly sha256: Readonly<Record<string, string>>;
}

interface ReferenceFile {
  readonly runs: Readonly<Record<string, ReferenceRun>>;
  readonly arrays: Readonly<Record<string, ArrayPlace>>;
}

const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

/** Names of all cases under test/fixtures/pipelines. */
export function caseNames(): string[] {
  return readdirSync(PIPELINES).sort();
}

/** What a case is made of besides its configs. */
export function caseFile(caseName: string): CaseFile {
  return readJson(join(PIPELINES, caseName, 'case.json')) as CaseFile;
}

/** Shapes of the tensors of every component of a case. */
export function tensorShapes(caseName: string): Readonly<Record<string, TensorShapes>> {
  return readJson(join(PIPELINES, caseName, 'tensors.json')) as Record<string, TensorShapes>;
}

/**
 * Makes the model folder of a case: configs, tokenizer files and random weights, in a temporary folder that
 * goes when the process ends. Returns its path (of the snapshot, for an `hf-cache`).
 */
export function materialise(caseName: string, options: ModelLayout = {}): string {
  const folder = join(PIPELINES, caseName);
  const { dtype, tokenizers } = caseFile(caseName);
  const model = newModelFolder(options.layout);
  copyInto(
    model,
    folder,
    options.layout,
    (path) => path === 'model_index.json' || /[\\/]/.test(path),
  );
  for (const [component, style] of Object.entries(tokenizers)) {
    for (const name of ['small', style]) copyTokenizer(model, component, name, options);
  }
  for (const [component, shapes] of Object.entries(tensorShapes(caseName))) {
    writeWeights(model, component, shapes, options.dtype ?? dtype, options);
  }
  return model;
}

function copyTokenizer(model: string, component: string, name: string, options: ModelLayout): void {
  copyInto(join(model, component), join(FIXTURES, 'tokenizers', name), options.layout);
}

/** The reference values of a case. */
export class Reference {
  private readonly file: ReferenceFile;
  private readonly bytes: Buffer;

  constructor(readonly caseName: string) {
    const folder = join(PIPELINES, caseName);
    this.file = readJson(join(folder, 'reference.json')) as ReferenceFile;
    this.bytes = readFileSync(join(folder, 'reference.bin'));
  }

  /** Names of the pipeline calls, `default` first: all, or those of one kind. */
  runNames(task?: Task): string[] {
    const names = Object.keys(this.file.runs);
    return names.filter((name) => task === undefined || taskOf(this.run(name)) === task);
  }

  run(name: string): ReferenceRun {
    const run = this.file.runs[name];
    if (run === undefined) throw new Error(`${this.caseName} has no run ${name}`);
    return run;
  }

  /** Names of the arrays: `<run>/<stage>` for a pipeline call, `<component>.<value>` for a component alone. */
  arrayNames(): string[] {
    return Object.keys(this.file.arrays);
  }

  array(name: string): ReferenceArray {
    const place = this.file.arrays[name];
    if (place === undefined) throw new Error(`${this.caseName} has no array ${name}`);
    const { shape, dtype, offset, seed } = place;
    const count = shape.reduce((product, size) => product * size, 1);
    if (seed !== undefined) return { shape, data: new TorchGenerator(seed).randn(count) };
    const width = dtype === 'float64' ? 8 : 4;
    const start = offset ?? 0;
    const bytes = new Uint8Array(this.bytes.subarray(start, start + count * width));
    const arrays = { float32: Float32Array, float64: Float64Array, int32: Int32Array };
    return { shape, data: new arrays[dtype](bytes.buffer) };
  }

  /** An array of float32 values. */
  floats(name: string): Float32Array {
    const { data } = this.array(name);
    if (!(data instanceof Float32Array)) throw new Error(`${name} is not float32`);
    return data;
  }

  /** An array of int32 values. */
  integers(name: string): Int32Array {
    const { data } = this.array(name);
    if (!(data instanceof Int32Array)) throw new Error(`${name} is not int32`);
    return data;
  }

  /** Path of the PNG file of picture `index` of a run. */
  picture(run: string, index = 0): string {
    return join(PIPELINES, this.caseName, `${run}-${String(index)}.png`);
  }
}

function taskOf(run: ReferenceRun): Task {
  if (run.imageGuidanceScale !== undefined) return 'editing';
  if (run.isUpscaled) return 'upscaling';
  if (run.base !== undefined) return 'refining';
  if (run.mask !== undefined || run.outpaint !== undefined) return 'inpainting';
  return run.initImage === undefined ? 'text-to-image' : 'image-to-image';
}

/** The bytes of a picture that runs start from. */
/** Makes the model folder of a case with other fields in one of its JSON files. @returns its path */
export function materialiseChanged(caseName: string, file: string, fields: object): string {
  const folder = materialise(caseName);
  const place = join(folder, file);
  writeFileSync(place, JSON.stringify({ ...(readJson(place) as object), ...fields }));
  return folder;
}

export function pictureBytes(name: string): Uint8Array {
  return new Uint8Array(readFileSync(join(FIXTURES, 'pictures', name)));
}

export function reference(caseName: string): Reference {
  return new Reference(caseName);
}

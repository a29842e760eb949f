import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Control } from '../../../src/engine/graph/controlnet';
import { parseControlNetConfig } from '../../../src/engine/graph/controlnet-config';
import { buildClipText } from '../../../src/engine/graph/clip-text';
import { parseClipTextConfig } from '../../../src/engine/graph/clip-text-config';
import type { BuiltGraph } from '../../../src/engine/graph/graph';
import type { GraphTarget } from '../../../src/engine/graph/target';
import { buildT2IAdapter } from '../../../src/engine/graph/t2i-adapter';
import { parseT2IAdapterConfig } from '../../../src/engine/graph/t2i-adapter-config';
import { buildTinyDecoder, buildTinyEncoder } from '../../../src/engine/graph/tiny-vae';
import { parseTinyVaeConfig } from '../../../src/engine/graph/tiny-vae-config';
import { buildUNet } from '../../../src/engine/graph/unet';
import { parseUNetConfig } from '../../../src/engine/graph/unet-config';
import { buildVaeDecoder, buildVaeEncoder } from '../../../src/engine/graph/vae';
import { parseVaeConfig } from '../../../src/engine/graph/vae-config';
import { pixelUnshuffle } from '../../../src/engine/model/components/t2i-adapter/features';
import { openWeightFile, type WeightSource } from '../../../src/engine/weights/source';
import { TorchGenerator } from '../../../src/core/diffusion/random';
import { randomTensors, type TensorShapes, type WeightDType } from '../../support/random-weights';
import { writeSafetensors } from '../../support/safetensors-file';
import { tempFolder } from '../../support/temp-folder';
import { FIXTURES } from '../../support/paths';

const FOLDER = join(FIXTURES, 'graphs');

type Component = 'unet' | 'vae' | 'tiny-vae' | 'text_encoder' | 't2i-adapter';

interface CaseFile {
  readonly component: Component;
  readonly dtype: WeightDType;
  readonly config: Readonly<Record<string, unknown>>;
  readonly tokenDownsampling?: number;
  readonly tensors: TensorShapes;
  readonly controls?: readonly ControlFile[];
  readonly arrays: Readonly<Record<string, ArrayPlace>>;
}

interface ControlFile {
  readonly config: Readonly<Record<string, unknown>>;
  readonly guesses: boolean;
  readonly tensors: TensorShapes;
}

interface ArrayPlace {
  readonly dtype: 'float32' | 'int32';
  readonly shape: readonly number[];
  readonly offset?: number;
  readonly seed?: number;
}

/** A graph with what to feed it and what diffusers computes from that. */
export interface GraphRun {
  readonly graph: BuiltGraph;
  readonly inputs: Readonly<Record<string, Float32Array | Int32Array>>;
  readonly expected: Readonly<Record<string, Float32Array>>;
}

/** Names of the cases of scripts/reference/graphs.py. */
export function graphCaseNames(): readonly string[] {
  return readdirSync(FOLDER).sort();
}

/** One case of scripts/reference/graphs.py, with its random weights written to a temporary file. */
export class GraphCase {
  readonly file: CaseFile;
  private readonly bytes: Buffer;
  private controls: readonly Control[] = [];

  constructor(readonly name: string) {
    this.file = JSON.parse(readFileSync(join(FOLDER, name, 'case.json'), 'utf8')) as CaseFile;
    this.bytes = readFileSync(join(FOLDER, name, 'reference.bin'));
  }

  /** Writes the weights, and opens the case's ControlNets. */
  async weights(tensors = this.file.tensors): Promise<WeightSource> {
    this.controls = await this.openControls();
    const path = join(tempFolder(), 'model.safetensors');
    writeSafetensors(path, randomTensors(tensors, this.file.dtype));
    return openWeightFile(path);
  }

  private async openControls(): Promise<readonly Control[]> {
    const { controls = [], dtype } = this.file;
    return Promise.all(
      controls.map(async ({ config, guesses, tensors }, index) => {
        const path = join(tempFolder(), 'controlnet.safetensors');
        writeSafetensors(path, randomTensors(tensors, dtype, `controlnet${index}.`));
        const weights = await openWeightFile(path);
        return { config: parseControlNetConfig(config, this.name), weights, guesses };
      }),
    );
  }

  /** The case's graphs: one, or the two of an autoencoder. */
  runs(weights: WeightSource, target: GraphTarget): readonly GraphRun[] {
    const { component, config } = this.file;
    switch (component) {
      case 'unet':
        return [this.unet(config, weights, target)];
      case 'text_encoder':
        return [this.textEncoder(config, weights, target)];
      case 't2i-adapter':
        return [this.adapter(config, weights, target)];
      case 'vae':
      case 'tiny-vae':
        return this.autoencoder(component, config, weights, target);
    }
  }

  private unet(config: unknown, weights: WeightSource, target: GraphTarget): GraphRun {
    const [batch, , height, width] = this.shape('unet.sample');
    const [, sequenceLength] = this.shape('unet.encoder_hidden_states');
    const sizes = {
      batch: batch!,
      height: height!,
      width: width!,
      sequenceLength: sequenceLength!,
    };
    const { tokenDownsampling } = this.file;
    const features = this.namesOf('unet.adapter_feature_').length;
    const options = { ...sizes, tokenDownsampling, target, controls: this.controls, features };
    const graph = buildUNet(parseUNetConfig(config, this.name), weights, options);
    const names = graph.inputs.map(({ name }) => name);
    const inputs = Object.fromEntries(names.map((name) => [name, this.array(`unet.${name}`)]));
    return { graph, inputs, expected: { out_sample: this.floats('unet.out_sample') } };
  }

  private textEncoder(config: unknown, weights: WeightSource, target: GraphTarget): GraphRun {
    const [batch] = this.shape('text_encoder.input_ids');
    const parsed = parseClipTextConfig(config, this.name);
    const graph = buildClipText(parsed, weights, { batch: batch!, target });
    const pooled = parsed.projectionDim === undefined ? 'pooler_output' : 'text_embeds';
    const expected = {
      last_hidden_state: this.floats('text_encoder.last_hidden_state'),
      penultimate_hidden_state: this.floats('text_encoder.hidden_states.-2'),
      [pooled]: this.floats(`text_encoder.${pooled}`),
    };
    return { graph, inputs: { input_ids: this.array('text_encoder.input_ids') }, expected };
  }

  private adapter(config: unknown, weights: WeightSource, target: GraphTarget): GraphRun {
    const parsed = parseT2IAdapterConfig(config, this.name);
    const [, , rows, columns] = this.shape('adapter.image');
    const [height, width] = [rows! / parsed.downscale, columns! / parsed.downscale];
    const image = this.floats('adapter.image');
    const sample = pixelUnshuffle(image, { width: columns!, height: rows! }, parsed.downscale);
    const expected = this.namesOf('adapter.feature_').map((name) => [
      name.slice('adapter.'.length),
      this.floats(name),
    ]);
    return {
      graph: buildT2IAdapter(parsed, weights, { height, width, target }),
      inputs: { sample },
      expected: Object.fromEntries(expected) as GraphRun['expected'],
    };
  }

  private autoencoder(
    component: 'vae' | 'tiny-vae',
    config: unknown,
    weights: WeightSource,
    target: GraphTarget,
  ): readonly GraphRun[] {
    const size = (name: string): { batch: number; height: number; width: number } => {
      const [batch, , height, width] = this.shape(name);
      return { batch: batch!, height: height!, width: width! };
    };
    const latents = { ...size('vae.latents'), target };
    const image = { ...size('vae.image'), target };
    const tiny = component === 'tiny-vae';
    const decoder = tiny
      ? buildTinyDecoder(parseTinyVaeConfig(config, this.name), weights, latents)
      : buildVaeDecoder(parseVaeConfig(config, this.name), weights, latents);
    const encoder = tiny
      ? buildTinyEncoder(parseTinyVaeConfig(config, this.name), weights, image)
      : buildVaeEncoder(parseVaeConfig(config, this.name), weights, image);
    return [
      {
        graph: decoder,
        inputs: { latent_sample: this.array('vae.latents') },
        expected: { sample: this.floats('vae.decoded') },
      },
      {
        graph: encoder,
        inputs: { sample: this.array('vae.image') },
        expected: tiny
          ? { latents: this.floats('vae.encoded') }
          : { latent_parameters: this.floats('vae.moments') },
      },
    ];
  }

  private namesOf(prefix: string): readonly string[] {
    return Object.keys(this.file.arrays).filter((name) => name.startsWith(prefix));
  }

  private shape(name: string): readonly number[] {
    return this.place(name).shape;
  }

  private floats(name: string): Float32Array {
    const data = this.array(name);
    if (!(data instanceof Float32Array)) throw new Error(`${name} is not float32`);
    return data;
  }

  private array(name: string): Float32Array | Int32Array {
    const { shape, dtype, offset = 0, seed } = this.place(name);
    const count = shape.reduce((product, size) => product * size, 1);
    if (seed !== undefined) return new TorchGenerator(seed).randn(count);
    const { buffer } = new Uint8Array(this.bytes.subarray(offset, offset + count * 4));
    return dtype === 'int32' ? new Int32Array(buffer) : new Float32Array(buffer);
  }

  private place(name: string): ArrayPlace {
    const place = this.file.arrays[name];
    if (place === undefined) throw new Error(`${this.name} has no array ${name}`);
    return place;
  }
}

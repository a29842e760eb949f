import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { buildClipText } from '../../../src/engine/graph/clip-text';
import { parseClipTextConfig } from '../../../src/engine/graph/clip-text-config';
import type { BuiltGraph } from '../../../src/engine/graph/graph';
import { buildUNet } from '../../../src/engine/graph/unet';
import { parseUNetConfig } from '../../../src/engine/graph/unet-config';
import type { WrapWeights } from '../../../src/engine/graph/weights';
import type { LoraComponent } from '../../../src/engine/lora/lora-names';
import type { LoraRequest, LoraTargets } from '../../../src/engine/lora/lora-set';
import { openWeightFile, type WeightSource } from '../../../src/engine/weights/source';
import { randomTensors, type TensorShapes, type WeightDType } from '../../support/random-weights';
import { type ArrayPlace, ReferenceArrays } from '../../support/reference-arrays';
import { encodeSafetensors, writeSafetensors } from '../../support/safetensors-file';
import { tempFolder } from '../../support/temp-folder';
import { FIXTURES } from '../../support/paths';

const FOLDER = join(FIXTURES, 'loras');
const TARGET = { device: 'cpu' } as const;

interface LoraDescription {
  readonly tensors: TensorShapes;
  readonly alphas: Readonly<Record<string, number>>;
  readonly metadata: Readonly<Record<string, string>>;
  readonly scale: number;
  /** The parts that have another scale. */
  readonly weights?: Readonly<Record<string, number>>;
  /** PEFT's adapter_config.json. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Name of the file in the fixture, where torch.save wrote it. */
  readonly torch?: string;
}

interface CaseFile {
  readonly dtype: WeightDType;
  readonly configs: Readonly<Partial<Record<LoraComponent, Record<string, unknown>>>>;
  readonly tensors: Readonly<Partial<Record<LoraComponent, TensorShapes>>>;
  readonly files: readonly LoraDescription[];
  readonly arrays: Readonly<Record<string, ArrayPlace>>;
}

/** A graph with what to feed it and what diffusers computes from that. */
export interface LoraRun {
  readonly graph: BuiltGraph;
  readonly inputs: Readonly<Record<string, Float32Array | Int32Array>>;
  readonly expected: Readonly<Record<string, Float32Array>>;
}

/** One case of scripts/reference/loras.py; its random weights and LoRA files are written to temporary files. */
export class LoraCase {
  readonly file: CaseFile;
  private readonly arrays: ReferenceArrays;

  constructor(readonly name: string) {
    this.file = JSON.parse(readFileSync(join(FOLDER, name, 'case.json'), 'utf8')) as CaseFile;
    const bytes = readFileSync(join(FOLDER, name, 'reference.bin'));
    this.arrays = new ReferenceArrays(this.file.arrays, bytes);
  }

  get components(): readonly LoraComponent[] {
    return Object.keys(this.file.configs) as LoraComponent[];
  }

  async targets(): Promise<LoraTargets> {
    const sources: Partial<Record<LoraComponent, WeightSource>> = {};
    for (const component of this.components) {
      const path = join(tempFolder(), 'model.safetensors');
      writeSafetensors(path, randomTensors(this.file.tensors[component]!, this.file.dtype));
      sources[component] = await openWeightFile(path);
    }
    const layersPerBlock = Number(this.file.configs.unet?.layers_per_block);
    return { ...sources, unet: sources.unet!, layersPerBlock };
  }

  /** @param rename the name that another tool gives a tensor; the values do not change */
  loras(rename?: (name: string) => string): readonly LoraRequest[] {
    return this.file.files.map((file) => ({
      path: this.write(file, rename),
      scale: file.scale,
      weights: file.weights,
    }));
  }

  run(component: LoraComponent, weights: WeightSource, wrapWeights?: WrapWeights): LoraRun {
    const options = { target: TARGET, wrapWeights };
    const config = this.file.configs[component];
    if (component === 'unet') {
      const [batch, , height, width] = this.arrays.shape('unet.sample') as number[];
      const sequenceLength = this.arrays.shape('unet.encoder_hidden_states')[1]!;
      const sizes = { batch: batch!, height: height!, width: width!, sequenceLength };
      const graph = buildUNet(parseUNetConfig(config, this.name), weights, {
        ...sizes,
        ...options,
      });
      const names = graph.inputs.map(({ name }) => name);
      const inputs = Object.fromEntries(
        names.map((name) => [name, this.arrays.get(`unet.${name}`)]),
      );
      const expected = { out_sample: this.arrays.floats('unet.out_sample') };
      return { graph, inputs, expected };
    }
    const parsed = parseClipTextConfig(config, this.name);
    const graph = buildClipText(parsed, weights, { batch: 2, ...options });
    const names = ['last_hidden_state', 'text_embeds'];
    const present = names.filter((name) => this.arrays.has(`${component}.${name}`));
    const expected = Object.fromEntries(
      present.map((name) => [name, this.arrays.floats(`${component}.${name}`)]),
    );
    const inputs = { input_ids: this.arrays.get(`${component}.input_ids`) };
    return { graph, inputs, expected };
  }

  private write(
    { tensors, alphas, metadata, torch, config }: LoraDescription,
    rename = (name: string) => name,
  ): string {
    if (torch !== undefined) return join(FOLDER, this.name, torch);
    const scalars = Object.entries(alphas).map(([name, value]) => {
      const bytes = new Uint8Array(Float32Array.of(value).buffer);
      return { name, dtype: 'F32', shape: [], bytes };
    });
    const folder = tempFolder();
    const path = join(
      folder,
      config === undefined ? 'lora.safetensors' : 'adapter_model.safetensors',
    );
    if (config !== undefined) {
      writeFileSync(join(folder, 'adapter_config.json'), JSON.stringify(config));
    }
    const all = [...randomTensors(tensors, this.file.dtype), ...scalars];
    const named = all.map((tensor) => ({ ...tensor, name: rename(tensor.name) }));
    writeFileSync(path, encodeSafetensors(named, { ...metadata, format: 'pt' }));
    return path;
  }
}

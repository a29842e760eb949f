// The sides of `npm run bench`: what computes a network, as a command, and one measurement of it.
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { run } from '../steps';
import { pythonEnvironment } from '../steps';
import { cache, models, runToJson } from './tools';

/** What a measurement runs. */
export interface Measured {
  readonly component: string;
  /** Of the component, within the folder of models. */
  readonly folder: string;
  readonly batch: number;
  /** How many runs the engine plans for, and how many it makes. */
  readonly plannedRuns: number;
  readonly runs: number;
}

/** A program that computes networks in one precision. bench/measurement.py describes its options. */
export interface Side {
  /** In file names and in the option `--side`. */
  readonly name: string;
  readonly title: string;
  readonly command: readonly [program: string, ...args: string[]];
  readonly precision: string;
  /** Memory that it takes at most for a large network, as a multiple of the weights' float16 file. */
  readonly memoryFactor: number;
  /** Where it keeps what it prepares once for a network; absent where there is nothing to prepare. */
  readonly kept?: (measured: Measured) => string;
  /** Whether that is there from an earlier run. */
  readonly isPrepared?: (measured: Measured) => boolean;
  /** Whether it writes the network's output. Default: yes. */
  readonly hasOutput?: boolean;
  /** Networks it cannot measure alone are left out. Default: it measures all. */
  readonly measures?: (measured: Measured) => boolean;
}

export interface Measurement {
  /** From the start of the process to the end of the first run. */
  readonly firstSeconds: number;
  readonly runSeconds: readonly number[];
  readonly peakBytes: number;
  /** The type that a side says it computes in. */
  readonly computesIn?: string;
}

/** @param program the bundle of bench/easel.ts (`bundleEasel`) */
export function easelSide(program: string, precision: 'full' | 'int8'): Side {
  const common = { command: [process.execPath, program], precision } as const;
  if (precision === 'full') {
    return { ...common, name: 'easel', title: 'Easel float32', memoryFactor: 1.6 };
  }
  const kept = () => path.join(cache, 'int8');
  return { ...common, name: 'easel-int8', title: 'Easel int8', memoryFactor: 1.2, kept };
}

export function pytorchSide(python: string, precision: 'float32' | 'bfloat16'): Side {
  const isWhole = precision === 'float32';
  return {
    name: isWhole ? 'pytorch' : 'pytorch-bf16',
    title: `PyTorch ${precision}`,
    command: [python, 'bench/pytorch.py'],
    precision,
    memoryFactor: isWhole ? 3 : 1.6,
  };
}

export function openvinoSide(python: string, precision: 'default' | 'float32'): Side {
  const kept = ({ folder, batch }: Measured) => path.join(cache, 'openvino', folder, String(batch));
  return {
    name: precision === 'default' ? 'openvino' : 'openvino-f32',
    title: `OpenVINO ${precision}`,
    command: [python, 'bench/with_openvino.py'],
    precision,
    // It is converted from the module of PyTorch.
    memoryFactor: 3,
    kept,
    isPrepared: (measured) => existsSync(path.join(kept(measured), 'inputs.npz')),
  };
}

/**
 * stable-diffusion.cpp, built for this machine. It measures whole images, so only unguided UNets are measured.
 * @throws Error if it cannot be built
 */
export function sdCppSide(python: string): Side {
  const built = pythonEnvironment('sd-cpp', 'bench/sd-cpp', { CMAKE_ARGS: '-DGGML_NATIVE=ON' });
  run(python, ['scripts/reference/fullsize_single_file.py', models, 'sd15'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return {
    name: 'sd-cpp',
    title: 'stable-diffusion.cpp float16',
    command: [built, 'bench/with_sd_cpp.py'],
    precision: 'float16',
    memoryFactor: 3,
    measures: ({ folder, batch }) => folder === 'sd15/unet' && batch === 1,
    hasOutput: false,
  };
}

/** Whether this machine has the memory for a side of a measurement. */
export function hasMemory(
  { memoryFactor }: Side,
  { component, folder }: Pick<Measured, 'component' | 'folder'>,
): boolean {
  const file = component.startsWith('text_encoder')
    ? 'model.fp16.safetensors'
    : 'diffusion_pytorch_model.fp16.safetensors';
  const { size } = statSync(path.join(models, folder, file));
  return process.availableMemory() > size * memoryFactor;
}

/**
 * One measurement in a process of its own.
 * @param output the file for the values that came out (float32)
 * @param limitMs how long it may take. Default: without end
 * @throws Error with what the process wrote, if it failed or took longer
 */
export function measure(
  side: Side,
  measured: Measured,
  output: string,
  limitMs?: number,
): Measurement {
  const startedAt = Date.now();
  const { plannedRuns, runs } = measured;
  const counts = ['--planned-runs', String(plannedRuns), '--runs', String(runs)];
  const result = start(side, measured, [...counts, '--output', output], limitMs);
  const { firstAt, ...others } = result as Measurement & { readonly firstAt: number };
  return { ...others, firstSeconds: (firstAt - startedAt) / 1000 };
}

/** Prepares what a side keeps of a network, in a process of its own. @returns how long that took, in seconds */
export function prepare(side: Side, measured: Measured): number {
  const result = start(side, measured, ['--prepare']) as { readonly prepareSeconds: number };
  return result.prepareSeconds;
}

function start(side: Side, measured: Measured, more: readonly string[], limitMs?: number): unknown {
  const { command, precision, kept } = side;
  const { component, folder, batch } = measured;
  const [program, ...args] = command;
  args.push('--precision', precision, '--component', component, '--batch', String(batch));
  args.push('--folder', path.join(models, folder), '--kept', kept?.(measured) ?? cache, ...more);
  return runToJson(program, args, limitMs);
}

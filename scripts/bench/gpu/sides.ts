// What `npm run bench:gpu` puts beside each other.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import type { AttentionKind, DeviceName, Precision } from '../../../src/core/devices';
import { drawWarm, ONE_STEP } from '../turbo';
import type { Side } from '../sides';
import { models, runToJson, tinyCache } from '../tools';

/** A side that also draws whole images. */
export interface GpuSide extends Side {
  /**
   * One image of one step with a tiny autoencoder, after another one.
   * @param model its folder, within the folder of models
   * @returns how long it takes, in seconds
   */
  readonly drawTurbo?: (model: string, limitMs: number) => Promise<number>;
}

/** Where PyTorch computes: on the card that it can use, or on the processor where it can use none. */
export function pytorchDevice(python: string): 'cuda' | 'cpu' {
  const code = 'import torch; print(torch.cuda.is_available())';
  const { stdout } = spawnSync(python, ['-c', code], { encoding: 'utf8' });
  return stdout.trim() === 'True' ? 'cuda' : 'cpu';
}

interface EaselSide {
  readonly name: string;
  readonly title: string;
  /** Of the networks alone. Images are drawn with the one that the device's trial finds. */
  readonly attention: AttentionKind;
  /** Whether it also draws images. Default: yes. */
  readonly draws?: boolean;
}

/** @param program the bundle of bench/easel.ts */
export function easelSides(program: string): readonly GpuSide[] {
  const side = (
    device: DeviceName,
    precision: Precision,
    { name, title, attention, draws = true }: EaselSide,
  ): GpuSide => {
    return {
      name,
      title: `Easel, ${title}`,
      precision,
      memoryFactor: 0,
      command: [process.execPath, program, '--device', device, '--attention', attention],
      ...(draws && {
        drawTurbo: (model, limitMs) => {
          const request = { ...ONE_STEP, model: path.join(models, model), device, precision };
          return drawWarm(request, { HF_HUB_CACHE: tinyCache() }, limitMs);
        },
      }),
    };
  };
  return [
    side('webgpu', 'half', { name: 'webgpu-half', title: 'WebGPU float16', attention: 'plain' }),
    side('webgpu', 'half', {
      ...{ name: 'webgpu-fused', title: 'WebGPU float16, fused attention' },
      ...{ attention: 'fused', draws: false },
    }),
    side('webgpu', 'full', { name: 'webgpu', title: 'WebGPU float32', attention: 'plain' }),
    side('cuda', 'half', { name: 'cuda-half', title: 'CUDA float16', attention: 'fused' }),
  ];
}

/** @param device in PyTorch's words */
export function pytorchGpuSide(
  python: string,
  device: string,
  precision: 'float32' | 'float16',
): GpuSide {
  return {
    name: precision === 'float16' ? 'pytorch-half' : 'pytorch',
    title: `PyTorch ${precision}`,
    precision,
    memoryFactor: 0,
    command: [python, 'bench/pytorch.py', '--device', device],
    ...(precision === 'float16' && {
      drawTurbo: (model, limitMs) => {
        const args = ['bench/pytorch_turbo.py', '--device', device];
        args.push('--model', path.join(models, model), '--vae', path.join(models, 'taesd', 'vae'));
        const { seconds } = runToJson(python, args, limitMs) as { readonly seconds: number };
        return Promise.resolve(seconds);
      },
    }),
  };
}

import * as assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { softwareVulkan } from '../../support/software-vulkan';

/** One of each class, and what ONNX Runtime's WebGPU kernels are known to get wrong. */
const CASES = ['clip-gelu', 'tiny-vae', 'unet-lcm-inpainting'];

/** Milliseconds. A software driver on a busy machine is slow: this takes 17 s on a quiet one. */
const LONGEST = 300_000;

describe('graphs on WebGPU', () => {
  it('compute what diffusers computes', function () {
    this.timeout(LONGEST);
    const env = { ...process.env, ...softwareVulkan(this) };
    const child = join(import.meta.dirname, 'webgpu-child.ts');
    const { stdout, stderr } = spawnSync(process.execPath, ['-r', 'tsx/cjs', child, ...CASES], {
      env,
      encoding: 'utf8',
      timeout: LONGEST,
    });
    assert.notEqual(stdout, '', stderr);
    const errors = Object.entries(JSON.parse(stdout) as Record<string, number>);
    assert.equal(errors.length, 6);
    for (const [output, error] of errors) assert.ok(error < 3e-5, `${output} is off by ${error}`);
  });
});

import * as assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SWIFTSHADER = '/usr/lib/chromium/vk_swiftshader_icd.json';

/** One of each class, and what ONNX Runtime's WebGPU kernels are known to get wrong. */
const CASES = ['clip-gelu', 'tiny-vae', 'unet-lcm-inpainting'];

/** Milliseconds. A software driver on a busy machine is slow: this takes 17 s on a quiet one. */
const LONGEST = 300_000;

describe('graphs on WebGPU', () => {
  it('compute what diffusers computes', function () {
    this.timeout(LONGEST);
    if (process.platform !== 'linux' || !existsSync(SWIFTSHADER)) this.skip();
    const child = join(import.meta.dirname, 'webgpu-child.ts');
    const { stdout, stderr } = spawnSync(process.execPath, ['-r', 'tsx/cjs', child, ...CASES], {
      env: { ...process.env, VK_ICD_FILENAMES: SWIFTSHADER, XDG_RUNTIME_DIR: tmpdir() },
      encoding: 'utf8',
      timeout: LONGEST,
    });
    assert.notEqual(stdout, '', stderr);
    const errors = Object.entries(JSON.parse(stdout) as Record<string, number>);
    assert.equal(errors.length, 6);
    for (const [output, error] of errors) assert.ok(error < 3e-5, `${output} is off by ${error}`);
  });
});

import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { Context } from 'mocha';

const SWIFTSHADER = '/usr/lib/chromium/vk_swiftshader_icd.json';
const VULKAN = '/usr/lib/x86_64-linux-gnu/libvulkan.so.1';

/** Whether WebGPU can run without a GPU here: on SwiftShader, the software driver of Debian's chromium package. */
export function hasSoftwareVulkan(): boolean {
  return [SWIFTSHADER, VULKAN].every((file) => existsSync(file));
}

/**
 * The variables of a process that is to use the software driver. Skips the test where there is none.
 * @throws in CI where the user is root, who can install it
 */
export function softwareVulkan(test: Context): Readonly<Record<string, string>> {
  if (!hasSoftwareVulkan()) {
    const message = 'WebGPU needs a software driver here: run `npm run setup:webgpu` as root.';
    if (process.env.CI && process.getuid?.() === 0) throw new Error(message);
    console.log(`      skipped: ${message}`);
    test.skip();
  }
  return { VK_ICD_FILENAMES: SWIFTSHADER, XDG_RUNTIME_DIR: tmpdir() };
}

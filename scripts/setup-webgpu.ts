// `npm run setup:webgpu`: installs SwiftShader, the software Vulkan driver of Debian's chromium package. With
// it the WebGPU tests run on machines without a GPU. Needs root on Debian or a system like it (x64).
import { existsSync } from 'node:fs';
import { installDebianPackages } from './steps';

const FILES = [
  '/usr/lib/chromium/vk_swiftshader_icd.json',
  '/usr/lib/x86_64-linux-gnu/libvulkan.so.1',
];

if (!FILES.every((file) => existsSync(file))) {
  if (!installDebianPackages(['chromium', 'libvulkan1', 'fonts-dejavu-core'])) {
    console.error(
      'SwiftShader could not be installed. As root on Debian, install chromium and libvulkan1.',
    );
    process.exitCode = 1;
  }
}

// The WebGPU path is tested on machines without a GPU through SwiftShader, the software Vulkan driver
// that Debian's chromium package ships. Installed here when root on a Debian-like Linux lacks it.
import { existsSync } from 'node:fs';
import { run } from './setup.mjs';

const NEEDED = [
  '/usr/lib/chromium/vk_swiftshader_icd.json',
  '/usr/lib/x86_64-linux-gnu/libvulkan.so.1',
];
if (process.platform === 'linux' && process.arch === 'x64' && !NEEDED.every(existsSync)) {
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    run('apt-get', ['update', '-qq'], { env, allowFailure: true });
    run(
      'apt-get',
      [
        'install',
        '-y',
        '-qq',
        '--no-install-recommends',
        'chromium',
        'libvulkan1',
        'fonts-dejavu-core',
      ],
      {
        env,
        stdio: ['ignore', 'ignore', 'inherit'],
        allowFailure: true,
      },
    );
  } else {
    console.log(
      'WebGPU tests need SwiftShader: install the chromium and libvulkan1 packages to run them.',
    );
  }
}

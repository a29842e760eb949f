// `npm run setup:webgpu`: installs SwiftShader, the software Vulkan driver of Debian's chromium package. With
// it the WebGPU tests run on machines without a GPU. Needs root on Debian or a system like it (x64).
import { hasSoftwareVulkan } from '../test/support/software-vulkan';
import { installDebianPackages } from './steps';

if (!hasSoftwareVulkan()) {
  installDebianPackages(['chromium', 'libvulkan1', 'fonts-dejavu-core']);
  if (!hasSoftwareVulkan()) {
    console.error(
      'SwiftShader could not be installed. On Debian (x64), run this as root, or install the packages ' +
        'chromium and libvulkan1.',
    );
    process.exitCode = 1;
  }
}

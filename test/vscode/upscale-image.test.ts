import path from 'node:path';
import { requirePassed, runHostTests } from './driver/host-tests';
import { installVsCode } from './driver/install';
import { tempFolder } from '../support/temp-folder';
import { materialiseUpscaler } from '../support/upscalers';
import { vsix } from './support/packaged';
import { newWorkspace } from './support/workspace-files';

describe('Upscale in a real VS Code', function () {
  this.timeout(600_000);

  it('passes its suite inside the extension host', async () => {
    installVsCode();
    const upscaler = materialiseUpscaler('compact-x4', { file: 'RealESRGAN_x4.pth' });
    const settings = JSON.stringify({ 'easel.modelPaths': [path.dirname(upscaler)] });
    const { tests } = await runHostTests({
      vsix: await vsix(),
      suites: [path.join(__dirname, 'host', 'upscale-image.suite.ts')],
      workspace: newWorkspace({ '.vscode/settings.json': settings }),
      folder: tempFolder(),
      env: { EASEL_TEST_UPSCALER: upscaler },
    });
    requirePassed(tests);
  });
});

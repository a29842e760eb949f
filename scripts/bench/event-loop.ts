// `npm run bench:editor`: how late the thread of VS Code's extensions is while Easel draws with a model of a published
// size. The model's weights are those of `npm run bench`; see bench/README.md. Linux only, as the tests in VS Code.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { installVsCode } from '../../test/vscode/driver/install';
import { runHostTests } from '../../test/vscode/driver/host-tests';
import { vsix } from '../../test/vscode/support/packaged';
import { newWorkspace } from '../../test/vscode/support/workspace-files';
import { runMain } from '../steps';
import { describeMachine } from './machine';
import { models, preparePython, writeModels } from './tools';

const MODEL = 'sd-turbo';

async function main(): Promise<void> {
  const python = preparePython();
  writeModels(python, [MODEL]);
  installVsCode();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'easel-event-loop-'));
  try {
    const model = path.join(models, MODEL);
    const { tests, measured } = await runHostTests({
      vsix: await vsix(),
      suites: [path.join(__dirname, 'event-loop.suite.ts')],
      // A server takes the settings of its machine from a workspace.
      workspace: newWorkspace({
        '.vscode/settings.json': JSON.stringify({
          ...{ 'easel.model': model, 'easel.modelPaths': [model] },
          ...{ 'easel.steps': 4, 'easel.guidanceScale': 1 },
        }),
      }),
      folder,
      env: { EASEL_CACHE: path.join(folder, 'cache') },
      timeout: 1_200_000,
    });
    for (const { error } of tests) if (error !== undefined) throw new Error(error);
    console.log(`${(await describeMachine(python)).join('\n')}\n`);
    for (const [what, value] of Object.entries(measured)) {
      console.log(`${what}: ${value.toFixed(1)}`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

runMain(main);

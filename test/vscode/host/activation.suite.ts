import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { engineProcesses } from '../support/engine-processes';

describe('activation', () => {
  it('loads neither the runtime nor the image library, and starts no engine', async () => {
    const extension = vscode.extensions.getExtension('easel.easel');
    assert.ok(extension);
    assert.equal(extension.isActive, false);
    await extension.activate();
    const maps = readFileSync('/proc/self/maps', 'utf8');
    assert.doesNotMatch(maps, /onnxruntime|libvips|sharp-/);
    assert.deepEqual(engineProcesses(), []);
  });

  it('registers every command of the manifest', async () => {
    const manifest = vscode.extensions.getExtension('easel.easel')?.packageJSON as {
      contributes: { commands: { command: string }[] };
    };
    const registered = new Set(await vscode.commands.getCommands(true));
    const missing = manifest.contributes.commands
      .map(({ command }) => command)
      .filter((command) => !registered.has(command));
    assert.deepEqual(missing, []);
  });
});

import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { engineProcesses } from '../support/engine-processes';
import { measured } from '../support/measurements';

/** Milliseconds an editor may wait for the extension. */
const BUDGET_MS = 50;

describe('activation', () => {
  it('is quick, and loads neither the runtime nor the image library', async () => {
    const extension = vscode.extensions.getExtension('easel.easel');
    assert.ok(extension);
    assert.equal(extension.isActive, false);
    const started = performance.now();
    await extension.activate();
    measured.activationMs = performance.now() - started;
    assert.ok(measured.activationMs < BUDGET_MS, `${measured.activationMs} ms`);
    const maps = readFileSync('/proc/self/maps', 'utf8');
    assert.doesNotMatch(maps, /onnxruntime|libvips|sharp/);
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

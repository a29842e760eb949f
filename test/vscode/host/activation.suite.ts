import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { engineProcesses } from '../support/engine-processes';
import { measured } from '../support/measurements';
import { startProfiler } from '../support/profiler';

/** Processor time of this thread: what a busy machine makes others wait for is not in it. */
function threadCpuMs(): number {
  // The Node of VS Code has it; the types are those of the oldest Node that runs the command line.
  const host = process as unknown as { threadCpuUsage(): { user: number; system: number } };
  const { user, system } = host.threadCpuUsage();
  return (user + system) / 1000;
}

/** Waits until the editor's own extensions, which start in the same thread, have started. */
async function quietHost(): Promise<void> {
  for (let rounds = 0; rounds < 60; rounds++) {
    const before = threadCpuMs();
    await new Promise((resolve) => setTimeout(resolve, 500));
    if (threadCpuMs() - before < 10) return;
  }
}

describe('activation', () => {
  it('loads neither the runtime nor the image library, and starts no engine', async () => {
    const extension = vscode.extensions.getExtension('easel.easel');
    assert.ok(extension);
    assert.equal(extension.isActive, false);
    await quietHost();
    const profiler = await startProfiler();
    const cpuBefore = threadCpuMs();
    await extension.activate();
    measured.threadCpuMs = threadCpuMs() - cpuBefore;
    measured.ownCodeMs = await profiler.stop('/easel.easel-');
    // Both are reported, and neither is less than what the extension took: the first has the editor's own
    // work in it, the second the time in which a busy machine ran something else.
    assert.ok(measured.ownCodeMs > 0, 'nothing was measured');
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

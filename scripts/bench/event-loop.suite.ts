// Runs inside the extension host of VS Code for event-loop.ts: how late the thread of all extensions is, while
// nothing happens and while Easel draws.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import { measured } from '../../test/vscode/support/measurements';

/** How often the thread is asked, in milliseconds. */
const RESOLUTION = 10;
/** The editor's own extensions start in the first seconds. */
const QUIET_MS = 15_000;

/** How much later than asked for the thread answered, in milliseconds. */
async function latenessOf(label: string, work: () => Promise<unknown>): Promise<void> {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION });
  histogram.enable();
  const started = performance.now();
  const before = performance.eventLoopUtilization();
  await work();
  const { utilization } = performance.eventLoopUtilization(before);
  histogram.disable();
  const late = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - RESOLUTION);
  measured[`${label}, seconds`] = (performance.now() - started) / 1000;
  measured[`${label}, median`] = late(histogram.percentile(50));
  measured[`${label}, 99 of 100`] = late(histogram.percentile(99));
  measured[`${label}, largest`] = late(histogram.max);
  measured[`${label}, share at work`] = utilization * 100;
}

describe('the event loop of the extension host', () => {
  const draw = async (seed: number): Promise<void> => {
    const wish = { prompt: 'a red apple', seed };
    const image: unknown = await vscode.commands.executeCommand('easel.generateImage', wish);
    if (!(image instanceof vscode.Uri)) throw new Error('nothing was drawn');
  };

  it('answers while a large model draws', async function () {
    this.timeout(900_000);
    await vscode.extensions.getExtension('easel.easel')?.activate();
    await delay(QUIET_MS);
    await latenessOf('nothing drawn', () => delay(QUIET_MS));
    await latenessOf('first image', () => draw(1));
    await latenessOf('later image', () => draw(2));
  });
});

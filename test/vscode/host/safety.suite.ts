import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import type { GenerationEvent } from '../../../src/protocol/engine';
import { engineProcesses, residentBytes } from '../support/engine-processes';
import { measured } from '../support/measurements';
import { until } from '../../support/until';
import { assertWholePng, easel, editDocument, filesIn, workspaceUri } from '../support/workspace';

const FOLDER = 'assets';
const MANY_STEPS = 200;
/** Jobs in a row; a longer run is had by EASEL_TEST_JOBS. */
const JOBS = Number(process.env.EASEL_TEST_JOBS ?? 12);
/** Bytes that a warm engine may gain over the jobs: allocators breathe, leaks grow. */
const GROWTH = 48 * 2 ** 20;

const draw = (prompt: string, seed: number) =>
  vscode.commands.executeCommand<vscode.Uri | undefined>('easel.generateImage', { prompt, seed });

async function setSteps(steps: number | undefined): Promise<void> {
  const target = vscode.ConfigurationTarget.Workspace;
  await vscode.workspace.getConfiguration('easel').update('steps', steps, target);
}

/** Kills the engine once a job is where the test wants it. */
async function killWhen(reached: () => boolean): Promise<void> {
  await until('the moment to kill', reached);
  const [pid] = engineProcesses();
  assert.ok(pid, 'no engine runs');
  process.kill(pid, 'SIGKILL');
}

async function assertNothingHalf(): Promise<void> {
  const names = await filesIn(FOLDER);
  assert.deepEqual(
    names.filter((name) => !name.endsWith('.png')),
    [],
  );
  await Promise.all(names.map((name) => assertWholePng(workspaceUri(FOLDER, name))));
}

describe('safety', () => {
  beforeEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));
  afterEach(async () => {
    await setSteps(undefined);
    await assertNothingHalf();
  });

  it('outlives an engine killed while it loads, and draws the next picture', async () => {
    const { engine } = await easel();
    for (const pid of engineProcesses()) process.kill(pid, 'SIGKILL');
    await until('no engine', () => engineProcesses().length === 0);
    const lost = draw('killed while loading', 21);
    await killWhen(() => engineProcesses().length > 0 && engine.jobs[0]?.progress.done === 0);
    assert.equal(await lost, undefined);
    assert.equal(engine.jobs.length, 0);
    assert.ok(await draw('drawn after the kill', 22));
  });

  it('outlives an engine killed while it draws, and leaves the document alone', async () => {
    const { engine } = await easel();
    const { document } = await editDocument('killed.md', 'untouched');
    await setSteps(MANY_STEPS);
    const lost = draw('killed while drawing', 23);
    await killWhen(() => (engine.jobs[0]?.progress.done ?? 0) > 2);
    assert.equal(await lost, undefined);
    assert.equal(document.getText(), 'untouched');
    assert.deepEqual(
      (await filesIn(FOLDER)).filter((name) => name.startsWith('killed')),
      [],
    );
  });

  it('keeps a picture whose engine is killed while it is saved', async () => {
    const { engine } = await easel();
    const saved = draw('killed while saving', 24);
    let killed = false;
    const watching = engine.onDidChangeJobs(() => {
      const { done, total } = engine.jobs[0]?.progress ?? { done: 0, total: 0 };
      const [pid] = engineProcesses();
      if (killed || total === 0 || done < total || !engine.jobs[0]?.progress.drawn || !pid) return;
      killed = true;
      process.kill(pid, 'SIGKILL');
    });
    try {
      const picture = await saved;
      assert.ok(killed, 'the engine was not killed');
      assert.ok(picture);
      await assertWholePng(picture);
    } finally {
      watching.dispose();
    }
  });

  it('answers a cancel within a step', async () => {
    const { engine } = await easel();
    await draw('warm', 25);
    await setSteps(MANY_STEPS);
    const lost = draw('cancelled', 26);
    await until('a few steps', () => (engine.jobs[0]?.progress.done ?? 0) > 4);
    const { done } = engine.jobs[0]?.progress ?? { done: 0 };
    const started = performance.now();
    await vscode.commands.executeCommand('easel.cancelGeneration');
    const job = engine.jobs[0];
    assert.equal(await lost, undefined);
    measured.cancelMs = performance.now() - started;
    // One step may be under way, and its event on the way.
    assert.ok((job?.progress.done ?? done) - done <= 2, `${job?.progress.done ?? 0} after ${done}`);
    assert.equal(engine.jobs.length, 0);
    assert.deepEqual(
      (await filesIn(FOLDER)).filter((name) => name.startsWith('cancelled')),
      [],
    );
    assert.ok(await draw('drawn after the cancel', 27));
  });

  it('draws what is asked for at once, one after another', async () => {
    const { engine } = await easel();
    const events: GenerationEvent[] = [];
    const request = { prompt: 'queued', steps: 2 };
    await Promise.all([
      engine.generate({ ...request, seed: 1 }, { onEvent: (event) => events.push(event) }),
      engine.generate({ ...request, seed: 2 }, { onEvent: (event) => events.push(event) }),
    ]);
    assert.ok(events.some(({ event }) => event === 'queued'));
    const seeds = events.flatMap((event) => (event.event === 'image' ? [event.seed] : []));
    assert.deepEqual(seeds, [1, 2]);
  });

  it(`draws ${JOBS} pictures in a row in the same memory`, async function () {
    this.timeout(JOBS * 20_000);
    const { engine } = await easel();
    const request = { prompt: 'in a row', steps: 2 };
    for (let job = 0; job < 5; job++) await engine.generate({ ...request, seed: job });
    const [pid] = engineProcesses();
    assert.ok(pid);
    const before = residentBytes(pid);
    const hostBefore = residentBytes(process.pid);
    for (let job = 0; job < JOBS; job++) await engine.generate({ ...request, seed: job });
    assert.deepEqual(engineProcesses(), [pid]);
    measured.engineGrowthBytes = residentBytes(pid) - before;
    measured.hostGrowthBytes = residentBytes(process.pid) - hostBefore;
    assert.ok(measured.engineGrowthBytes < GROWTH, `engine: ${measured.engineGrowthBytes}`);
    assert.ok(measured.hostGrowthBytes < GROWTH, `host: ${measured.hostGrowthBytes}`);
  });
});

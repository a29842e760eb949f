import { strict as assert } from 'node:assert';
import * as vscode from 'vscode';
import type { GenerationEvent } from '../../../src/protocol/engine';
import { engineProcesses, residentBytes } from '../support/engine-processes';
import { measured } from '../support/measurements';
import { until } from '../../support/until';
import { assertWholeImage, easel, editDocument, filesIn, workspaceUri } from '../support/workspace';

const FOLDER = 'assets';
const MANY_STEPS = 200;
/** Jobs of a round; longer ones are had by EASEL_TEST_JOBS. */
const JOBS = Number(process.env.EASEL_TEST_JOBS ?? 24);
/** Rounds that a process may take to settle: allocators and collectors breathe by some 40 MB. */
const ROUNDS = 8;
/** Bytes that the lowest mark of a round may lie above that of two rounds before: half a megabyte a job. */
const GROWTH = JOBS * 2 ** 20;

/** What a process gained from round to round at its lowest; infinite before there is enough to tell. */
const growth = (lowest: readonly number[]): number =>
  lowest.length < 4 ? Infinity : (lowest.at(-1) ?? NaN) - (lowest.at(-3) ?? NaN);

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
    names.filter((name) => !name.endsWith('.webp')),
    [],
  );
  await Promise.all(names.map((name) => assertWholeImage(workspaceUri(FOLDER, name))));
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
      await assertWholeImage(picture);
    } finally {
      watching.dispose();
    }
  });

  it('answers a cancel within a step', async () => {
    const { engine } = await easel();
    await draw('warm', 25);
    await setSteps(MANY_STEPS);
    const lost = draw('a castle', 26);
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
      (await filesIn(FOLDER)).filter((name) => name.startsWith('a-castle')),
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

  it('draws pictures in a row in the same memory', async function () {
    this.timeout(JOBS * ROUNDS * 20_000);
    const { engine } = await easel();
    await engine.generate({ prompt: 'in a row', steps: 2 });
    const pids = engineProcesses();
    assert.equal(pids.length, 1);
    const watched = [...pids, process.pid].map((pid) => ({ pid, lowest: [] as number[] }));
    const settled = () => watched.every(({ lowest }) => growth(lowest) < GROWTH);
    for (let round = 0; round < ROUNDS && !settled(); round++) {
      for (const { lowest } of watched) lowest.push(Infinity);
      for (let job = 0; job < JOBS; job++) {
        await engine.generate({ prompt: 'in a row', steps: 2, seed: job });
        assert.deepEqual(engineProcesses(), pids);
        for (const { pid, lowest } of watched) {
          lowest.push(Math.min(lowest.pop() ?? Infinity, residentBytes(pid)));
        }
      }
    }
    const [engineGrowth = NaN, hostGrowth = NaN] = watched.map(({ lowest }) => growth(lowest));
    measured.engineGrowthBytes = engineGrowth;
    measured.hostGrowthBytes = hostGrowth;
    assert.ok(settled(), JSON.stringify(watched));
  });
});

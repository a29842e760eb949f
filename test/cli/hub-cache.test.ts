import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runCli } from '../support/cli';
import { materialise, reference } from '../support/fixture';
import { assertSamePicture } from '../support/pictures';

const REPO = 'easel/tiny';

/** The cache that a snapshot lies in: models--org--name/snapshots/<commit> below it. */
function cacheOf(snapshot: string): string {
  return path.resolve(snapshot, '..', '..', '..');
}

describe('models in the Hugging Face cache', () => {
  const run = reference('sd1').run('default');
  let output: string;

  before(() => {
    output = mkdtempSync(path.join(tmpdir(), 'easel-out-'));
  });
  after(() => {
    rmSync(output, { recursive: true, force: true });
  });

  const draw = async (model: string, env: Record<string, string>) => {
    const result = await runCli(
      [
        ...['generate', run.prompt, '--negative-prompt', run.negativePrompt, '--model', model],
        ...['--seed', String(run.seed), '--steps', String(run.steps), '--device', 'cpu'],
        ...['--width', String(run.width), '--height', String(run.height)],
        ...['--format', 'png', '--output', output, '--json'],
      ],
      env,
    );
    const events = result.events();
    assert.equal(result.code, 0, JSON.stringify(events.at(-1)));
    return events.find(({ event }) => event === 'image')!.path as string;
  };

  it('draw through links and shards as they lie, and as diffusers', async () => {
    const snapshot = materialise('sd1', { layout: 'hf-cache', sharded: true });
    const picture = await draw(REPO, { HF_HUB_CACHE: cacheOf(snapshot) });
    await assertSamePicture(picture, reference('sd1').picture('default'));
  });

  it('are found where HF_HOME says, at a revision too', async () => {
    const snapshot = materialise('sd1', { layout: 'hf-cache' });
    const cache = cacheOf(snapshot);
    const home = path.join(mkdtempSync(path.join(tmpdir(), 'easel-home-')), 'home');
    cpSync(cache, path.join(home, 'hub'), { recursive: true, verbatimSymlinks: true });
    const env = { HF_HOME: home, HF_HUB_CACHE: '' };
    const picture = await draw(`${REPO}@${path.basename(snapshot)}`, env);
    await assertSamePicture(picture, reference('sd1').picture('default'));
  });

  it('are listed, each runnable or with its reason', async () => {
    const snapshot = materialise('sd1', { layout: 'hf-cache' });
    const { code, stdout } = await runCli(['models', '--json'], {
      HF_HUB_CACHE: cacheOf(snapshot),
    });
    assert.equal(code, 0);
    const models = JSON.parse(stdout) as { id: string; runnable: boolean; reason: string }[];
    const tiny = models.find(({ id }) => id === REPO);
    assert.deepEqual([tiny?.runnable, tiny?.reason], [true, '']);

    rmSync(path.join(snapshot, 'unet'), { recursive: true });
    const again = await runCli(['models', '--json'], { HF_HUB_CACHE: cacheOf(snapshot) });
    const broken = (JSON.parse(again.stdout) as typeof models).find(({ id }) => id === REPO)!;
    assert.equal(broken.runnable, false);
    assert.match(broken.reason, /unet/);
  });
});

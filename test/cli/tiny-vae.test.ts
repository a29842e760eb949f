import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runCli } from '../support/cli';
import { materialise, type ReferenceRun } from '../support/fixture';
import { assertSamePicture } from '../support/pictures';
import { tempFolder } from '../support/temp-folder';
import { FIXTURES } from '../support/paths';

const FOLDER = path.join(FIXTURES, 'tiny-vaes');
const COMMIT = '89abcdef0123456789abcdef0123456789abcdef';

interface Run extends ReferenceRun {
  readonly model: 'sd1' | 'sdxl';
}

const RUNS = JSON.parse(readFileSync(path.join(FOLDER, 'runs.json'), 'utf8')) as Record<
  string,
  Run
>;

/** A cache of the hub that holds one repository: a tiny autoencoder, its files at the top. */
function cacheWith(repoId: string): string {
  const cache = tempFolder();
  const repo = path.join(cache, `models--${repoId.replace('/', '--')}`);
  cpSync(path.join(materialise('taesd'), 'vae'), path.join(repo, 'snapshots', COMMIT), {
    recursive: true,
  });
  mkdirSync(path.join(repo, 'refs'));
  writeFileSync(path.join(repo, 'refs', 'main'), COMMIT);
  return cache;
}

function draw({ model, prompt, negativePrompt, ...run }: Run, cache: string, output: string) {
  const picture = (option: string, name: string | undefined) =>
    name === undefined ? [] : [option, path.join(FIXTURES, 'pictures', name)];
  const source = [...picture('--init-image', run.initImage), ...picture('--mask', run.mask)];
  const strength = run.strength === undefined ? [] : ['--strength', String(run.strength)];
  const numbers = ['seed', 'steps', 'width', 'height'] as const;
  return runCli(
    [
      ...[
        'generate',
        prompt,
        '--negative-prompt',
        negativePrompt,
        '--vae',
        'tiny',
        '--format',
        'png',
      ],
      ...['--guidance-scale', String(run.guidanceScale), ...source, ...strength],
      ...numbers.flatMap((name) => [`--${name}`, String(run[name])]),
      ...['--model', materialise(model), '--device', 'cpu', '--output', output, '--json'],
    ],
    { HF_HUB_CACHE: cache },
  );
}

describe('easel generate --vae tiny', () => {
  const caches = {
    sd1: cacheWith('madebyollin/taesd'),
    sdxl: cacheWith('madebyollin/taesdxl'),
  };

  for (const [name, run] of Object.entries(RUNS)) {
    it(`draws what diffusers draws with an AutoencoderTiny: ${name}`, async () => {
      const result = await draw(run, caches[run.model], tempFolder());
      assert.equal(result.code, 0, result.stderr);
      const image = result.events().find(({ event }) => event === 'image')!;
      await assertSamePicture(image.path as string, path.join(FOLDER, `${name}-0.png`));
    });
  }

  it('says which one is missing, and how to get it', async () => {
    // TAESD's latents are not SDXL's: the other one's autoencoder will not do.
    const result = await draw(RUNS.sdxl!, caches.sd1, tempFolder());
    assert.equal(result.code, 1);
    const { code, message } = result.events().at(-1)!;
    assert.equal(code, 'model-not-found');
    assert.match(String(message), /easel models download madebyollin\/taesdxl/);
  });
});

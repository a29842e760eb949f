import * as assert from 'node:assert/strict';
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import fc from 'fast-check';

import { EaselError } from '../../../src/core/errors';
import { openModel } from '../../../src/engine/model/open';
import { listModels } from '../../../src/engine/models/list';
import { resolveModel } from '../../../src/engine/store/resolve';
import { materialise } from '../../support/fixture';
import { fuzzRuns } from '../../support/fuzz';
import { tempFolder } from '../../support/temp-folder';

const COMMITS = ['a', 'b'].map((digit) => digit.repeat(40));

const names = fc.constantFrom(
  ...['snapshots', 'refs/main', 'refs', 'blobs/x', 'blobs', 'blobs/x.incomplete', 'odd'],
  ...COMMITS.flatMap((commit) =>
    [
      ...['', '/model_index.json', '/unet', '/unet/config.json', '/config.json', '/sd.ckpt'],
      ...['/unet/diffusion_pytorch_model.safetensors', '/lora.safetensors', '/unet/model.onnx'],
    ].map((name) => `snapshots/${commit}${name}`),
  ),
);
const contents = fc.constantFrom(
  ...['', '{}', COMMITS[0]!, '{"_class_name": "StableDiffusionPipeline"}', 'GGUF', '<html>'],
);
const targets = fc.constantFrom(
  ...['nowhere', '.', '..', '../../blobs/x', '../blobs/x', '/etc/passwd', '/', 'loop', COMMITS[1]!],
);
const thing = fc.record({
  repo: fc.constantFrom('models--a--b', 'models--c', 'models--', 'datasets--a', 'x'),
  name: names,
  made: fc.oneof(
    contents.map((text) => ({ text })),
    targets.map((target) => ({ target })),
    fc.constant({ folder: true }),
  ),
});

const jsonValue = fc.oneof(
  fc.constant([null, null]),
  fc.constantFrom(
    ...[
      ['diffusers', 'UNet2DConditionModel'],
      ['transformers', 'CLIPTextModel'],
    ],
    ...[['diffusers', 'AutoencoderKL'], ['diffusers', 'DDIMScheduler'], ['a'], ['a', 'b', 'c']],
  ),
  fc.constantFrom('StableDiffusionPipeline', 'StableDiffusionXLPipeline', 'OnnxPipeline', true),
  fc.jsonValue(),
);
const indexKeys = fc.oneof(
  fc.constantFrom(
    ...['_class_name', 'unet', 'vae', 'text_encoder', 'text_encoder_2', 'tokenizer', 'scheduler'],
    ...['requires_aesthetics_score', 'force_zeros_for_empty_prompt', '__proto__', '_anything'],
  ),
  fc.string(),
);

describe('layouts of the cache and of models, fuzzed', () => {
  // The starter would be opened in each case.
  const starter = process.env.EASEL_STARTER_MODEL;
  before(() => {
    process.env.EASEL_STARTER_MODEL = tempFolder();
  });
  after(() => {
    if (starter === undefined) delete process.env.EASEL_STARTER_MODEL;
    else process.env.EASEL_STARTER_MODEL = starter;
  });

  it('any cache is listed, and any of its models is found or refused', async function () {
    if (process.platform === 'win32') this.skip();
    const home = tempFolder();
    const cache = join(home, 'hub');
    await fc.assert(
      fc.asyncProperty(fc.array(thing, { maxLength: 10 }), async (things) => {
        for (const { repo, name, made } of things) make(join(cache, repo, name), made);
        const entries = await listModels({ HF_HOME: home });
        for (const { id, reason } of entries) assert.ok(id.length > 0 && reason.length < 3000);
        for (const id of ['a/b', 'c', `a/b@${COMMITS[0]!}`, 'a/b@refs/pr/1']) {
          await refusedOr(async () => openModel(await resolveModel(id, { HF_HOME: home })));
        }
        rmSync(cache, { recursive: true, force: true });
      }),
      { numRuns: fuzzRuns(300) },
    );
  });

  it('any model_index.json is read or refused', async () => {
    const folder = materialise('sd1');
    const file = join(folder, 'model_index.json');
    await fc.assert(
      fc.asyncProperty(fc.dictionary(indexKeys, jsonValue, { maxKeys: 8 }), async (json) => {
        const usual = { _class_name: 'StableDiffusionPipeline' };
        writeFileSync(file, JSON.stringify({ ...usual, ...json }));
        await refusedOr(() => openModel({ id: 'x', folder }));
      }),
      { numRuns: fuzzRuns(300) },
    );
  });
});

function make(
  place: string,
  made: { readonly text?: string; readonly target?: string; readonly folder?: boolean },
): void {
  try {
    mkdirSync(dirname(place), { recursive: true });
    if (existsSync(place)) return;
    if (made.text !== undefined) writeFileSync(place, made.text);
    else if (made.target !== undefined) symlinkSync(made.target, place);
    else mkdirSync(place);
  } catch {
    // A file of an earlier thing stands where this one needs a folder.
  }
}

async function refusedOr(open: () => Promise<unknown>): Promise<void> {
  try {
    await open();
  } catch (thrown) {
    assert.ok(thrown instanceof EaselError, String(thrown));
    assert.notEqual(thrown.code, 'internal');
    assert.ok(thrown.message.length < 3000);
  }
}

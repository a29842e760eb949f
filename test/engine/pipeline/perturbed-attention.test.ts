import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseRequest, type GenerationRequestInput } from '../../../src/core/request/request';
import { openModel } from '../../../src/engine/model/open';
import { SessionCache } from '../../../src/engine/runtime/session-cache';
import { drawRequest } from '../../support/drawing';
import { materialise, pictureBytes } from '../../support/fixture';
import { FIXTURES } from '../../support/paths';
import { differences, readPixels } from '../../support/pictures';

type Run = Omit<GenerationRequestInput, 'initImage'> & {
  readonly model: string;
  readonly initImage?: string;
};

const FOLDER = join(FIXTURES, 'pag');
const RUNS = JSON.parse(readFileSync(join(FOLDER, 'runs.json'), 'utf8')) as Record<string, Run>;

describe('perturbed-attention guidance', () => {
  const sessions = new SessionCache();
  after(() => sessions.clear());
  const folders = new Map<string, string>();
  const folderOf = (model: string) => {
    const folder = folders.get(model) ?? materialise(model);
    folders.set(model, folder);
    return folder;
  };

  async function difference(name: string, more: Partial<GenerationRequestInput> = {}) {
    const { initImage, width, height, ...run } = RUNS[name]!;
    const start = initImage ? { initImage: pictureBytes(initImage) } : { width, height };
    const { pictures } = await drawRequest(
      { ...run, ...start, ...more },
      folderOf(run.model),
      sessions,
    );
    return differences(pictures[0]!, await readPixels(join(FOLDER, `${name}.png`))).largest;
  }

  for (const name of Object.keys(RUNS)) {
    it(`draws ${name} as diffusers`, async () => {
      const largest = await difference(name);
      assert.ok(largest <= 1, `differs by up to ${largest}`);
    });
  }

  it('changes the image', async () => {
    for (const name of ['sd1', 'sdxl']) {
      const largest = await difference(name, { pagScale: 0 });
      assert.ok(largest > 5, `${name}: without it differs by ${largest} only`);
    }
  });

  it('is counted in the memory', async () => {
    const model = await openModel({ id: 'sd1', folder: folderOf('sd1') });
    const use = { width: 4096, height: 4096, guided: true, steps: 1, vaeTiling: true };
    const more = model.estimateMemory({ ...use, perturbed: true }).bytesTogether;
    assert.ok(more > model.estimateMemory(use).bytesTogether);
  });

  it('is refused where the model has no such layer, and with steps without guidance', async () => {
    const model = await openModel({ id: 'base', folder: folderOf('sd1') });
    const check = (more: Partial<GenerationRequestInput>) => {
      model.checkConditions(parseRequest({ prompt: 'a', pagScale: 3, ...more }));
    };
    check({});
    assert.throws(() => check({ pagAppliedLayers: ['down_blocks.7'] }), /base has no self-attention "down_blocks\.7".*mid_block/); // prettier-ignore
    assert.throws(() => check({ guidanceInterval: { start: 0, end: 0.5 } }), /cannot be combined/);
    assert.throws(() => check({ pagAppliedLayers: ['up.block_1.attentions_0'] }), /Did you mean "up_blocks\.1\.attentions\.0"\?/); // prettier-ignore
    assert.throws(
      () => check({ pagAppliedLayers: ['blocks.10'] }),
      /no self-attention "blocks\.10"/,
    );
    assert.throws(() => check({ pagAppliedLayers: ['(a+)+$'] }), /no self-attention/);
    assert.throws(() => check({ pagAppliedLayers: ['mid('] }), /"mid\(" is no regular expression of RE2: missing closing \): mid\(\. Give names/); // prettier-ignore
    assert.throws(
      () => check({ pagAppliedLayers: ['(?!mid)up'] }),
      /is no regular expression of RE2: .*\(\?!/,
    );
    assert.throws(() => check({ pagAppliedLayers: ['a'.repeat(101)] }), /at most 100 characters/);
    assert.throws(() => check({ pagAppliedLayers: [''] }), /must not be empty/);
    const editor = await openModel({ id: 'editor', folder: folderOf('sd-edit') });
    const asked = parseRequest({ prompt: 'a', pagScale: 3 });
    assert.throws(() => editor.checkConditions(asked), /editor edits images by words/);
  });
});

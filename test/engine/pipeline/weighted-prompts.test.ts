import assert from 'node:assert/strict';
import { expandWildcards } from '../../../src/core/prompt/wildcards';
import type { PromptSyntax } from '../../../src/core/request/request';
import { openModel } from '../../../src/engine/model/open';
import type { PromptPair } from '../../../src/engine/model/model';
import { SessionCache } from '../../../src/engine/runtime/session-cache';
import { drawRequest, relativeError } from '../../support/drawing';
import { materialise } from '../../support/fixture';
import { encodePrompt } from '../../support/prompt-embeddings';
import { promptArray, promptReference } from '../../support/prompt-reference';

const { prompts, drawn } = promptReference;

describe('weighted prompts', () => {
  const sessions = new SessionCache();
  after(() => sessions.clear());

  async function encode(folder: string, prompt: string, promptSyntax: PromptSyntax) {
    const model = await openModel({ id: folder, folder });
    const prompts = { prompt, negativePrompt: '' };
    return encodePrompt(model, sessions, prompts, { promptSyntax, guided: false });
  }

  for (const name of ['sd1', 'sd2']) {
    for (const [key, prompt] of Object.entries(prompts)) {
      const expected = promptArray(`${name}/${key}/embeds`);
      if (!(expected instanceof Float32Array)) continue;
      it(`encodes "${key}" with ${name} as the reference`, async () => {
        const { embeds, tokens } = await encode(materialise(name), prompt, 'weighted');
        assert.equal(tokens % 77, 0);
        assert.ok(relativeError(embeds[0]!, expected) < 5e-5);
      });
    }

    it(`encodes text without notation with ${name} exactly as plain`, async () => {
      const folder = materialise(name);
      for (const prompt of ['', 'a red apple', 'a red apple on a white table, highly detailed']) {
        const weighted = await encode(folder, prompt, 'weighted');
        assert.deepEqual(weighted, await encode(folder, prompt, 'plain'));
      }
    });
  }

  it('draws with texts of different lengths as with each by itself', async () => {
    const folder = materialise('sd1');
    const { seed, steps, guidanceScale } = drawn;
    const { steps: latents } = await drawRequest(
      {
        ...{ model: folder, seed, steps, guidanceScale, width: 64, height: 64 },
        prompt: prompts[drawn.prompt]!,
        negativePrompt: prompts[drawn.negativePrompt]!,
        promptSyntax: 'weighted',
      },
      folder,
      sessions,
    );
    const expected = promptArray('sd1/latents');
    assert.ok(expected instanceof Float32Array);
    assert.ok(relativeError(latents[0]!.at(-1)!, expected) < 2e-3);
  });

  it('reads weighted prompts with both encoders of SDXL', async () => {
    const folder = materialise('sdxl');
    const { embeds, tokens, pooled } = await encode(folder, prompts.break!, 'weighted');
    assert.equal(tokens, 154);
    const whole = await encode(folder, 'a red apple', 'plain');
    const first = await encode(folder, 'a red (apple) BREAK on a table', 'weighted');
    assert.equal(embeds[0]!.length, 2 * whole.embeds[0]!.length);
    assert.deepEqual(first.pooled, whole.pooled);
    assert.ok(pooled[0]?.every(Number.isFinite));
  });

  it('adds empty chunks where the encoders of SDXL read prompts of different lengths', async () => {
    const folder = materialise('sdxl');
    const model = await openModel({ id: folder, folder });
    const options = { promptSyntax: 'weighted', guided: true } as const;
    const encodePair = (texts: Omit<PromptPair, 'negativePrompt'>) =>
      encodePrompt(model, sessions, { ...texts, negativePrompt: '' }, options);
    const short = 'a red apple';
    const long = 'oil BREAK on canvas';
    for (const [prompt, prompt2] of [
      [short, long],
      [long, short],
    ] as const) {
      const { embeds, tokens, pooled } = await encodePair({ prompt, prompt2 });
      assert.equal(tokens, 154);
      const filled = async (text: string) => {
        const { embeds } = await encodePair({ prompt: text });
        const empty = await encodePair({ prompt: '' });
        return text === short ? [...embeds[1]!, ...empty.embeds[1]!] : [...embeds[1]!];
      };
      const [first, second] = [await filled(prompt), await filled(prompt2)];
      assert.deepEqual(pooled[1], (await encodePair({ prompt: prompt2 })).pooled[1]);
      const width = embeds[1]!.length / tokens;
      // The first encoder's features are 32 wide.
      const expected = first.map((value, i) => (i % width < 32 ? value : second[i]!));
      assert.deepEqual(embeds[1], Float32Array.from(expected));
    }
  });

  it('encodes the negative prompt of the second encoder alone, and zeros without one', async () => {
    const folder = materialise('sdxl');
    const model = await openModel({ id: folder, folder });
    const options = { promptSyntax: 'plain', guided: true } as const;
    const prompts = { prompt: 'a red apple', negativePrompt: '' };
    const none = await encodePrompt(model, sessions, { ...prompts, negativePrompt2: '' }, options);
    assert.ok(none.embeds[0]!.every((value) => value === 0));
    const own = { ...prompts, negativePrompt2: 'a photo' };
    const { embeds, pooled } = await encodePrompt(model, sessions, own, options);
    assert.ok(embeds[0]!.some((value) => value !== 0) && pooled[0]!.some((value) => value !== 0));
  });
});

describe('wildcards in a request', () => {
  const sessions = new SessionCache();
  after(() => sessions.clear());

  it('draw each image as the prompt that its seed chooses', async () => {
    const folder = materialise('sd1');
    const common = { model: folder, steps: 2, width: 64, height: 64 };
    const prompt = 'a {red|white|yellow|black} {apple|table}';
    const drawnTogether = await drawRequest(
      { ...common, prompt, seed: 7, numImages: 3, wildcards: true },
      folder,
      sessions,
    );
    const chosen = [7, 8, 9].map((seed) => expandWildcards(prompt, seed, 'prompt'));
    assert.ok(new Set(chosen).size > 1);
    for (const [image, text] of chosen.entries()) {
      const alone = await drawRequest(
        { ...common, prompt: text, seed: 7 + image },
        folder,
        sessions,
      );
      assert.deepEqual(drawnTogether.pictures[image], alone.pictures[0]);
    }
  });

  it('stay as they are unless asked for', async () => {
    const folder = materialise('sd1');
    const common = { model: folder, steps: 1, width: 64, height: 64, seed: 7 };
    const prompt = 'a {red|white} apple';
    const plain = await drawRequest({ ...common, prompt }, folder, sessions);
    const asked = await drawRequest({ ...common, prompt, wildcards: true }, folder, sessions);
    assert.notDeepEqual(plain.pictures, asked.pictures);
  });
});

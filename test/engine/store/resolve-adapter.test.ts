import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ErrorCode } from '../../../src/core/errors';
import { resolveEmbedding, resolveLora } from '../../../src/engine/store/resolve-adapter';
import { writeSnapshot } from '../../support/cached-repository';
import { tempFolder } from '../../support/temp-folder';

describe('LoRAs and textual inversions are found', () => {
  const cache = tempFolder();
  const env = { HF_HUB_CACHE: cache };
  const file = 'pytorch_lora_weights.safetensors';
  const lcm = writeSnapshot(cache, 'latent-consistency/lcm-lora', { [file]: 'x', 'README.md': '' });
  const other = writeSnapshot(cache, 'someone/many', {
    'ink-v1.safetensors': 'x',
    'ink-v2.safetensors': 'x',
    'optimizer.bin': 'x',
    'nested/deep.safetensors': 'x',
  });
  const pivotal = writeSnapshot(cache, 'someone/pivotal', {
    [file]: 'x',
    'me_emb.safetensors': 'x',
  });
  const concept = writeSnapshot(cache, 'sd-concepts-library/cat-toy', {
    'learned_embeds.bin': 'x',
    'token_identifier.txt': '<cat-toy>',
  });

  async function refused(found: Promise<string>, code: ErrorCode, message: RegExp): Promise<void> {
    await assert.rejects(found, { code, message });
  }

  it('as files and in folders', async () => {
    const named = path.join(lcm, file);
    assert.equal(await resolveLora(named, env), named);
    assert.equal(await resolveLora(lcm, env), named);
    assert.equal(await resolveEmbedding(concept, env), path.join(concept, 'learned_embeds.bin'));
    const gone = path.join(tempFolder(), 'gone.safetensors');
    assert.equal(await resolveLora(gone, env), gone);
    assert.equal(await resolveLora('loras/gone.safetensors', env), 'loras/gone.safetensors');
  });

  it('in the cache, by the id of their repository', async () => {
    const id = 'latent-consistency/lcm-lora';
    const commit = path.basename(lcm);
    for (const spec of [id, `${id}@main`, `${id}@${commit}`, `${id}/${file}`]) {
      assert.equal(await resolveLora(spec, env), path.join(lcm, file));
    }
    const embedding = await resolveEmbedding('sd-concepts-library/cat-toy', env);
    assert.equal(embedding, path.join(concept, 'learned_embeds.bin'));
  });

  it('each for its kind, where a repository has both', async () => {
    assert.equal(await resolveLora('someone/pivotal', env), path.join(pivotal, file));
    const learned = await resolveEmbedding('someone/pivotal', env);
    assert.equal(learned, path.join(pivotal, 'me_emb.safetensors'));
  });

  it('or the message names the files to choose from', async () => {
    await refused(
      resolveLora('someone/many', env),
      'bad-request',
      /several files of weights: ink-v1\.safetensors, ink-v2\.safetensors\. .*--lora someone\/many\/ink-v1\.safetensors/,
    );
    await refused(resolveLora(other, env), 'bad-request', /ink-v1\.safetensors, ink-v2/);
    const second = await resolveLora('someone/many/ink-v2.safetensors', env);
    assert.equal(second, path.join(other, 'ink-v2.safetensors'));
    const deep = await resolveLora('someone/many/nested/deep.safetensors', env);
    assert.equal(deep, path.join(other, 'nested/deep.safetensors'));
    await refused(
      resolveLora('someone/many/ink-v3.safetensors', env),
      'model-not-found',
      /no file ink-v3\.safetensors.*ink-v1/,
    );
  });

  it('or the message says how to download them', async () => {
    await refused(
      resolveLora('someone/else', env),
      'model-not-found',
      /easel models download someone\/else/,
    );
    const empty = path.join(tempFolder(), 'empty');
    mkdirSync(empty);
    writeFileSync(path.join(empty, 'README.md'), '');
    await refused(resolveLora(empty, env), 'model-not-found', /no file of weights/);
  });

  it('never outside of the repository', async () => {
    const outside = 'latent-consistency/lcm-lora/../../x.safetensors';
    assert.equal(await resolveLora(outside, env), outside);
  });
});

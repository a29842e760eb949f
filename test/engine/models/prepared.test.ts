import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { byteFolder } from '../../../src/engine/bytes/byte-entries';
import { ByteStore } from '../../../src/engine/bytes/byte-store';
import type { ByteLayer } from '../../../src/engine/graph/byte-matrices';
import {
  cleanAllLeftovers,
  findAllLeftovers,
  listPrepared,
  planWholeRemoval,
  removePrepared,
  removeWholeModel,
} from '../../../src/engine/models/prepared';
import { openWeightFile } from '../../../src/engine/weights/source';
import { writeSnapshot } from '../../support/cached-repository';
import { randomTensors } from '../../support/random-weights';
import { writeSafetensors } from '../../support/safetensors-file';
import { tempFolder } from '../../support/temp-folder';

const LAYER: ByteLayer = { module: 'linear', shape: [64, 64], rows: undefined };

describe('prepared weights, among the models of a machine', () => {
  let env: NodeJS.ProcessEnv;
  let folder: string;

  beforeEach(() => {
    const cache = tempFolder();
    env = { HF_HUB_CACHE: path.join(cache, 'hub'), EASEL_CACHE: path.join(cache, 'easel') };
    folder = byteFolder(env);
  });

  /** Writes the weights of a model into the cache, each model others. */
  function download(id: string, commit?: string): string {
    const file = path.join(tempFolder(), 'weights.safetensors');
    writeSafetensors(file, randomTensors({ 'linear.weight': [64, 64] }, 'F32'));
    const name = 'unet/diffusion_pytorch_model.safetensors';
    const snapshot = writeSnapshot(env.HF_HUB_CACHE!, id, { [name]: readFileSync(file) }, commit);
    return path.join(snapshot, name);
  }

  async function prepare(model: string, file: string, component = 'unet'): Promise<void> {
    const weights = await openWeightFile(file);
    await new ByteStore(folder).open({ model, component, layers: [LAYER], weights }, {});
  }

  const files = () => readdirSync(folder).filter((name) => name.includes('.safetensors'));
  const models = async () => (await listPrepared(env)).weights.map(({ model }) => model);

  it('are listed with their model, components and size', async () => {
    assert.deepEqual(await listPrepared(env), { folder, weights: [] });
    await prepare('org/sd', download('org/sd'));
    const [listed, ...others] = (await listPrepared(env)).weights;
    assert.deepEqual(others, []);
    assert.equal(listed?.model, 'org/sd');
    assert.deepEqual(listed.components, ['unet']);
    assert.ok(listed.sizeBytes > 64 * 64 && listed.sizeBytes < 3 * 64 * 64);
    assert.ok(Math.abs(Date.now() - listed.lastUsedMs) < 60_000);
    assert.equal(listed.isOutdated, false);
  });

  it('go with their model, and no others do', async () => {
    await prepare('org/sd', download('org/sd'));
    await prepare('org/other', download('org/other', 'f'.repeat(40)));
    const plan = await planWholeRemoval('org/sd', env);
    const { sizeBytes } = (await listPrepared(env)).weights.find(
      ({ model }) => model === 'org/sd',
    )!;
    assert.equal(plan.preparedBytes, sizeBytes);
    assert.ok(plan.freedBytes > sizeBytes);
    assert.deepEqual(await removeWholeModel('org/sd', env), plan);
    assert.deepEqual(await models(), ['org/other']);
    assert.equal(files().length, 1);
  });

  it('stay with another revision that has the same files', async () => {
    const file = download('org/sd');
    await prepare('org/sd', file);
    // A second revision with a file of its own.
    download('org/sd', 'e'.repeat(40));
    const plan = await removeWholeModel(`org/sd@${'e'.repeat(40)}`, env);
    assert.equal(plan.preparedBytes, 0);
    assert.deepEqual(await models(), ['org/sd']);
  });

  it('can be removed alone: the model stays', async () => {
    const file = download('org/sd');
    await prepare('org/sd', file);
    // What was written is read once to its end, and noted then.
    await prepare('org/sd', file);
    const other = download('org/other', 'f'.repeat(40));
    for (let time = 0; time < 2; time++) await prepare('org/other', other);
    assert.ok(existsSync(path.join(folder, 'checked.json')));
    const removed = await removePrepared('org/sd', env);
    assert.equal(removed.files, 1);
    assert.ok(removed.bytes > 0);
    assert.deepEqual(await models(), ['org/other']);
    assert.ok(existsSync(path.join(folder, 'checked.json')));
    await removePrepared('org/other', env);
    assert.deepEqual(readdirSync(folder), []);
    assert.ok(readFileSync(file).length > 0);
    await assert.rejects(removePrepared('org/sd', env), { code: 'model-not-found' });
  });

  it('are outdated once the model has changed or is gone, and are cleaned up then', async () => {
    const file = path.join(tempFolder(), 'model.safetensors');
    writeSafetensors(file, randomTensors({ 'linear.weight': [64, 64] }, 'F32'));
    await prepare(file, file);
    assert.deepEqual(await findAllLeftovers(env), { files: 0, bytes: 0 });
    utimesSync(file, new Date(), new Date(Date.now() + 5000));
    assert.equal((await listPrepared(env)).weights[0]?.isOutdated, true);
    rmSync(file);
    assert.equal((await listPrepared(env)).weights[0]?.isOutdated, true);
    const found = await findAllLeftovers(env);
    assert.equal(found.files, 1);
    assert.ok(found.bytes > 0);
    assert.deepEqual(await cleanAllLeftovers(env), found);
    assert.deepEqual(await models(), []);
  });

  it('are damaged or unfinished files too, but no files of others', async () => {
    await prepare('org/sd', download('org/sd'));
    const [entry] = files();
    writeFileSync(path.join(folder, entry!), 'damaged');
    const unfinished = `${'a'.repeat(40)}.safetensors.123-0123abcd`;
    const running = `${'b'.repeat(40)}.safetensors.123-0123abcd`;
    const list = 'checked.json.123-0123abcd';
    for (const name of [unfinished, running, list, 'mine.safetensors', 'notes.txt']) {
      writeFileSync(path.join(folder, name), 'x');
    }
    const longAgo = new Date(Date.now() - 3_600_000);
    utimesSync(path.join(folder, unfinished), longAgo, longAgo);
    utimesSync(path.join(folder, list), longAgo, longAgo);
    assert.deepEqual(await models(), ['']);
    assert.equal((await cleanAllLeftovers(env)).files, 3);
    assert.ok(!existsSync(path.join(folder, list)));
    assert.deepEqual(files().sort(), [running, 'mine.safetensors'].sort());
    assert.ok(existsSync(path.join(folder, 'notes.txt')));
  });
});

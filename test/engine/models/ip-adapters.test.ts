import assert from 'node:assert/strict';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { byGenerality, ipAdapterFor } from '../../../src/core/catalogue/ip-adapters';
import { listModels } from '../../../src/engine/models/list';
import { resolveIpAdapter } from '../../../src/engine/store/resolve-adapter';
import { adapterFile } from '../../support/ip-adapters';
import { randomTensors } from '../../support/random-weights';
import { writeSafetensors } from '../../support/safetensors-file';
import { tempFolder } from '../../support/temp-folder';

/** Writes one layer of an adapter for text features of a width. */
function writeAdapter(file: string, width: number): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeSafetensors(file, randomTensors({ 'ip_adapter.1.to_k_ip.weight': [2, width] }, 'F32'));
}

/** The files of a repository that is laid out as that of the authors. */
function writeRepository(folder: string): void {
  writeAdapter(path.join(folder, 'models/ip-adapter_sd15.safetensors'), 768);
  writeAdapter(path.join(folder, 'models/ip-adapter-faceid_sd15.safetensors'), 768);
  writeAdapter(path.join(folder, 'sdxl_models/ip-adapter_sdxl.safetensors'), 2048);
  writeFileSync(path.join(folder, 'models/ip-adapter_sd15.bin'), 'a pickle');
  writeFileSync(path.join(folder, 'sdxl_models/ip-adapter-plus_sdxl.bin'), 'a pickle');
}

describe('the IP-Adapters of this machine', () => {
  it('are listed with their families, as a request names them in the cache', async () => {
    const home = tempFolder();
    const folder = path.join(home, 'hub/models--h94--IP-Adapter');
    const commit = 'a'.repeat(40);
    writeRepository(path.join(folder, 'snapshots', commit));
    mkdirSync(path.join(folder, 'refs'));
    writeFileSync(path.join(folder, 'refs/main'), commit);
    const env = { HF_HOME: home };
    const entry = (await listModels(env)).find(({ id }) => id === 'h94/IP-Adapter');
    assert.equal(entry?.kind, 'ip-adapter');
    assert.deepEqual(entry.ipAdapters, [
      { id: 'h94/IP-Adapter/models/ip-adapter_sd15.safetensors', family: 'SD 1.x' },
      { id: 'h94/IP-Adapter/sdxl_models/ip-adapter-plus_sdxl.bin', family: 'SDXL' },
      { id: 'h94/IP-Adapter/sdxl_models/ip-adapter_sdxl.safetensors', family: 'SDXL' },
    ]);
    for (const { id } of entry.ipAdapters) {
      assert.ok((await resolveIpAdapter(id, env)).endsWith(path.basename(id)));
    }
  });

  it('are listed by their paths where a folder of the settings has them', async () => {
    const folder = path.join(tempFolder(), 'adapters');
    writeRepository(folder);
    const [entry] = (await listModels({ HF_HOME: tempFolder() }, [path.dirname(folder)])).filter(
      ({ kind }) => kind === 'ip-adapter',
    );
    assert.deepEqual(
      entry?.ipAdapters?.map(({ id }) => id),
      [
        'models/ip-adapter_sd15.safetensors',
        'sdxl_models/ip-adapter-plus_sdxl.bin',
        'sdxl_models/ip-adapter_sdxl.safetensors',
      ].map((name) => path.join(folder, name)),
    );
  });

  it('stand for themselves as single files', async () => {
    const file = path.join(tempFolder(), 'own-name.safetensors');
    cpSync(adapterFile('sd1-plain'), file);
    const entries = await listModels({ HF_HOME: tempFolder() }, [file]);
    const entry = entries.find(({ kind }) => kind === 'ip-adapter');
    assert.deepEqual([entry?.id, entry?.ipAdapters], [file, undefined]);
  });

  it('are sorted by what they are for, and offered for the families that have them', () => {
    const names = ['plus-face_sd15', 'plus_sd15', '_sd15_light', '_sd15_vit-G', '_sd15'];
    const sorted = names.map((name) => `a/b/ip-adapter${name}`).sort(byGenerality);
    assert.deepEqual(
      sorted.map((id) => id.slice('a/b/ip-adapter'.length)),
      ['_sd15', 'plus_sd15', '_sd15_vit-G', '_sd15_light', 'plus-face_sd15'],
    );
    assert.equal(ipAdapterFor('SD 1.x')?.download, 'h94/IP-Adapter');
    assert.match(ipAdapterFor('SDXL')?.id ?? '', /sdxl_vit-h/);
    assert.deepEqual([ipAdapterFor('SD 2.x'), ipAdapterFor('constructor')], [undefined, undefined]);
  });
});

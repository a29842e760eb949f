import * as assert from 'node:assert/strict';

import {
  CATALOGUE,
  catalogueDefaults,
  findInCatalogue,
  NOT_STATED,
} from '../../../src/core/catalogue/catalogue';
import { needsImage } from '../../../src/core/catalogue/needs-image';
import type { CardKind } from '../../../src/core/devices';
import { recommend } from '../../../src/core/catalogue/recommendations';
import { LIMITS } from '../../../src/core/request/fields/limits';

const GB = 1e9;

describe('the catalogue', () => {
  it('names every model once, with settings that a request takes', () => {
    const ids = CATALOGUE.flatMap(({ id, aliases }) => [id, ...aliases]);
    assert.equal(new Set(ids.map((id) => id.toLowerCase())).size, ids.length);
    for (const { id, kind, defaults, companions } of CATALOGUE) {
      assert.match(id, /^[\w.-]+\/[\w.-]+$/);
      assert.equal(defaults !== undefined, kind === 'pipeline', id);
      if (defaults) {
        assert.ok(defaults.steps >= LIMITS.steps.min && defaults.steps <= LIMITS.steps.max);
        assert.ok(defaults.width % 64 === 0 && defaults.height % 64 === 0);
      }
      for (const part of companions) assert.equal(findInCatalogue(part)?.kind, 'autoencoder');
    }
  });

  it('is found by id, alias and revision, whatever the case', () => {
    const turbo = { steps: 1, guidanceScale: 0, width: 512, height: 512 };
    for (const id of ['stabilityai/sd-turbo', 'StabilityAI/SD-Turbo', 'stabilityai/sd-turbo@v1']) {
      assert.deepEqual(catalogueDefaults(id), turbo);
    }
    const moved = catalogueDefaults('runwayml/stable-diffusion-v1-5');
    assert.deepEqual(moved, catalogueDefaults('stable-diffusion-v1-5/stable-diffusion-v1-5'));
    assert.equal(catalogueDefaults('someone/else'), undefined);
  });
});

describe('recommendations', () => {
  it('begin with SD-Turbo and TAESD on a processor', () => {
    const [best] = recommend({ memoryBytes: 16 * GB, device: 'cpu' });
    assert.equal(best?.entry.id, 'stabilityai/sd-turbo');
    assert.deepEqual(best.companions, ['madebyollin/taesd']);
    assert.ok(best.fits);
  });

  it('put models that only edit or enlarge images after those that draw', () => {
    for (const device of ['cpu', 'cuda'] as const) {
      const fitting = recommend({ memoryBytes: 64 * GB, device }).filter(({ fits }) => fits);
      const needs = fitting.map(({ entry }) => needsImage(entry));
      assert.deepEqual(needs, [...needs].sort());
      assert.ok(needs.includes(true) && needs[0] === false);
      assert.deepEqual(
        new Set(fitting.map(({ entry }) => entry.upscales)),
        new Set([undefined, 4, 2]),
      );
    }
  });

  it('put what does not fit last, and say why', () => {
    const all = recommend({ memoryBytes: 8 * GB, device: 'cpu' });
    const fits = all.map((item) => item.fits);
    assert.ok(fits.includes(true) && fits.includes(false));
    assert.deepEqual(
      fits,
      [...fits].sort((a, b) => Number(b) - Number(a)),
    );
    const xl = all.find(({ entry }) => entry.id === 'stabilityai/stable-diffusion-xl-base-1.0');
    assert.match(xl?.reason ?? '', /needs about 8\.3 GB .* has 8\.0 GB/);
    assert.ok(recommend({ memoryBytes: 2 * GB, device: 'cpu' }).every((item) => !item.fits));
  });

  it('prefer the larger models on a graphics device', () => {
    const [best] = recommend({ memoryBytes: 32 * GB, device: 'webgpu' });
    assert.equal(best?.entry.family, 'SDXL');
    assert.deepEqual(best.companions, []);
  });

  it('put models whose publisher states no licence after those that draw too', () => {
    const list = recommend({ memoryBytes: 64 * GB, device: 'cpu' });
    const at = list.findIndex(({ entry }) => entry.licence === NOT_STATED);
    assert.ok(at > 0 && list[at]!.fits);
    for (const { entry, fits } of list.slice(at)) {
      assert.ok(!fits || needsImage(entry) || entry.licence === NOT_STATED, entry.id);
    }
  });

  it('go by the memory of a card, not by that of the machine', () => {
    const card = (gigabytes: number, kind: CardKind = 'discrete') => ({
      ...{ name: 'A Card', kind, memoryBytes: gigabytes * GB },
    });
    const machine = { memoryBytes: 64 * GB, device: 'webgpu' } as const;
    const [large] = recommend({ ...machine, card: card(8) });
    assert.equal(large?.entry.family, 'SDXL');
    const small = recommend({ ...machine, card: card(4) });
    assert.notEqual(small[0]?.entry.family, 'SDXL');
    assert.ok(small[0]?.fits);
    assert.match(small.at(-1)?.reason ?? '', /and A Card has 4\.0 GB/);
    // An integrated one takes from the machine's.
    const shared = recommend({ ...machine, card: card(0.5, 'integrated') });
    assert.deepEqual(shared, recommend(machine));
  });
});

import { strict as assert } from 'node:assert';
import { CONTROL_PREPROCESSORS } from '../../../src/core/image/control/names';
import {
  CONTROL_MODULES,
  findControlModule,
  isIpAdapterModule,
  listControlModules,
  listControlTypes,
} from '../../../src/core/serve/a1111-control-modules';
import { controlUnits } from '../../../src/core/serve/a1111-controlnet';
import {
  findServedControl,
  nameModels,
  servedControls,
  type StoredModel,
} from '../../../src/core/serve/models';

const unitsOf = (...args: readonly unknown[]) => controlUnits({ ControlNet: { args } }, false);
const one = (unit: object) => unitsOf({ model: 'lines', image: 'x', ...unit })[0];

describe('units of ControlNets', () => {
  it('have the usual values of the extension where they leave them out', () => {
    const { where, model, module, images, warnings, ...values } = one({})!;
    assert.equal(where, 'alwayson_scripts.ControlNet.args[0]');
    assert.deepEqual([model, module?.name, images, warnings], ['lines', 'none', [{ image: 'x' }], []]); // prettier-ignore
    assert.deepEqual(values, { weight: 1, start: 0, end: 1, fit: 'crop', tuning: undefined, resolution: undefined }); // prettier-ignore
  });

  it('are left out where they are not used', () => {
    assert.deepEqual(controlUnits(null, false), []);
    assert.deepEqual(controlUnits({}, false), []);
    assert.deepEqual(controlUnits({ controlnet: {} }, false), []);
    assert.deepEqual(unitsOf(null, false, { enabled: false, weight: 'x' }, {}, { model: 'None' }), []); // prettier-ignore
    assert.equal(unitsOf(null, { model: 'a', image: 'x' })[0]?.where, 'alwayson_scripts.ControlNet.args[1]'); // prettier-ignore
  });

  it('take images with masks in all forms', () => {
    const imagesOf = (unit: object) => one({ image: undefined, ...unit })!.images;
    const both = [{ image: 'x', mask: 'm' }];
    assert.deepEqual(imagesOf({ image: 'x', mask: 'm' }), both);
    assert.deepEqual(imagesOf({ input_image: 'x', mask_image: 'm' }), both);
    assert.deepEqual(imagesOf({ image: { image: 'x', mask: 'm' } }), both);
    assert.deepEqual(imagesOf({ image: ['x', 'm'] }), both);
    assert.deepEqual(imagesOf({ image: [{ image: 'x' }, { image: 'y' }] }), [{ image: 'x' }, { image: 'y' }]); // prettier-ignore
    assert.deepEqual(imagesOf({ image: '' }), []);
    assert.deepEqual(imagesOf({ image: { image: '', mask: '' } }), []);
    assert.deepEqual(imagesOf({ image: { image: null, mask: null } }), []);
    assert.throws(() => imagesOf({ image: 7 }), /image: must be an image file in base64/);
    assert.throws(() => imagesOf({ image: ['x', 'y', 'z'] }), /an image and its mask/);
  });

  it('read thresholds, and the end of the guidance by its old name', () => {
    assert.equal(one({ guidance: 0.7 })!.end, 0.7);
    assert.equal(one({ guidance: 0.7, guidance_end: 0.6 })!.end, 0.6);
    const tuning = (module: string, a?: number, b?: number) =>
      one({ module, threshold_a: a, threshold_b: b })!.tuning;
    assert.deepEqual(tuning('canny', 150, 50), { canny: { low: 50, high: 150 } });
    assert.deepEqual(tuning('canny', 50), { canny: { low: 50, high: 200 } });
    assert.equal(tuning('canny', -1, -1), undefined);
    assert.deepEqual(tuning('scribble_xdog', 20), { stroke: 10 });
    assert.deepEqual(tuning('tile_resample', 2), { tile: 2 });
    assert.equal(tuning('tile_resample', 64), undefined);
    assert.equal(tuning('none', 64), undefined);
    assert.equal(one({ module: 'canny', processor_res: 256 })!.resolution, 256);
    assert.equal(one({ module: 'canny', processor_res: 256, pixel_perfect: true })!.resolution, undefined); // prettier-ignore
    assert.equal(one({ module: 'invert', processor_res: 256 })!.resolution, undefined);
  });

  it('are refused where they ask for what is not here, if it would be used', () => {
    const hires = (hr_option: unknown, hasSecondPass: boolean) =>
      controlUnits(
        { controlnet: { args: [{ model: 'a', image: 'x', hr_option }] } },
        hasSecondPass,
      );
    assert.equal(hires('Low res only', false).length, 1);
    assert.equal(hires('Both', true).length, 1);
    assert.throws(() => hires('Low res only', true), /hr_option: Easel has "Both" alone/);
    for (const [unit, message] of [
      [{ guessmode: true }, /guess_mode: Easel has Balanced/],
      [{ invert_image: true }, /Send "invert" as the module/],
      [{ loopback: true }, /loopback: Easel does not have it/],
      [{ input_mode: 'batch' }, /input_mode/],
      [{ guidance_start: 1 }, /guidance_start: 1 is not before guidance_end 1/],
      [{ weight: -1 }, /args\[0\]\.weight: must be at least 0, not -1/],
      [{ weight: 'x' }, /args\[0\]\.weight: must be number, not "x"/],
    ] as const) {
      assert.throws(() => one(unit), { code: 'bad-request', message });
    }
  });
});

describe('preprocessors of the extension for ControlNets', () => {
  it('are all that Easel has, by one name each', () => {
    const made = new Set(CONTROL_MODULES.map(({ preprocess }) => preprocess));
    assert.deepEqual([...made].sort(), [...CONTROL_PREPROCESSORS].sort());
    const names = CONTROL_MODULES.flatMap(({ name, label = [], aliases = [] }) => [name, label, ...aliases].flat()); // prettier-ignore
    assert.equal(new Set(names).size, names.length);
    for (const name of names) assert.ok(findControlModule('module', name.toUpperCase()));
  });

  it('are told from IP-Adapters', () => {
    for (const name of ['ip-adapter-auto', 'ip-adapter_clip_sdxl', 'ip-adapter_clip_h', 'CLIP-ViT-H (IPAdapter)']) {
      assert.ok(isIpAdapterModule(name), name);
    } // prettier-ignore
    for (const name of ['ip-adapter_face_id', 'ip-adapter_pulid', 'none', '', 'InsightFace+CLIP-H (IPAdapter)']) {
      assert.ok(!isIpAdapterModule(name), name);
    } // prettier-ignore
  });

  it('are listed with their sliders, and by what they are for', () => {
    const { module_list: names, module_detail: detail } = listControlModules(false);
    assert.deepEqual(Object.keys(detail), names);
    const { sliders } = detail.canny as { sliders: { max: number }[] };
    assert.deepEqual(sliders.map(({ max }) => max), [2048, 255, 255]); // prettier-ignore
    const models = ['org/control_v11p_sd15_canny', 'org/control_v11f1p_sd15_depth'];
    const { control_types: types } = listControlTypes(models);
    assert.deepEqual(types.All, {
      module_list: names,
      model_list: ['None', ...models],
      default_option: 'none',
      default_model: 'None',
    });
    assert.deepEqual(types.Depth, {
      ...{ module_list: ['none'], model_list: ['None', models[1]] },
      ...{ default_option: 'none', default_model: models[1] },
    });
    for (const type of Object.values(types) as { module_list: string[] }[]) {
      for (const name of type.module_list) assert.ok(names.includes(name), name);
    }
  });
});

describe('ControlNets that clients name', () => {
  const stored = (id: string, more: Partial<StoredModel>): StoredModel => ({
    ...{ id, path: id, origin: 'cache', kind: 'controlnet', runnable: false, reason: '' },
    ...more,
  });
  const controls = servedControls(
    nameModels([
      stored('org/model', { kind: 'pipeline', runnable: true }),
      stored('lllyasviel/control_v11p_sd15_canny', {}),
      stored('/home/me/nets/Tile.safetensors', { origin: 'path' }),
      stored('h94/IP-Adapter', {
        ...{ kind: 'ip-adapter', path: '/cache/snapshots/1' },
        ipAdapters: [{ id: 'h94/IP-Adapter/models/ip-adapter_sd15.safetensors' }],
      }),
      stored('/home/me/adapters', {
        ...{ origin: 'path', kind: 'ip-adapter' },
        ipAdapters: [{ id: '/home/me/adapters/models/ip-adapter-plus_sd15.bin' }],
      }),
    ]),
  );
  const idOf = (name: string) => findServedControl(controls, 'model', name).id;

  it('have names without paths', () => {
    assert.deepEqual(controls.map(({ name }) => name), [
      'lllyasviel/control_v11p_sd15_canny',
      'Tile',
      'h94/IP-Adapter/models/ip-adapter_sd15',
      'adapters/models/ip-adapter-plus_sd15',
    ]); // prettier-ignore
  });

  it('are found by their names, files and titles with a hash', () => {
    const canny = 'lllyasviel/control_v11p_sd15_canny';
    for (const name of [canny, 'control_v11p_sd15_canny', 'control_v11p_sd15_canny [d14c016b]', 'Control_V11p_sd15_canny.pth']) {
      assert.equal(idOf(name), canny);
    } // prettier-ignore
    assert.equal(idOf('tile.safetensors'), '/home/me/nets/Tile.safetensors');
    assert.equal(idOf('ip-adapter_sd15 [6a3f6166]'), 'h94/IP-Adapter/models/ip-adapter_sd15.safetensors'); // prettier-ignore
    assert.equal(idOf('ip-adapter-plus_sd15'), '/home/me/adapters/models/ip-adapter-plus_sd15.bin');
    for (const name of [
      '/home/me/nets/Tile.safetensors',
      'org/model',
      'h94/IP-Adapter',
      '',
      '..',
    ]) {
      assert.throws(() => idOf(name), {
        code: 'model-not-found',
        message: /there is no ControlNet/,
      });
    }
  });
});

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { EaselError } from '../../../src/core/errors';
import type { JsonObject } from '../../../src/core/json';
import type { Model } from '../../../src/engine/model/model';
import { openModel } from '../../../src/engine/model/open';
import { describeModel } from '../../../src/engine/models/describe';
import { materialise } from '../../support/fixture';

const CONFIG = path.join('scheduler', 'scheduler_config.json');

/** A model folder with these changes to its scheduler; undefined removes a field. */
function folderWith(fields: JsonObject, indexClass?: string | null): string {
  const folder = materialise('sd1');
  change(path.join(folder, CONFIG), fields);
  if (indexClass !== undefined) {
    const scheduler = indexClass === null ? undefined : ['diffusers', indexClass];
    change(path.join(folder, 'model_index.json'), { scheduler });
  }
  return folder;
}

function change(file: string, fields: JsonObject): void {
  const json = JSON.parse(readFileSync(file, 'utf8')) as object;
  writeFileSync(file, JSON.stringify({ ...json, ...fields }));
}

const open = (folder: string): Promise<Model> => openModel({ id: 'a/model', folder });

function timesteps(model: Model, name?: string): readonly number[] {
  const scheduler = model.createScheduler(name);
  scheduler.setTimesteps(5);
  return scheduler.timesteps;
}

/** A check for `assert.throws`: the error of a scheduler config that cannot be used as it is. */
function unsupported(code: string, ...words: string[]): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof EaselError, String(error));
    assert.equal(error.code, code);
    assert.equal(error.data.model, 'a/model');
    for (const word of ['a/model', ...words])
      assert.ok(error.message.includes(word), error.message);
    return true;
  };
}

describe('the scheduler of a model folder', () => {
  it('is of the class that model_index.json names, as in from_pretrained', async () => {
    const model = await open(
      folderWith({ _class_name: 'DDIMScheduler' }, 'EulerDiscreteScheduler'),
    );
    assert.equal(model.createScheduler().name, 'EulerDiscreteScheduler');
  });

  it('is of that class where its own file names none', async () => {
    const model = await open(folderWith({ _class_name: undefined }));
    assert.equal(model.createScheduler().name, 'PNDMScheduler');
    assert.deepEqual(timesteps(model), timesteps(await open(materialise('sd1'))));
  });

  it('is of the class in its own file where model_index.json names none', async () => {
    const model = await open(folderWith({ _class_name: 'DDIMScheduler' }, null));
    assert.equal(model.createScheduler().name, 'DDIMScheduler');
  });

  it('may have the name of a Flax class', async () => {
    const model = await open(folderWith({}, 'FlaxPNDMScheduler'));
    assert.equal(model.createScheduler().name, 'PNDMScheduler');
  });

  it('takes the fields of another class as from_config does', async () => {
    const fields = {
      _class_name: 'DEISMultistepScheduler',
      solver_type: 'logrho',
      algorithm_type: 'deis',
    };
    const model = await open(folderWith(fields, 'DPMSolverMultistepScheduler'));
    const plain = await open(folderWith({}, 'DPMSolverMultistepScheduler'));
    assert.deepEqual(timesteps(model), timesteps(plain));
  });
});

describe('a model whose scheduler Easel does not have', () => {
  const unknown = { solver_of_the_future: 3 };

  it('opens, and says which class it is and how another one is chosen', async () => {
    const model = await open(folderWith(unknown, 'IPNDMScheduler'));
    const check = unsupported('unsupported-scheduler', 'IPNDMScheduler', '--scheduler');
    assert.throws(() => model.createScheduler(), check);
  });

  it('opens where neither file names a class', async () => {
    const model = await open(folderWith({ _class_name: undefined }, null));
    const check = unsupported('unsupported-scheduler', '_class_name', '--scheduler');
    assert.throws(() => model.createScheduler(), check);
    assert.equal(model.createScheduler('euler').name, 'EulerDiscreteScheduler');
  });

  it('draws with the one that a request names, from its betas', async () => {
    const model = await open(folderWith(unknown, 'IPNDMScheduler'));
    const known = await open(materialise('sd1'));
    assert.deepEqual(timesteps(model, 'euler'), timesteps(known, 'euler'));
  });

  it('is listed as one that runs, with what a request must name', async () => {
    const folder = folderWith(unknown, 'IPNDMScheduler');
    const entry = await describeModel({ id: 'a/model', folder }, 'path');
    assert.equal(entry.runnable, true);
    assert.match(entry.reason, /IPNDMScheduler.*--scheduler/);
    assert.equal(entry.defaults?.scheduler, 'IPNDMScheduler');
  });

  it('is a damaged model where the name is none that a class can have', async () => {
    for (const name of ['x'.repeat(10_000), 'a\nb']) {
      const isShort = (error: Error) =>
        error.message.includes('no class for "scheduler"') && error.message.length < 400;
      await assert.rejects(open(folderWith({}, name)), isShort);
    }
  });
});

describe('a damaged scheduler config', () => {
  it('is an error with the model, the file and the field, and the model is not listed as running', async () => {
    const folder = folderWith({ num_train_timesteps: 1e9 });
    const model = await open(folder);
    const check = unsupported('unsupported-config', 'scheduler_config.json', 'num_train_timesteps');
    assert.throws(() => model.createScheduler(), check);
    const entry = await describeModel({ id: 'a/model', folder }, 'path');
    assert.equal(entry.runnable, false);
    assert.match(entry.reason, /num_train_timesteps/);
  });
});

describe('an EDM scheduler and a model of discrete timesteps', () => {
  it('are said not to suit each other', async () => {
    const discrete = await open(materialise('sd1'));
    assert.match(discrete.schedulerWarning('edm-euler') ?? '', /PNDMScheduler.*EDMEulerScheduler/);
    assert.equal(discrete.schedulerWarning('euler'), undefined);
    assert.equal(discrete.schedulerWarning(), undefined);
    const edm = await open(folderWith({}, 'EDMEulerScheduler'));
    assert.match(edm.schedulerWarning('euler') ?? '', /noise/);
    assert.equal(edm.schedulerWarning('edm-dpm++'), undefined);
  });
});

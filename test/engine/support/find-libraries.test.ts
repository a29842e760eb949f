import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { findLibraries } from '../../../src/engine/support/find-libraries';
import type { Machine } from '../../../src/engine/support/machine';
import { machineFolder, type MachineFolder } from './machine-folder';

const BLAS = 'libcublas.so.13';
const DNN = 'libcudnn.so.9';
const OLD_BLAS = 'libcublas.so.12';
const WANTED = [{ file: BLAS }, { file: DNN, madeFor: { right: BLAS, wrong: OLD_BLAS } }];

describe('libraries of a device are found', function () {
  let machine: MachineFolder;
  let own: string;

  before(function () {
    // The devices that have libraries to be found are those of Linux.
    if (process.platform !== 'linux') this.skip();
  });
  beforeEach(() => {
    machine = machineFolder();
    own = path.join(machine.root, 'own');
  });

  const find = (on: Machine = machine) => Object.fromEntries(findLibraries(WANTED, own, on));

  it('nowhere where there are none', () => assert.deepEqual(find(), {}));

  it('in the folders of the system, its loader and the installers of CUDA', () => {
    for (const folder of [
      '/usr/lib/x86_64-linux-gnu',
      '/usr/local/cuda-13.1/lib64',
      '/usr/local/cuda/targets/x86_64-linux/lib',
      '/usr/lib/wsl/lib',
    ]) {
      machine = machineFolder();
      const place = machine.putLibrary(`${folder}/${BLAS}`);
      assert.deepEqual(find(), { [BLAS]: place }, folder);
    }
    machine = machineFolder();
    machine.put('/etc/ld.so.conf', 'include /etc/ld.so.conf.d/*.conf\n');
    machine.put('/etc/ld.so.conf.d/cuda.conf', '# CUDA\n/opt/cuda/lib\n');
    const place = machine.putLibrary(`/opt/cuda/lib/${BLAS}`);
    assert.deepEqual(find(), { [BLAS]: place });
  });

  it('beside PyTorch, in an environment that is active, of a project, or of python3', () => {
    const packages = 'lib/python3.12/site-packages/nvidia';
    const blas = machine.putLibrary(`/home/ann/project/.venv/${packages}/cu13/lib/${BLAS}`);
    const dnn = machine.putLibrary(`/home/ann/project/.venv/${packages}/cudnn/lib/${DNN}`);
    const all = { [BLAS]: blas, [DNN]: dnn };
    assert.deepEqual(find(), {});
    assert.deepEqual(find(machine.with({ VIRTUAL_ENV: '/home/ann/project/.venv' })), all);
    assert.deepEqual(find(machine.with({ CONDA_PREFIX: '/home/ann/project/.venv' })), all);
    assert.deepEqual(find(machine.with({ EASEL_PROJECTS: '/home/ann/project' })), all);
    const python = machine.put('/home/ann/project/.venv/bin/python3');
    assert.deepEqual(find(machine.with({ PATH: '/home/ann/project/.venv/bin' })), all);
    // As version managers link it.
    const links = path.join(machine.root, 'bin');
    mkdirSync(links);
    symlinkSync(python, path.join(links, 'python3'));
    assert.deepEqual(find(machine.with({ PATH: '/bin' })), all);
  });

  it('where conda has them', () => {
    const place = machine.putLibrary(`/conda/lib/${BLAS}`);
    assert.deepEqual(find(machine.with({ CONDA_PREFIX: '/conda' })), { [BLAS]: place });
  });

  it('where the user and pip for Easel have installed them', () => {
    const user = machine.putLibrary(
      `/home/me/.local/lib/python3.11/site-packages/nvidia/cudnn/lib/${DNN}`,
    );
    assert.deepEqual(find(), { [DNN]: user });
    const place = machine.putLibrary(`/own/nvidia/cudnn/lib/${DNN}`);
    assert.deepEqual(find(), { [DNN]: place });
  });

  it('together: the place that has more of them goes first', () => {
    machine.putLibrary(`/own/nvidia/cudnn/lib/${DNN}`);
    const blas = machine.putLibrary(`/usr/local/cuda/lib64/${BLAS}`);
    const dnn = machine.putLibrary(`/usr/lib64/${DNN}`);
    assert.deepEqual(find(), { [BLAS]: blas, [DNN]: dnn });
  });

  it('for the version that is needed, where others have the same names', () => {
    const packages = '/home/ann/project/.venv/lib/python3.12/site-packages/nvidia';
    const active = machine.with({ VIRTUAL_ENV: '/home/ann/project/.venv' });
    const dnn = machine.putLibrary(`${packages}/cudnn/lib/${DNN}`);
    assert.deepEqual(find(active), { [DNN]: dnn });
    machine.putLibrary(`${packages}/cublas/lib/${OLD_BLAS}`);
    assert.deepEqual(find(active), {});
    const blas = machine.putLibrary(`${packages}/cu13/lib/${BLAS}`);
    assert.deepEqual(find(active), { [BLAS]: blas, [DNN]: dnn });
  });

  it('for this processor alone, not those of 32 bits', () => {
    machine.put('/etc/ld.so.conf.d/i386-linux-gnu.conf', '/usr/lib/i386-linux-gnu\n');
    machine.putLibrary(`/usr/lib/i386-linux-gnu/${BLAS}`, 32);
    machine.put(`/usr/lib/x86_64-linux-gnu/${BLAS}`, 'no library');
    assert.deepEqual(find(), {});
    const place = machine.putLibrary(`/usr/lib64/${BLAS}`);
    assert.deepEqual(find(), { [BLAS]: place });
  });

  it('never in the folder that a program is started in', () => {
    machine.putLibrary(
      `/home/ann/project/.venv/lib/python3.12/site-packages/nvidia/cudnn/lib/${DNN}`,
    );
    const before = process.cwd();
    process.chdir(path.join(machine.root, 'home', 'ann', 'project'));
    try {
      const env = { ...machine.env, VIRTUAL_ENV: '.venv', LD_LIBRARY_PATH: '.:', PATH: '.' };
      assert.deepEqual(find({ ...machine, env }), {});
    } finally {
      process.chdir(before);
    }
  });
});

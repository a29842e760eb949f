import path from 'node:path';
import type { SharedLibrary } from '../../core/devices';
import { PROJECTS_VARIABLE } from '../../protocol/engine';
import { headOf, isThere, namesIn, placeOn, resolved, textOf, type Machine } from './machine';

export type WantedLibrary = Pick<SharedLibrary, 'file' | 'madeFor'>;

/**
 * Finds shared libraries on a machine. Folders with more of them go first: libraries that were installed together
 * fit together.
 * @param own a folder that pip installed packages into for Easel
 * @returns the place of each one that was found
 */
export function findLibraries(
  wanted: readonly WantedLibrary[],
  own: string,
  machine: Machine,
): ReadonlyMap<string, string> {
  const groups = libraryGroups(own, machine).map((folders) => {
    const placeOf = (file: string) =>
      folders.map((folder) => path.join(folder, file)).find(isForThisProcessor);
    const found = new Map<string, string>();
    for (const { file, madeFor } of wanted) {
      const isOther = madeFor && placeOf(madeFor.wrong) && !placeOf(madeFor.right);
      const place = isOther ? undefined : placeOf(file);
      if (place !== undefined) found.set(file, place);
    }
    return found;
  });
  const bestFirst = groups.sort((a, b) => b.size - a.size);
  // A later entry of a map replaces an earlier one.
  return new Map(bestFirst.reverse().flatMap((found) => [...found]));
}

/** Folders with shared libraries, in groups that belong together: Easel's own, Python environments, the system. */
function libraryGroups(own: string, machine: Machine): string[][] {
  const prefixes = [...new Set(pythonPrefixes(machine))];
  return [
    nvidiaFolders(own),
    listOf(machine.env.LD_LIBRARY_PATH),
    ...prefixes.map((prefix) => sitePackages(prefix).flatMap(nvidiaFolders)),
    // conda installs libraries outside of Python's own folders.
    ...listOf(machine.env.CONDA_PREFIX).map((prefix) => [path.join(prefix, 'lib')]),
    systemFolders(machine),
  ];
}

/** Environments of Python, without starting it: those that are active, of projects, of `python3`, and the user's. */
function pythonPrefixes(machine: Machine): string[] {
  const { env, home } = machine;
  const projects = listOf(env[PROJECTS_VARIABLE]);
  return [
    ...listOf(env.VIRTUAL_ENV),
    ...listOf(env.CONDA_PREFIX),
    ...projects.flatMap((folder) => ['.venv', 'venv'].map((name) => path.join(folder, name))),
    ...listOf(env.PATH).flatMap((folder) => prefixesOfPython(path.join(folder, 'python3'))),
    path.join(home, '.local'),
    placeOn(machine, '/usr/local'),
    placeOn(machine, '/usr'),
  ];
}

/** The environment that a `python3` is in, and the one that it was made of. */
function prefixesOfPython(python: string): string[] {
  if (!isThere(python)) return [];
  return [python, resolved(python)].map((file) => path.dirname(path.dirname(file)));
}

function sitePackages(prefix: string): string[] {
  const lib = path.join(prefix, 'lib');
  return namesIn(lib)
    .filter((name) => name.startsWith('python3'))
    .flatMap((name) =>
      ['site-packages', 'dist-packages'].map((packages) => path.join(lib, name, packages)),
    );
}

/** The folders of NVIDIA's packages for Python, which PyTorch brings along. */
function nvidiaFolders(packages: string): string[] {
  const nvidia = path.join(packages, 'nvidia');
  return namesIn(nvidia).map((name) => path.join(nvidia, name, 'lib'));
}

/** The folders of the system's loader (ld.so.conf), of CUDA's installers, of WSL and of NixOS. */
function systemFolders(machine: Machine): string[] {
  const at = (file: string) => placeOn(machine, file);
  const snippets = namesIn(at('/etc/ld.so.conf.d')).map((name) => `/etc/ld.so.conf.d/${name}`);
  const listed = ['/etc/ld.so.conf', ...snippets].flatMap((file) =>
    textOf(at(file))
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line.startsWith('/')),
  );
  const toolkits = namesIn(at('/usr/local'))
    .filter((name) => name.startsWith('cuda'))
    .flatMap((name) => [`/usr/local/${name}/lib64`, `/usr/local/${name}/targets/x86_64-linux/lib`]);
  return [
    ...listed,
    ...toolkits,
    '/usr/lib/x86_64-linux-gnu',
    '/usr/lib64',
    '/usr/lib',
    '/lib/x86_64-linux-gnu',
    '/usr/lib/wsl/lib',
    '/run/opengl-driver/lib',
  ].map(at);
}

/** Values of `e_machine` in the header of ELF files, by Node's names of architectures. */
const MACHINES: Readonly<Record<string, number>> = { x64: 62, arm64: 183 };

/** Whether a file is a library of 64 bits for this processor: systems also have folders with those of 32 bits. */
function isForThisProcessor(file: string): boolean {
  const header = headOf(file, 20);
  return (
    header.length === 20 && header[4] === 2 && header.readUInt16LE(18) === MACHINES[process.arch]
  );
}

function listOf(variable: string | undefined): string[] {
  return (variable ?? '').split(path.delimiter).filter((one) => path.isAbsolute(one));
}

// `npm run check:devices [-- --output FOLDER]`: draws an image with the starter on every device of this machine that
// works, and compares each with the processor's. Where ONNX Runtime has no build, it checks that Easel says so, and
// draws what needs no model. `-- --compare FOLDER` compares the images of several machines, each in a folder below.
import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { FALLBACK_DEVICE, whyNoBuild, type Precision } from '../src/core/devices';
import type { ErrorCode } from '../src/core/errors';
import { psnr, readPixels } from '../test/support/pictures';
import { build, root, runMain } from './steps';

/** Drawn by the model at its own size, without anything composed around it. */
const REQUEST = ['a red apple', '--seed', '1'];
/** Composed of vector drawings alone. */
const REQUEST_WITHOUT_MODEL = ['git branch icon', '--seed', '1'];

/**
 * Peak signal-to-noise ratio in dB that an image has at least, beside the processor's in float32: rounding differs
 * between devices. WebGPU's has 91 on SwiftShader; an apple from another seed has 31.
 */
const CLOSE_ENOUGH: Readonly<Record<Precision, number>> = { full: 40, half: 35, int8: 35 };

interface DevicesReport {
  readonly devices: readonly {
    readonly device: string;
    readonly works: boolean;
    readonly detail: string;
    readonly half: boolean;
  }[];
}

interface Ending {
  readonly event: 'done' | 'error';
  readonly device: string;
  readonly precision: Precision;
  readonly code?: ErrorCode;
  readonly message?: string;
}

interface Drawn extends Ending {
  readonly file: string;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { output: { type: 'string' }, compare: { type: 'string' } },
  });
  if (values.compare !== undefined) {
    await compareMachines(path.resolve(values.compare));
    return;
  }
  const folder = path.resolve(values.output ?? path.join(root, 'out', 'devices'));
  mkdirSync(folder, { recursive: true });
  build();
  if (whyNoBuild(process.platform, process.arch) === undefined) await checkDevices(folder);
  else checkWithoutBuild(folder);
}

async function checkDevices(folder: string): Promise<void> {
  const { stdout } = easel(['devices', '--json']);
  writeFileSync(path.join(folder, 'devices.json'), stdout);
  const report = JSON.parse(stdout) as DevicesReport;
  for (const { device, works, detail } of report.devices) {
    say(`- ${device}: ${works ? 'works' : 'does not work'}, ${detail}`);
  }
  const expected = draw(folder, FALLBACK_DEVICE, ['--device', FALLBACK_DEVICE, ...full]);
  const failures: string[] = [];
  const check = async (name: string, options: readonly string[], device?: string) => {
    try {
      const drawn = draw(folder, name, options);
      // A device that fails while it draws is replaced by the processor.
      if (device !== undefined && drawn.device !== device) {
        throw new Error(`it was drawn on ${drawn.device}`);
      }
      await compare(drawn.file, expected.file, drawn.precision, name);
    } catch (thrown) {
      const reason = thrown instanceof Error ? thrown.message : String(thrown);
      failures.push(`${name}: ${reason}`);
      say(`- **${name}: ${reason}**`);
    }
  };
  for (const { device, works, half } of report.devices) {
    if (!works || device === FALLBACK_DEVICE) continue;
    await check(device, ['--device', device, ...full], device);
    if (half) await check(`${device}-half`, ['--device', device, '--precision', 'half'], device);
  }
  await check('default', []);
  if (failures.length > 0) throw new Error(`Not right: ${failures.join('; ')}`);
}

const full = ['--precision', 'full'] as const;

/** @throws where Easel does not say that there is no build, or does not draw what needs no model */
function checkWithoutBuild(folder: string): void {
  const { status, stdout } = easel(['generate', ...REQUEST, '--output', folder, '--json']);
  const { code, message } = endingOf(stdout);
  writeFileSync(path.join(folder, 'no-build.jsonl'), stdout);
  if (status !== 1 || code !== 'unsupported-platform') {
    throw new Error(`The code is ${code}, and the exit status ${status}.`);
  }
  say(`- a model: ${message}`);
  draw(folder, 'no-model', [], REQUEST_WITHOUT_MODEL);
}

/**
 * Draws an image, and keeps it and the lines of the command beside it.
 * @param name the name of the files
 * @throws where there is no image
 */
function draw(
  folder: string,
  name: string,
  options: readonly string[],
  request: readonly string[] = REQUEST,
): Drawn {
  const file = path.join(folder, `${name}.png`);
  const args = ['generate', ...request, ...options, '--output', file, '--json'];
  // Else the new one would be saved beside it.
  rmSync(file, { force: true });
  const { stdout } = easel(args);
  writeFileSync(path.join(folder, `${name}.jsonl`), stdout);
  const ending = endingOf(stdout);
  if (ending.event === 'error') throw new Error(`${ending.code}: ${ending.message}`);
  return { ...ending, file };
}

/** @throws where an image is not close enough to another */
async function compare(
  file: string,
  expected: string,
  precision: Precision,
  name: string,
): Promise<void> {
  const [found, wanted] = [await readPixels(file), await readPixels(expected)];
  if (found.data.length !== wanted.data.length) throw new Error('the size is wrong');
  const decibels = psnr(found.data, wanted.data);
  const least = CLOSE_ENOUGH[precision];
  const likeness = `${decibels.toFixed(1)} dB in ${precision} precision`;
  if (decibels < least) throw new Error(`${likeness}, which is less than ${least}`);
  say(`- ${name}: ${likeness}`);
}

/**
 * Compares what the processors of several machines drew with the first one's.
 * @param folder with a folder for each machine; one without a build of ONNX Runtime has no such image
 */
async function compareMachines(folder: string): Promise<void> {
  const files = readdirSync(folder)
    .sort()
    .map((machine) => path.join(folder, machine, `${FALLBACK_DEVICE}.png`))
    .filter((file) => existsSync(file));
  const [first, ...others] = files;
  if (first === undefined || others.length === 0) throw new Error('There is nothing to compare.');
  for (const file of others) await compare(file, first, 'full', path.relative(folder, file));
}

function easel(args: readonly string[]): {
  readonly status: number | null;
  readonly stdout: string;
} {
  const cli = path.join(root, 'dist', 'cli.js');
  const { status, stdout, error } = spawnSync(process.execPath, [cli, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (error) throw error;
  return { status, stdout };
}

/** The last line of `easel generate --json`. */
function endingOf(stdout: string): Ending {
  const last = stdout.trimEnd().split('\n').at(-1);
  if (!last) throw new Error('The command line wrote nothing.');
  return JSON.parse(last) as Ending;
}

/** Prints a line, also on the page of the run on GitHub. */
function say(line: string): void {
  console.log(line);
  const summary = process.env.GITHUB_STEP_SUMMARY;
  if (summary) appendFileSync(summary, `${line}\n`);
}

runMain(main);

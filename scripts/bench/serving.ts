// `npm run bench:serving [-- OPTIONS]`: how many images one `easel serve` and several draw on this machine, how long
// clients wait, and how many machines serve 10, 100 and 1,000 people. Prints the tables of docs/SERVING.md.
// bench/README.md has the options.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import os from 'node:os';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { build, root, runMain } from '../steps';
import { describeMachine } from './machine';
import { MAX_LATE, MAX_LOAD, sizeFor } from './sizing';

const PEOPLE = [10, 100, 1000];

/** Seconds of an image in int8 by a warm engine, from bench/README.md (With AMX). */
const FULL_SIZE: readonly (readonly [name: string, seconds: number])[] = [
  ['SD-Turbo, 512 × 512, one step', 2.07],
  ['SD 1.5, 512 × 512, 20 steps, guided', 20 * 2.89 + 4.02],
];

interface Measured {
  readonly imagesPerMinute: number;
  /** Seconds from a request to its answer. */
  readonly median: number;
  readonly p95: number;
}

interface Running {
  readonly addresses: readonly string[];
  readonly token?: string;
  readonly stop: () => Promise<void>;
}

/** Starts servers that share the cores. */
async function startServers(count: number, model: string): Promise<Running> {
  const token = 'a-token-of-this-benchmark';
  const threads = Math.max(1, Math.floor(os.availableParallelism() / count));
  const args = ['dist/cli.js', 'serve', '--port', '0', '--threads', String(threads)];
  const children: ChildProcess[] = [];
  const addresses: string[] = [];
  for (let k = 0; k < count; k++) {
    const child = spawn(process.execPath, [...args, '--model', model], {
      cwd: root,
      env: { ...process.env, EASEL_SERVE_TOKEN: token },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    children.push(child);
    const [address] = (await once(createInterface(child.stdout), 'line')) as [string];
    addresses.push(address);
  }
  const stop = async () => {
    const ended = children.map((child) => once(child, 'exit'));
    for (const child of children) child.kill('SIGTERM');
    await Promise.all(ended);
  };
  return { addresses, token, stop };
}

/** Draws an image. @returns the seconds until it was there */
async function draw(address: string, seed: number, token: string | undefined): Promise<number> {
  const started = performance.now();
  const answer = await fetch(`${address}/v1/images/generations`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ prompt: 'a red apple', seed }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${answer.status}: ${text}`);
  return (performance.now() - started) / 1000;
}

/** Clients that send the next request when they have an answer, each to the server with the fewest open ones. */
async function measure(
  { addresses, token }: Running,
  clients: number,
  images: number,
): Promise<Measured> {
  const open = new Map(addresses.map((address) => [address, 0]));
  const seconds: number[] = [];
  let sent = 0;
  const client = async () => {
    while (sent < images) {
      const seed = sent++;
      const [[address, before] = ['', 0]] = [...open].sort(([, a], [, b]) => a - b);
      open.set(address, before + 1);
      seconds.push(await draw(address, seed, token));
      open.set(address, (open.get(address) ?? 1) - 1);
    }
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: clients }, client));
  const minutes = (performance.now() - started) / 60_000;
  seconds.sort((a, b) => a - b);
  const at = (share: number) => seconds[Math.ceil(share * seconds.length) - 1] ?? NaN;
  return { imagesPerMinute: images / minutes, median: at(0.5), p95: at(0.95) };
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n');
}

function sizingTable(
  models: readonly (readonly [name: string, seconds: number])[],
  imagesPerHour: number,
): string {
  const rows = models.map(([name, secondsPerImage]) => [
    name,
    `${secondsPerImage.toFixed(secondsPerImage < 10 ? 2 : 0)} s`,
    ...PEOPLE.map((people) => {
      const { engines, load } = sizeFor({ people, imagesPerHour, secondsPerImage });
      return `${engines} (${Math.round(load * 100)} %)`;
    }),
  ]);
  const people = PEOPLE.map((count) => `${count.toLocaleString('en')} people`);
  return table(['Model', 'one image', ...people], rows);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      images: { type: 'string', default: '60' },
      clients: { type: 'string', multiple: true, default: ['1', '4', '8'] },
      servers: { type: 'string', multiple: true, default: ['1', '2'] },
      model: { type: 'string', default: 'starter' },
      address: { type: 'string' },
      'per-hour': { type: 'string', default: '6' },
      seconds: { type: 'string', multiple: true, default: [] },
    },
  });
  build();
  console.log(`${(await describeMachine()).join('\n')}\n`);
  const images = Number(values.images);
  const kinds = values.address === undefined ? values.servers : [values.address];
  const rows: string[][] = [];
  let alone = NaN;
  for (const kind of kinds) {
    const token = process.env.EASEL_SERVE_TOKEN;
    const running =
      values.address === undefined
        ? await startServers(Number(kind), values.model)
        : { addresses: [kind], ...(token && { token }), stop: () => Promise.resolve() };
    try {
      // The first images of an engine load the model.
      await measure(running, 4 * running.addresses.length, 8 * running.addresses.length);
      for (const clients of values.clients.map(Number)) {
        const { imagesPerMinute, median, p95 } = await measure(running, clients, images);
        if (clients === 1 && Number.isNaN(alone)) alone = median;
        const cells = [imagesPerMinute.toFixed(0), `${median.toFixed(2)} s`, `${p95.toFixed(2)} s`];
        rows.push([kind, String(clients), ...cells]);
      }
    } finally {
      await running.stop();
    }
  }
  const heads = [
    'Servers',
    'clients at once',
    'images a minute',
    'median answer',
    '95 of 100 within',
  ];
  console.log(`${table(heads, rows)}\n`);
  const given = values.seconds.map((text): [string, number] => {
    const [name = '', seconds = ''] = text.split('=');
    return [name, Number(seconds)];
  });
  const models = given.length > 0 ? given : FULL_SIZE;
  const measured: readonly [string, number][] = Number.isNaN(alone) ? [] : [[values.model, alone]];
  console.log(
    `Engines, and their load, with ${values['per-hour']} images of each in the busiest hour, where at most ${MAX_LATE * 100} % wait longer than one image takes, and at most ${MAX_LOAD * 100} % loaded:\n`,
  );
  console.log(sizingTable([...measured, ...models], Number(values['per-hour'])));
}

runMain(main);

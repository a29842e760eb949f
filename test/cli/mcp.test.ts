import assert from 'node:assert/strict';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { finish, startCli } from '../support/cli';
import { openMcp, type McpSession } from '../support/mcp-client';
import { FIXTURES, ROOT } from '../support/paths';
import { tempFolder } from '../support/temp-folder';
import { until } from '../support/until';

/** The starter model in few steps: these tests are about the tools, not about the picture. */
const QUICK = { prompt: 'a red apple', steps: 2 };

describe('easel mcp', () => {
  let folder: string;
  let session: McpSession;

  before(async () => {
    folder = tempFolder();
    session = await openMcp({ cwd: folder });
  });
  after(() => session.close());

  it('offers the tools with their schemas', async () => {
    const { tools } = await session.client.listTools();
    assert.deepEqual(
      tools.map(({ name }) => name),
      ['generate_image', 'edit_image', 'list_image_models'],
    );
    const [generate] = tools;
    assert.deepEqual(generate?.inputSchema.required, ['prompt']);
    const { width } = generate.inputSchema.properties as { width: Record<string, unknown> };
    assert.equal(width.maximum, 16384);
    assert.deepEqual(width.type, ['integer', 'null']);
    assert.equal(generate.annotations?.readOnlyHint, false);
    assert.ok(session.client.getServerVersion()?.version);
  });

  it('draws at the path and size asked for, and shows the picture', async () => {
    const progress: number[] = [];
    const answer = await session.call(
      'generate_image',
      {
        ...{ ...QUICK, path: 'docs/my images/apple.webp', width: 300, height: 100, seed: 7 },
        altText: 'An [apple]',
      },
      { onprogress: (event) => progress.push(event.progress) },
    );
    assert.equal(answer.isError, false, answer.text);
    const file = path.join(folder, 'docs/my images/apple.webp');
    const { format, width, height } = await sharp(file).metadata();
    assert.deepEqual([format, width, height], ['webp', 300, 100]);
    assert.match(answer.text, /!\[An \\\[apple\\\]\]\(docs\/my%20images\/apple\.webp\)/);
    assert.match(answer.text, /starter in 2 steps on cpu .*seed 7/);
    const [view] = answer.images;
    assert.equal(view?.mimeType, 'image/jpeg');
    assert.equal((await sharp(view.data).metadata()).width, 300);
    assert.ok(progress.length >= 2);
    assert.ok(progress.every((value, i) => i === 0 || value > (progress[i - 1] ?? 0)));
  });

  it('names the file by the prompt where no path is given, and numbers the second', async () => {
    for (const name of ['a-red-apple.webp', 'a-red-apple-2.webp']) {
      const answer = await session.call('generate_image', { ...QUICK, seed: 1 });
      assert.match(answer.text, new RegExp(`\\(assets/${name}\\)`));
      assert.ok(existsSync(path.join(folder, 'assets', name)));
    }
  });

  it('takes null for what is left out, and draws several images in one call', async () => {
    const answer = await session.call('generate_image', {
      ...{ ...QUICK, count: 3, seed: 5, path: 'several/apple.png' },
      ...{ model: null, style: null, width: null, altText: null, temporary: null },
    });
    assert.equal(answer.isError, false, answer.text);
    const names = ['apple-1.png', 'apple-2.png', 'apple-3.png'];
    assert.deepEqual(readdirSync(path.join(folder, 'several')).sort(), names);
    for (const name of names) assert.match(answer.text, new RegExp(`\\(several/${name}\\)`));
    assert.match(answer.text, /seeds 5, 6, 7\./);
    assert.equal(answer.images.length, 3);
    // One of the names is taken: none is drawn.
    const again = await session.call('generate_image', {
      ...QUICK,
      count: 2,
      path: 'several/apple.png',
    });
    assert.match(again.text, /^write-failed: several\/apple-1\.png exists already/);
  });

  it('keeps throw-aways out of the workspace, in a folder that it names', async () => {
    const before = readdirSync(folder, { recursive: true }).length;
    const input = { ...QUICK, temporary: true, seed: 2 };
    const answer = await session.call('generate_image', { ...input, path: 'try/a.png' });
    const [, file = ''] = /^Saved (.*) \(256 × 256 PNG\)\.$/m.exec(answer.text) ?? [];
    assert.ok(existsSync(file), answer.text);
    assert.doesNotMatch(answer.text, /Markdown/);
    const other = await session.call('generate_image', input);
    assert.match(other.text, new RegExp(path.dirname(path.dirname(file))));
    const out = await session.call('generate_image', { ...input, path: '../out.png' });
    assert.match(out.text, /^bad-request: path: .* is outside/);
    assert.equal(readdirSync(folder, { recursive: true }).length, before);
    // What was tried can be edited.
    const edited = await session.call('edit_image', { ...QUICK, image: file, path: 'kept.png' });
    assert.equal(edited.isError, false, edited.text);
    rmSync(path.dirname(path.dirname(file)), { recursive: true });
  });

  it('edits an image by words, how much and where', async () => {
    await session.call('generate_image', {
      ...QUICK,
      path: 'edit/in.png',
      width: 200,
      height: 100,
      seed: 3,
    });
    const original = readFileSync(path.join(folder, 'edit/in.png'));
    const mask = sharp({ create: { width: 200, height: 100, channels: 3, background: '#000000' } });
    const right = {
      create: { width: 100, height: 100, channels: 3 as const, background: '#ffffff' },
    };
    await mask
      .composite([{ input: right, left: 100, top: 0 }])
      .png()
      .toFile(path.join(folder, 'edit/mask.png'));
    const input = { prompt: 'a green pear', steps: 4, seed: 3, image: 'edit/in.png' };
    const little = await session.call('edit_image', {
      ...input,
      strength: 0.25,
      path: 'edit/little.png',
    });
    const much = await session.call('edit_image', { ...input, strength: 1, path: 'edit/much.png' });
    const part = await session.call('edit_image', {
      ...{ ...input, strength: 1, path: 'edit/part.png', mask: 'edit/mask.png' },
    });
    for (const { isError, text, images } of [little, much, part]) {
      assert.equal(isError, false, text);
      assert.equal(images.length, 1);
    }
    const pixels = async (name: string, left = 0) => {
      const box = { left, top: 0, width: 90, height: 100 };
      const { data, info } = await sharp(path.join(folder, 'edit', name))
        .removeAlpha()
        .extract(box)
        .raw()
        .toBuffer({ resolveWithObject: true });
      assert.deepEqual([info.width, info.height], [90, 100]);
      return data;
    };
    const distance = async (name: string, left = 0) => {
      const [a, b] = [await pixels('in.png', left), await pixels(name, left)];
      return a.reduce((sum, value, i) => sum + Math.abs(value - b[i]!), 0) / a.length;
    };
    assert.ok((await distance('little.png')) < (await distance('much.png')));
    assert.ok((await distance('part.png', 0)) < (await distance('part.png', 110)));
    assert.deepEqual(readFileSync(path.join(folder, 'edit/in.png')), original);
  });

  it('reads no file that is not in its folders, and tells nothing of it', async () => {
    const outside = path.join(tempFolder(), 'secret.png');
    writeFileSync(outside, 'secret');
    symlinkSync(outside, path.join(folder, 'secret-link.png'));
    const texts = [];
    for (const image of [
      outside,
      `${outside}.none`,
      'secret-link.png',
      '../x.png',
      '/etc/shadow',
    ]) {
      const answer = await session.call('edit_image', { ...QUICK, image });
      assert.equal(answer.isError, true);
      texts.push(answer.text.replace(image, 'NAME'));
    }
    assert.equal(new Set(texts).size, 1, texts.join('\n'));
    assert.match(texts[0]!, /^bad-request: image: there is no file "NAME" in /);
  });

  it('names an image that cannot be decoded, and does not blame the model', async () => {
    writeFileSync(path.join(folder, 'damaged.png'), '\x89PNG\r\n\x1a\n', 'latin1');
    writeFileSync(path.join(folder, 'notes.png'), 'notes of a meeting');
    const whole = path.join(FIXTURES, 'pictures', 'sketch.png');
    writeFileSync(path.join(folder, 'whole.png'), readFileSync(whole));
    for (const name of ['damaged.png', 'notes.png']) {
      for (const images of [{ image: name }, { image: 'whole.png', mask: name }]) {
        const { isError, text } = await session.call('edit_image', { ...QUICK, ...images });
        assert.ok(isError);
        assert.ok(text.includes(name), text);
        assert.match(text, /^bad-file: .*cannot be read.* Name another image, or tell the user\.$/);
      }
    }
  });

  it('takes no model by its path, and none of the folder that it works in', async () => {
    cpSync(path.join(ROOT, 'models/starter'), path.join(folder, 'org/name'), { recursive: true });
    const texts = [];
    for (const model of [
      'org/name',
      './org/name',
      path.join(folder, 'org/name'),
      '/etc/shadow',
      '/no/such',
    ]) {
      const answer = await session.call('generate_image', { ...QUICK, model });
      assert.equal(answer.isError, true, model);
      texts.push(answer.text.replace(model, 'NAME'));
    }
    assert.equal(new Set(texts).size, 1, texts.join('\n'));
    assert.match(
      texts[0]!,
      /^model-not-found: model: "NAME" is not an id that list_image_models gives/,
    );
    // Nor where it is the one that the server was started with.
    const other = await openMcp({ cwd: folder, args: ['--model', 'org/name'] });
    const answer = await other.call('generate_image', QUICK);
    await other.close();
    assert.match(answer.text, /^model-not-found: org\/name/);
    const named = await openMcp({ cwd: folder, args: ['--model', './org/name'] });
    const drawn = await named.call('generate_image', { ...QUICK, path: 'by-path.png' });
    await named.close();
    assert.equal(drawn.isError, false, drawn.text);
  });

  it('lists what it can draw with', async () => {
    const { text, isError } = await session.call('list_image_models', {});
    assert.equal(isError, false);
    assert.match(text, /- starter \(default\): .*256 × 256/);
  });

  it('answers bad calls with what to do', async () => {
    const cases: [Record<string, unknown>, RegExp][] = [
      [{}, /^bad-request: prompt: is missing/],
      [{ prompt: '  ' }, /^bad-request: prompt: must say what to draw/],
      [{ prompt: 'x', width: 0 }, /^bad-request: width: must be at least 1, not 0/],
      [{ prompt: 'x', size: 9 }, /^bad-request: size: is not a field of a call/],
      [{ prompt: 'x', path: 'a.gif' }, /^bad-request: path: must end in \.png/],
      [
        { prompt: 'x', style: 'cubist' },
        /^bad-request: There is no style "cubist"\. There are Flat/,
      ],
      [{ prompt: 'x'.repeat(9000) }, /^prompt-too-long: .*Shorten it/],
      [{ prompt: 'x', model: 'no/such' }, /^model-not-found: .*list_image_models/],
      [{ prompt: 'x', count: 0 }, /^bad-request: count: must be at least 1/],
      [{ prompt: 'x', path: '.git/hooks/x.png' }, /^bad-request: path: "\.git" is hidden/],
      [{ prompt: 'x', path: 'node_modules/x.png' }, /^bad-request: path: "node_modules" is hidden/],
    ];
    for (const [input, wanted] of cases) {
      const answer = await session.call('generate_image', input);
      assert.equal(answer.isError, true, JSON.stringify(input));
      assert.match(answer.text, wanted);
    }
    const unknown = await session.call('draw', {});
    assert.match(unknown.text, /no tool "draw"/);
  });

  it('never leaves its folder and never overwrites', async () => {
    const outside = tempFolder();
    mkdirSync(path.join(folder, 'real'));
    writeFileSync(path.join(folder, 'real/taken.png'), 'mine');
    symlinkSync(outside, path.join(folder, 'link'));
    mkdirSync(path.join(folder, '.git/hooks'), { recursive: true });
    symlinkSync(path.join(folder, '.git/hooks'), path.join(folder, 'into-hooks'));
    symlinkSync(path.join(outside, 'x.png'), path.join(folder, 'dangling.png'));
    const cases: [string, RegExp][] = [
      ['../out.png', /is outside/],
      ['docs/../../out.png', /is outside/],
      [path.join(outside, 'out.png'), /is outside/],
      ['link/out.png', /is a link that leads out of/],
      ['link/deeper/out.png', /is a link that leads out of/],
      ['dangling.png', /^write-failed: dangling\.png exists already/],
      ['real/taken.png', /^write-failed: real\/taken\.png exists already/],
      ['real/taken.png/inside.png', /^(write-failed|bad-request): /],
      ['into-hooks/out.png', /^bad-request: path: "\.git" is hidden/],
      ['real/', /must name a file|must end in/],
      ['a\0.png', /is not a valid file or folder name/],
    ];
    for (const [wrong, wanted] of cases) {
      const answer = await session.call('generate_image', { ...QUICK, path: wrong });
      assert.equal(answer.isError, true, wrong);
      assert.match(answer.text, wanted, wrong);
    }
    assert.deepEqual(readdirSync(outside), []);
    assert.equal(readFileSync(path.join(folder, 'real/taken.png'), 'utf8'), 'mine');
    // An absolute path inside is what some agents give.
    const inside = path.join(folder, 'real/absolute.png');
    assert.equal((await session.call('generate_image', { ...QUICK, path: inside })).isError, false);
    assert.ok(existsSync(inside));
  });

  it('looks at its folder again when it writes', async () => {
    const outside = tempFolder();
    mkdirSync(path.join(folder, 'swapped'));
    let swapped = false;
    const answer = await session.call(
      'generate_image',
      { ...QUICK, steps: 60, path: 'swapped/out.png' },
      {
        onprogress: ({ progress }) => {
          if (progress < 2 || swapped) return;
          swapped = true;
          rmSync(path.join(folder, 'swapped'), { recursive: true });
          symlinkSync(outside, path.join(folder, 'swapped'));
        },
      },
    );
    assert.ok(swapped);
    assert.equal(answer.isError, true);
    assert.match(answer.text, /^bad-request: path: .* is a link that leads out of/);
    assert.deepEqual(readdirSync(outside), []);
  });

  it('ends its processes when it is idle, and starts them again', async function () {
    if (process.platform !== 'linux') this.skip();
    const idle = await openMcp({ cwd: folder, args: ['--idle-minutes', '0.005'] });
    const { pid } = idle.client.transport as unknown as { pid: number };
    const children = () => readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    for (const name of ['idle/a.png', 'idle/b.png']) {
      const answer = await idle.call('generate_image', { ...QUICK, path: name });
      assert.equal(answer.isError, false, answer.text);
      await until('no process', () => children() === '');
    }
    await idle.close();
  });

  it('stops a drawing that is cancelled, and draws the next', async () => {
    const controller = new AbortController();
    const cancelled = session.call(
      'generate_image',
      { ...QUICK, steps: 1000, path: 'cancelled.png' },
      {
        signal: controller.signal,
        onprogress: ({ progress }) => {
          if (progress >= 2) controller.abort();
        },
      },
    );
    await assert.rejects(cancelled, /abort/i);
    const next = await session.call('generate_image', { ...QUICK, path: 'after.png' });
    assert.equal(next.isError, false, next.text);
    assert.ok(existsSync(path.join(folder, 'after.png')));
    assert.ok(!existsSync(path.join(folder, 'cancelled.png')));
  });

  it('draws two at once, also to one path, of which one wins', async () => {
    const both = await Promise.all(
      ['two/a.png', 'two/b.png'].map((name) =>
        session.call('generate_image', { ...QUICK, path: name }),
      ),
    );
    assert.ok(both.every(({ isError }) => !isError));
    assert.deepEqual(readdirSync(path.join(folder, 'two')).sort(), ['a.png', 'b.png']);
    const rivals = await Promise.all(
      [1, 2].map((seed) => session.call('generate_image', { ...QUICK, seed, path: 'two/c.png' })),
    );
    assert.deepEqual(rivals.map(({ isError }) => isError).sort(), [false, true]);
    assert.match(rivals.find(({ isError }) => isError)?.text ?? '', /^write-failed: /);
  });

  it('saves below the folders the client works in, or the one it was started with', async () => {
    const [project, output] = [tempFolder(), tempFolder()];
    const byRoots = await openMcp({ roots: [project] });
    await byRoots.call('generate_image', { ...QUICK, path: 'a.png' });
    await byRoots.close();
    assert.deepEqual(readdirSync(project), ['a.png']);
    const byOption = await openMcp({ roots: [project], args: ['--output', output] });
    await byOption.call('generate_image', { ...QUICK, seed: 3 });
    await byOption.close();
    assert.deepEqual(readdirSync(output), ['a-red-apple.webp']);
  });

  it('asks for a folder rather than write at the root of the disk', async () => {
    const lost = await openMcp({ cwd: path.parse(folder).root });
    const answer = await lost.call('generate_image', QUICK);
    await lost.close();
    assert.match(answer.text, /--output FOLDER/);
  });

  it('ends when the client hangs up', async () => {
    const { code, stdout } = await finish(startCli(['mcp']));
    assert.equal(code, 0);
    assert.equal(stdout, '');
  });
});

import assert from 'node:assert/strict';
import { parseGenerate } from '../../../src/cli/generate/arguments';
import { secondsLeft } from '../../../src/cli/generate/grid/estimate';
import { requireModels, requireSizes } from '../../../src/cli/generate/grid/models';
import { drawingOrder } from '../../../src/cli/generate/grid/order';
import { axesText } from '../../../src/cli/generate/grid/sheet-texts';
import { EaselError } from '../../../src/core/errors';
import type { ModelEntry } from '../../../src/protocol/engine';

const planOf = (...args: string[]) => {
  const { grid } = parseGenerate(['a red apple', ...args]);
  assert.ok(grid);
  return grid;
};
const valuesOf = (axis: string) => planOf('--grid', axis).axes[0]!.values;
const refused = (message: RegExp, ...args: string[]) =>
  assert.throws(
    () => planOf(...args),
    (thrown) => thrown instanceof EaselError && message.test(thrown.message),
    String(message),
  );

describe('--grid', () => {
  it('draws every combination, the first axis fastest, with one seed', () => {
    const { axes, cells } = planOf('--grid', 'steps=4,8,12', 'guidance=1,3');
    assert.deepEqual(
      axes.map(({ name, labels }) => [name, labels]),
      [
        ['steps', ['steps 4', 'steps 8', 'steps 12']],
        ['guidance-scale', ['guidance-scale 1', 'guidance-scale 3']],
      ],
    );
    assert.deepEqual(
      cells.map(({ request }) => [request.steps, request.guidanceScale]),
      [
        [4, 1],
        [8, 1],
        [12, 1],
        [4, 3],
        [8, 3],
        [12, 3],
      ],
    );
    assert.deepEqual(cells[4]!.values, { steps: '8', 'guidance-scale': '3' });
    const seeds = new Set(cells.map(({ request }) => request.seed));
    assert.ok(seeds.size === 1 && !seeds.has(undefined));
    const own = planOf('--seed', '7', '--grid', 'steps=1,2');
    assert.deepEqual(
      own.cells.map(({ request }) => request.seed),
      [7, 7],
    );
  });

  it('is one option with several values, before or after the prompt', () => {
    const { grid, request } = parseGenerate([
      ...['--grid', 'steps=4,8', 'seed=1,2', 'a = b', '--grid=strength=0.5', '--width', '64'],
    ]);
    assert.deepEqual(
      grid?.axes.map(({ name }) => name),
      ['steps', 'seed', 'strength'],
    );
    assert.deepEqual([request.prompt, request.width], ['a = b', 64]);
  });

  it('has one noise that is mixed in, unless that is an axis', () => {
    const seedsOf = (...args: string[]) =>
      planOf(...args).cells.map(({ request }) => request.variationSeed);
    const [first, ...others] = seedsOf('--grid', 'variation-strength=0.2,0.5,0.8');
    assert.ok(first !== undefined);
    assert.deepEqual(others, [first, first]);
    const strength = ['--variation-strength', '0.5'];
    assert.deepEqual(seedsOf(...strength, '--variation-seed', '3', '--grid', 'steps=1,2'), [3, 3]);
    assert.deepEqual(seedsOf(...strength, '--grid', 'variation-seed=4,5'), [4, 5]);
    assert.deepEqual(seedsOf('--grid', 'steps=1,2'), [undefined, undefined]);
  });

  it('takes ranges of numbers', () => {
    assert.deepEqual(valuesOf('seed=1-5'), ['1', '2', '3', '4', '5']);
    assert.deepEqual(valuesOf('steps=4-20(+8),30'), ['4', '12', '20', '30']);
    assert.deepEqual(valuesOf('steps=4-20+8'), ['4', '12', '20']);
    assert.deepEqual(valuesOf('steps=8-4(-2)'), ['8', '6', '4']);
    assert.deepEqual(valuesOf('guidance=1-7[4]'), ['1', '3', '5', '7']);
    assert.deepEqual(valuesOf('strength=0.2-0.5(+0.1)'), ['0.2', '0.3', '0.4', '0.5']);
    refused(/say the step/, '--grid', 'strength=0.2-0.5');
    refused(/other way/, '--grid', 'steps=8-4(+1)');
    refused(/step of 0/, '--grid', 'steps=4-8(+0)');
    refused(/300 values; at most 100/, '--grid', 'seed=1-300');
    refused(/at most 100/, '--grid', 'seed=1-2[1000000000]');
    // Hyphens of words are no ranges.
    assert.deepEqual(valuesOf('scheduler=euler-a,ddim'), ['euler-a', 'ddim']);
  });

  it('has axes that are no option of their own', () => {
    const requests = (axis: string, ...args: string[]) =>
      planOf(...args, '--grid', axis).cells.map(({ request }) => request);
    assert.deepEqual(
      requests('prompt=apple|green, ripe pear|', '--negative-prompt', 'apple tree').map(
        ({ prompt, negativePrompt }) => [prompt, negativePrompt],
      ),
      [
        ['a red apple', 'apple tree'],
        ['a red green, ripe pear', 'green, ripe pear tree'],
        ['a red ', ' tree'],
      ],
    );
    assert.deepEqual(
      requests('size=512x512,768x512').map(({ width, height }) => [width, height]),
      [
        [512, 512],
        [768, 512],
      ],
    );
    assert.deepEqual(
      requests('lora-scale=0.5,1', '--lora', 'a:0.2', '--lora', 'b').map(({ loras }) => loras),
      [0.5, 1].map((scale) => [
        { path: 'a', scale },
        { path: 'b', scale },
      ]),
    );
    assert.deepEqual(
      requests('lora=none,a:0.5', '--model', 'm').map(({ loras }) => loras),
      [undefined, [{ path: 'a', scale: 0.5 }]],
    );
    // In whichever order the axes are.
    for (const axes of [
      ['lora=none,a:0.5', 'lora-scale=1,2'],
      ['lora-scale=1,2', 'lora=none,a:0.5'],
    ]) {
      const { cells } = planOf('--model', 'm', '--grid', ...axes);
      const scales = cells.map(({ request }) => request.loras?.map(({ scale }) => scale));
      const found = scales.map((one) => String(one?.[0] ?? '')).sort();
      assert.deepEqual(found, ['', '', '1', '2'], String(axes));
    }
    assert.deepEqual(
      requests('lora-scale=0.5', '--lora', 'a:0.2,text=0').map(({ loras }) => loras),
      [[{ path: 'a', scale: 0.5, weights: { text: 0 } }]],
    );
    assert.deepEqual(
      requests('seamless=none,x', '--seamless', 'y', '--model', 'm').map(
        ({ seamless }) => seamless,
      ),
      [undefined, 'x'],
    );
    assert.deepEqual(
      requests('freeu=none|0.9,0.2,1.5,1.6', '--model', 'm').map(({ freeu }) => freeu?.b2),
      [undefined, 1.6],
    );
    assert.deepEqual(
      requests('freeu=0.9,0.2,1.5,1.6', '--model', 'm').map(({ freeu }) => freeu?.s1),
      [0.9],
    );
    assert.deepEqual(
      requests('style=none,Duotone').map(({ style }) => style?.name),
      [undefined, 'Duotone'],
    );
    assert.deepEqual(
      requests('hires=2|1.5,0.7', '--model', 'm').map(({ hires }) => hires),
      [{ scale: 2 }, { scale: 1.5, strength: 0.7 }],
    );
  });

  it('replaces words by several axes', () => {
    const plan = planOf('--grid', 'prompt=red|dark, red', 'prompt=apple,pear', 'prompt-2=,blue');
    assert.deepEqual(
      plan.cells.map(({ request: { prompt, prompt2 } }) => [prompt, prompt2]),
      ['', 'blue'].flatMap((second) => [
        ['a red apple', second],
        ['a dark, red apple', second],
        ['a red pear', second],
        ['a dark, red pear', second],
      ]),
    );
    assert.deepEqual(plan.cells[3]!.values, {
      ...{ prompt: 'dark, red', 'prompt (2)': 'pear', 'prompt-2': '' },
    });
    assert.equal(axesText(plan), 'prompt=red|dark, red prompt=apple,pear prompt-2=,blue');
    // A part that not every image of a matrix has.
    const matrix = parseGenerate([
      ...['a castle|in autumn', '--prompt-matrix', '--grid', 'prompt=autumn,winter'],
    ]).grid!;
    assert.deepEqual(
      matrix.cells.map(({ request: { prompt } }) => prompt),
      ['a castle', 'a castle, in autumn', 'a castle', 'a castle, in winter'],
    );
    refused(/"autumn" is not in it/, '--grid', 'prompt=autumn,winter', 'seed=1,2');
  });

  it('is labelled so that each value says what it is', () => {
    const labels = (axis: string) => planOf('--model', 'm', '--grid', axis).axes[0]!.labels;
    assert.deepEqual(labels('seamless=none,x'), ['(no seamless)', 'seamless x']);
    assert.deepEqual(labels('vae-tiling=on,off'), ['vae-tiling on', 'vae-tiling off']);
    assert.deepEqual(labels('guidance-interval=0:0.5'), ['guidance-interval 0:0.5']);
    assert.deepEqual(labels('scheduler=ddim,lcm'), ['ddim', 'lcm']);
    assert.deepEqual(labels('negative-prompt=|a'), ['(no negative-prompt)', 'a']);
    assert.deepEqual(labels('size=64x64'), ['64x64']);
    assert.deepEqual(labels('lora=none,/a/b.safetensors'), ['(no lora)', 'b.safetensors']);
  });

  it('refuses what is wrong, with what is allowed', () => {
    refused(
      /"stpes" is not an axis\. Did you mean steps\? There are prompt, size/,
      '--grid',
      'stpes=1',
    );
    refused(/is not an axis.*lora-scale/, '--grid', 'format=png,webp');
    refused(/AXIS=VALUES, such as/, '--grid', 'steps');
    refused(/steps=0.*at least 1/, '--grid', 'steps=4,0');
    refused(/must be a number, not "x"/, '--grid', 'steps=4,x');
    refused(/no scheduler "nope"/, '--grid', 'scheduler=ddim,nope');
    refused(/no style "nope"/, '--grid', 'style=duotone,nope');
    refused(/Photo needs another model/, '--grid', 'style=duotone,photo');
    refused(/"pear" is not in it/, '--grid', 'prompt=pear,apple');
    refused(/WxH/, '--grid', 'size=512');
    refused(/Give one with --lora/, '--grid', 'lora-scale=1,2');
    refused(/"4" is there twice/, '--grid', 'steps=4,8,4');
    refused(/a value is empty/, '--grid', 'steps=4,,8');
    refused(/this axis is there twice/, '--grid', 'guidance=1', 'cfg=2');
    refused(/size says it already/, '--grid', 'size=64x64', 'width=64');
    refused(/at most 3 axes/, '--grid', 'steps=1', 'seed=1', 'strength=1', 'eta=1');
    refused(/20 × 20 are 400 images; at most 200/, '--grid', 'steps=1-20', 'seed=1-20');
    refused(/Leave out --num-images/, '--num-images', '2', '--grid', 'steps=1,2');
    refused(/image of pixels/, '--output', 'a.svg', '--grid', 'steps=1,2');
  });

  it('draws what needs the same model together', () => {
    const { cells } = planOf('--grid', 'model=a,b', 'steps=1,2', 'lora=none,x');
    const order = drawingOrder(cells).map((index) => {
      const { model, loras } = cells[index]!.request;
      return `${model}${loras ? '+' : ''}`;
    });
    assert.deepEqual(order, ['a', 'a', 'a+', 'a+', 'b', 'b', 'b+', 'b+']);
  });

  it('writes its axes as they can be given again', () => {
    const plan = planOf('--grid', 'prompt=red|dark, red', 'seed=1-3');
    assert.equal(axesText(plan), 'prompt=red|dark, red seed=1,2,3');
  });
});

describe('--prompt-matrix', () => {
  const matrix = (prompt: string, ...args: string[]) =>
    parseGenerate([prompt, '--prompt-matrix', ...args]).grid!;

  it('draws every choice of the parts, in their order', () => {
    const { cells, axes } = matrix('a castle|in autumn|at night|flat');
    assert.deepEqual(
      cells.map(({ request }) => request.prompt),
      [
        'a castle',
        'a castle, in autumn',
        'a castle, at night',
        'a castle, in autumn, at night',
        'a castle, flat',
        'a castle, in autumn, flat',
        'a castle, at night, flat',
        'a castle, in autumn, at night, flat',
      ],
    );
    assert.deepEqual(
      axes.map(({ labels }) => labels.length),
      [4, 2],
    );
    assert.equal(matrix('a|b').axes.length, 1);
  });

  it('goes with an axis, and leaves the choices of --wildcards', () => {
    const { cells } = matrix('a {red|green} apple|flat', '--wildcards', '--grid', 'steps=1,2');
    assert.deepEqual(
      cells.map(({ request }) => [request.prompt, request.steps]),
      [
        ['a {red|green} apple', 1],
        ['a {red|green} apple, flat', 1],
        ['a {red|green} apple', 2],
        ['a {red|green} apple, flat', 2],
      ],
    );
  });

  it('says how where there is nothing to choose, or too much', () => {
    const told = (prompt: string, message: RegExp) =>
      assert.throws(() => matrix(prompt), (thrown) => thrown instanceof EaselError && message.test(thrown.message)); // prettier-ignore
    told('a castle', /put \| between/);
    told('a||b', /put \| between/);
    told('a|1|2|3|4|5|6|7', /128 images; at most 6/);
  });
});

describe('what a grid needs of this machine', () => {
  const defaults = {
    steps: 4,
    guidanceScale: 1,
    width: 64,
    height: 64,
    multiple: 8,
    scheduler: '',
  };
  const entry = (id: string, more: Partial<ModelEntry> = {}): ModelEntry => ({
    ...{ id, path: `/models/${id}`, origin: 'cache', kind: 'pipeline', pipeline: '', family: '' },
    ...{ precision: '', sizeBytes: 0, lastUsedMs: 0, runnable: true, reason: '', defaults },
    ...more,
  });
  const entries = [
    entry('starter', { defaults: { ...defaults, composes: true } }),
    entry('org/good'),
    entry('org/bad', { runnable: false, reason: 'It lacks a part.' }),
  ];
  const code = (wanted: string, message: RegExp) => (thrown: unknown) =>
    thrown instanceof EaselError && thrown.code === wanted && message.test(thrown.message);

  it('are models that are there and run', () => {
    requireModels(planOf('--grid', 'model=starter,org/good,org/good@main'), entries);
    assert.throws(
      () => requireModels(planOf('--grid', 'model=starter,org/none'), entries),
      code('model-not-found', /org\/none.*There are starter, org\/good\./),
    );
    assert.throws(
      () => requireModels(planOf('--grid', 'model=org/bad'), entries),
      code('unsupported-model', /It lacks a part/),
    );
  });

  it('are sizes that the model draws', () => {
    requireSizes(planOf('--grid', 'size=100x100,64x64'), entries);
    requireSizes(planOf('--model', 'org/good', '--grid', 'width=64,72'), entries);
    assert.throws(
      () => requireSizes(planOf('--model', 'org/good', '--grid', 'size=64x64,100x64'), entries),
      code('bad-size', /size=100x64: .*multiples of 8, and 100 is not/),
    );
  });

  it('is time in proportion to the steps and pixels of what is drawn', () => {
    const prompt = 'a cat';
    const [done, left] = [
      [{ prompt, steps: 4 }],
      [
        { prompt, steps: 8 },
        { prompt, steps: 12 },
      ],
    ];
    assert.equal(secondsLeft(2, done, left), 10);
  });
});

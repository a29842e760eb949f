import assert from 'node:assert/strict';
import { precisionFact, preparingFact, TextOutput } from '../../../src/cli/output';
import { ProgressReport } from '../../../src/cli/mcp/progress';
import { ASKED_FOR } from '../../../src/core/request/precision';
import type { LocalSummary } from '../../../src/protocol/engine';

const preparing = { event: 'preparing', component: 'unet', bytes: 8.6e8 } as const;
const kept = { ...preparing, folder: '/home/me/.cache/easel/int8' };

describe('weights that are prepared', () => {
  it('are said with their size and place, before it is done', () => {
    assert.equal(
      preparingFact({ ...kept, share: 0 }),
      'Prepares the weights of unet for int8, once: 860.0 MB, kept in /home/me/.cache/easel/int8.',
    );
    assert.match(preparingFact({ ...preparing, share: 0 }), /for this job: 860\.0 MB\.$/);
  });

  it('are said once in a log, and with their progress on a terminal', () => {
    const written = (isTTY: boolean) => {
      let text = '';
      const write = (more: string) => (text += more) !== '';
      const output = new TextOutput({ isTTY, write }, { isTTY, write });
      for (const share of [0, 0.5, 1]) output.event({ ...kept, share });
      return text;
    };
    assert.equal(written(false), `${preparingFact({ ...kept, share: 0 })}\n`);
    assert.match(written(true), /once: 860\.0 MB.*\n.*0 %.*50 %.*100 %/s);
  });

  it('are progress that grows for clients of the server for agents', () => {
    const report = new ProgressReport();
    const loading = (component: string) =>
      ({ event: 'loading', component, device: 'cpu' }) as const;
    const events = [
      loading('text_encoder'),
      loading('unet'),
      ...[0, 0.5, 1].map((share) => ({ ...kept, share })),
      loading('vae'),
      { event: 'step', index: 1, total: 4, seconds: 1, image: 0 } as const,
    ];
    const told = events.map((event) => report.receive(event));
    for (const [i, one] of told.entries()) {
      assert.ok(one, `event ${i} is told`);
      assert.ok(one.progress > (told[i - 1]?.progress ?? 0));
    }
    assert.match(told[3]?.message ?? '', /unet.*50 % of 860\.0 MB, kept in .*int8/);
  });
});

describe('an image that is not exact', () => {
  const settings = { seed: 7 } as LocalSummary['settings'];

  it('is said with how the exact one is drawn', () => {
    const reason = 'products of bytes are fast here';
    const fact = precisionFact({ precision: 'int8', precisionReason: reason, settings });
    assert.match(fact ?? '', /int8.*products of bytes are fast here.*--precision full --seed 7/);
  });

  it('is not said where it was asked for, or where the image is exact', () => {
    const said = (precision: 'int8' | 'full', precisionReason: string) =>
      precisionFact({ precision, precisionReason, settings });
    assert.equal(said('int8', ASKED_FOR), undefined);
    assert.equal(said('full', 'a small model'), undefined);
  });
});

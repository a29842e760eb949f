import assert from 'node:assert/strict';
import { TextOutput, type SavedImage } from '../../../src/cli/output';
import type { SubjectKnowledge } from '../../../src/core/composition/knowledge';

/** A stream that keeps what is written. */
function recorder() {
  let text = '';
  return {
    isTTY: false,
    columns: 80,
    write: (more: string) => void (text += more),
    read: () => text,
  };
}

function say(...images: readonly (readonly SubjectKnowledge[] | undefined)[]): string {
  const [results, progress] = [recorder(), recorder()];
  const output = new TextOutput(results, progress);
  for (const [image, knowledge] of images.entries()) {
    const saved: SavedImage = { path: `/w/${image}.png`, seed: image, width: 8, height: 8 };
    const file = { bytes: new Uint8Array(), format: 'png' as const, ...saved };
    output.event({
      event: 'image',
      image,
      ...file,
      ...(knowledge && { knowledge }),
    });
    output.image(saved);
  }
  return progress.read();
}

const WALRUS: SubjectKnowledge = { subject: 'walrus', level: 'unknown', nearest: ['seal', 'bear'] };

describe('what the starter may not know, on the command line', () => {
  it('is noted once for all images, with what it knows and what can be done', () => {
    assert.equal(
      say([WALRUS], [WALRUS]),
      'Note: The starter may not know "walrus". It knows: seal, bear. A larger model may know it: --model, after easel models.\n',
    );
  });

  it('is noted for each subject', () => {
    const igloo: SubjectKnowledge = {
      subject: 'igloo',
      level: 'unknown',
      leftOut: true,
      nearest: [],
    };
    assert.match(say([WALRUS, igloo]), /"walrus".*\n.*does not know "igloo" and left it out\./);
  });

  it('is nothing where it knows all, or where a model does not say it', () => {
    assert.equal(say([{ subject: 'cat', level: 'known', nearest: [] }], undefined), '');
  });
});

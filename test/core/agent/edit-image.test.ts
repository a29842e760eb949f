import assert from 'node:assert/strict';
import { editImageRequest, parseEditImage } from '../../../src/core/agent/edit-image';
import { DEFAULT_STYLES } from '../../../src/core/request/styles';

const SIZE = { width: 300, height: 200 };
const DRAWN = { width: 512, height: 512, multiple: 8 };
const DEFAULTS = {
  request: { model: 'org/model' },
  styles: DEFAULT_STYLES,
  style: DEFAULT_STYLES[0]!.name,
};
const files = { image: new Uint8Array([1]), size: SIZE };

describe('edits of agents', () => {
  it('pass on how closely the image is followed', () => {
    const call = parseEditImage({ image: 'a.png', prompt: 'make it snow', imageGuidanceScale: 2 });
    const request = editImageRequest(call, files, DEFAULTS, { ...DRAWN, edits: true });
    assert.equal(request.imageGuidanceScale, 2);
    assert.equal('strength' in request, false);
    assert.deepEqual(request.fit, SIZE);
  });

  it('have the size that a model gives them which makes images larger', () => {
    const call = parseEditImage({ image: 'a.png', prompt: 'a house' });
    const { fit, width, height } = editImageRequest(call, files, DEFAULTS, {
      ...{ ...DRAWN, upscales: 4 },
    });
    assert.deepEqual([fit, width, height], [undefined, undefined, undefined]);
  });

  it("are not put into the user's style where the words say what to change", () => {
    const call = parseEditImage({ image: 'a.png', prompt: 'make it snow' });
    const styleWith = (edits?: true) =>
      editImageRequest(call, files, DEFAULTS, { ...DRAWN, edits }).style?.name;
    assert.equal(styleWith(), DEFAULT_STYLES[0]!.name);
    assert.equal(styleWith(true), undefined);
  });
});

import assert from 'node:assert/strict';
import { fitRequest } from '../../../src/core/endpoints/abilities';
import { PROTOCOLS } from '../../../src/core/endpoints/endpoint';
import { requestField, type FieldName } from '../../../src/core/request/fields';
import { protocolOf } from '../../../src/engine/endpoints/protocols';

const CONTROLS = {
  controlnets: ['org/canny'],
  controlImages: [new Uint8Array([1])],
  controlnetConditioningScale: [0.5],
  controlGuidanceStart: [0.1],
  controlGuidanceEnd: [0.9],
  controlPreprocess: ['canny' as const],
};

describe('endpoints and ControlNets', () => {
  for (const name of PROTOCOLS) {
    it(`${name} refuses each of their fields by its option`, () => {
      const { abilities } = protocolOf(name);
      for (const [field, value] of Object.entries(CONTROLS)) {
        const request = { prompt: 'x', [field]: value };
        assert.throws(() => fitRequest(request, abilities, { endpoint: 'desk' }), {
          code: 'not-supported',
          message: new RegExp(
            `desk does not take --${requestField(field as FieldName).option!.name}\\b`,
          ),
        });
      }
      assert.throws(
        () => fitRequest({ prompt: 'x', ...CONTROLS }, abilities, { endpoint: 'desk' }),
        { message: /--controlnet, --control-image.*added to models of this machine/ },
      );
    });

    it(`${name} leaves all of them out for fronts that fill fields, and says so`, () => {
      const { abilities } = protocolOf(name);
      const options = { endpoint: 'desk', leaveOut: true };
      const fitted = fitRequest({ prompt: 'x', ...CONTROLS }, abilities, options);
      assert.deepEqual(fitted.request, { prompt: 'x' });
      assert.match(fitted.leftOut ?? '', /does not take --controlnet,.*--control-preprocess/);
    });
  }
});

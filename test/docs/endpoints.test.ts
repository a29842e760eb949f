import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseEndpoint, PROTOCOLS } from '../../src/core/endpoints/endpoint';
import { PLACES } from '../../src/core/endpoints/template';
import { ROOT } from '../support/paths';

const page = readFileSync(path.join(ROOT, 'docs', 'ENDPOINTS.md'), 'utf8');
const examples = [...page.matchAll(/^```json\n([^`]+)^```$/gm)].map(
  ([, text]) => JSON.parse(text!) as Record<string, unknown>,
);

describe('docs/ENDPOINTS.md', () => {
  it('has examples that are taken', () => {
    const [graph, ...templates] = examples;
    const endpoint = { name: 'example', url: 'http://127.0.0.1:8000' };
    assert.ok(parseEndpoint({ ...endpoint, protocol: 'comfyui', graph }).graph);
    assert.equal(templates.length, 3);
    for (const template of templates)
      parseEndpoint({ ...endpoint, protocol: 'template', template });
  });

  it('names every protocol and every place', () => {
    for (const protocol of PROTOCOLS) assert.ok(page.includes(`\`${protocol}\``), protocol);
    for (const place of PLACES) assert.ok(page.includes(`{{${place}}}`), place);
  });
});
